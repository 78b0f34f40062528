"""Triggers and gateways that Terraform makes call what they may, and nobody else."""

import asyncio
import http.client
import json
from datetime import timedelta

import pytest

from fakes.logs import LogEntry
from fakes.queue import NewMessage
from tests.contract.kinds_bench import played

V1, V2 = "function_trigger", "serverless_triggers"
HEARS = "def handle(event, context):\n    print('heard')\n"
FAILS = "def handle(event, context):\n    print('heard')\n    raise ValueError\n"
INVOKER = "functions.functionInvoker"


class Place:
    """A function, an account that may call it, and sources."""

    async def made(self, bench, text=HEARS, *roles):
        content = [{"zip_filename": bench.bundle(text)}]
        self.bench = bench
        self.function = (await bench.function(content=content))["id"]
        self.account = await bench.account("caller", *roles)
        await bench.create(
            "function_iam_member",
            function_id=self.function,
            role=INVOKER,
            member=f"serviceAccount:{self.account}",
        )
        self.queue = await bench.queue("source")
        self.dead = await bench.queue("dead")
        self.group = await bench.group()
        return self

    def target(self, **more):
        return [{"id": self.function, "service_account_id": self.account, **more}]

    def source(self, **more):
        given = {"queue_id": self.queue["arn"], "service_account_id": self.account}
        return [{**given, "batch_size": "10", "batch_cutoff": "0", **more}]

    def dlq(self):
        account = self.account
        return [{"queue_id": self.dead["arn"], "service_account_id": account}]

    def action(self, **more):
        target = {"function_id": self.function, "service_account_id": self.account}
        return [{"invoke_function": target, **more}]

    def buried(self):
        queue = {"queue_arn": self.dead["arn"], "service_account_id": self.account}
        return {"dead_letter_queue": queue}

    def send(self, text="x"):
        queue = self.bench.cloud.queues.by_arn(self.queue["arn"])
        queue.send(NewMessage(body=text), self.bench.clock.now())

    def write(self, level="INFO", **payload):
        self.bench.site.groups[self.group].write(
            LogEntry(
                timestamp=self.bench.clock.now(),
                level=level,
                message="m",
                resource_type="t",
                resource_id="r",
                json_payload=payload,
            )
        )

    async def turn(self, seconds=1, times=1):
        for _ in range(times):
            self.bench.clock.advance(timedelta(seconds=seconds))
            await self.bench.cloud.pass_time()

    @property
    def heard(self):
        return sum(line == "heard" for _, line in self.bench.lines)

    def left(self, queue):
        found = self.bench.cloud.queues.by_arn(queue["arn"])
        return sum(found.counters(self.bench.clock.now()).values())

    def revoke(self, role, place=None):
        account = self.bench.cloud.iam.account(self.account)
        self.bench.cloud.iam.revoke(account, role, place)


@played
async def test_a_queue_is_read_with_its_role(bench):
    """Messages go with a call, and stay without the role; a trigger can be changed, and
    calls no more once it is deleted.
    """
    place = await Place().made(bench, HEARS, "ymq.reader")
    given = {"name": "t", "function": place.target()}
    trigger = await bench.create(V1, message_queue=place.source(), **given)
    place.send()
    await place.turn()
    assert (place.heard, place.left(place.queue)) == (1, 0)
    place.revoke("ymq.reader")
    place.send()
    await place.turn(30, times=3)
    assert (place.heard, place.left(place.queue)) == (1, 1)
    caller = bench.cloud.iam.account(place.account)
    bench.cloud.iam.grant(caller, "ymq.reader")
    changed = await bench.update(
        V1, trigger, message_queue=place.source(batch_size="5", batch_cutoff="10")
    )
    await place.turn(5)
    assert place.heard == 1  # the batch is waited for
    await place.turn(10)
    assert place.heard == 2
    assert await bench.kind(V1).read(changed) == changed
    await bench.kind(V1).delete(changed)
    await bench.kind(V1).delete(changed)
    assert await bench.kind(V1).read(changed) is None
    place.send()
    await place.turn(30, times=2)
    assert (place.heard, place.left(place.queue)) == (2, 1)


@played
async def test_a_call_takes_the_role_of_the_caller(bench):
    """Without it no code runs, and the messages come back."""
    place = await Place().made(bench, HEARS, "ymq.reader")
    await bench.create(
        V1, name="t", function=place.target(), message_queue=place.source()
    )
    place.revoke(INVOKER, place.function)
    place.send()
    await place.turn(31, times=3)
    assert (place.heard, place.left(place.queue)) == (0, 1)
    deployed = bench.site.functions[place.function]
    deployed.public = True
    await place.turn(31, times=1)
    assert (place.heard, place.left(place.queue)) == (1, 0)


@played
async def test_a_trigger_hides_messages_as_long_as_it_says(bench):
    """Its own visibility timeout counts, not the queue's."""
    place = await Place().made(bench, FAILS, "ymq.reader")
    await bench.create(
        V1,
        name="t",
        function=place.target(),
        message_queue=place.source(visibility_timeout="100"),
    )
    place.send()
    await place.turn()
    await place.turn(60)
    assert place.heard == 1
    await place.turn(60)
    assert place.heard == 2


@played
async def test_a_timer_calls_and_its_failures_are_buried(bench):
    """After its retries, by an account that may write to the queue of dead letters."""
    place = await Place().made(bench, FAILS, "ymq.writer")
    retried = place.target(retry_attempts="2", retry_interval="10")
    timer = [{"cron_expression": "* * ? * * *", "payload": "now"}]
    trigger = await bench.create(
        V1, name="t", function=retried, timer=timer, dlq=place.dlq()
    )
    await place.turn(60)
    await place.turn(10, times=2)
    assert (place.heard, place.left(place.dead)) == (3, 1)
    place.revoke("ymq.writer")
    await place.turn(40)
    await place.turn(10, times=3)
    assert place.left(place.dead) == 1  # the other one is lost
    alone = await bench.update(V1, trigger, function=place.target(), dlq=[])
    heard = place.heard
    await place.turn(60)
    assert place.heard == heard + 1  # once, and never again
    await bench.kind(V1).delete(alone)


@played
async def test_a_log_group_is_read_with_its_role(bench):
    """By levels and resources, with `logging.reader`."""
    place = await Place().made(bench, HEARS, "logging.reader")
    source = {
        "group_id": place.group,
        "batch_cutoff": "1",
        "levels": ["ERROR"],
        "resource_types": ["t"],
        "resource_ids": ["r"],
    }
    trigger = await bench.create(
        V1, name="t", function=place.target(), logging=[source]
    )
    assert trigger["logging"][0]["batch_size"] == "1"
    place.write()
    place.write("ERROR")
    await place.turn(2, times=2)
    assert place.heard == 1
    place.revoke("logging.reader")
    place.write("ERROR")
    await place.turn(2, times=2)
    assert place.heard == 1
    await bench.kind(V1).delete(trigger)
    bench.cloud.iam.grant(bench.cloud.iam.account(place.account), "logging.reader")
    place.write("ERROR")
    await place.turn(2, times=2)
    assert place.heard == 1


@played
async def test_a_filter_lets_only_true_pass(bench):
    """An entry for which the program gives something else, or fails, is dropped."""
    place = await Place().made(bench, HEARS, "logging.reader")
    logging = {"log_group_id": place.group, "batch_settings": {"cutoff": "1s"}}
    program = '.json_payload.kind | if . == "e" then error("no") else test("^y") end'
    trigger = await bench.create(
        V2,
        name="ttt",
        source={"logging": logging},
        action=place.action(filter={"jq": program}),
    )
    for kind in ("no", "e", 7, "yes"):
        place.write(kind=kind)
        await place.turn(2, times=2)
    assert place.heard == 1
    assert await bench.kind(V2).read(trigger) == trigger
    await bench.update(V2, trigger, action=place.action())
    place.write(kind="no")
    await place.turn(2, times=2)
    assert place.heard == 2
    await bench.kind(V2).delete(trigger)
    assert await bench.kind(V2).read(trigger) is None


@played
async def test_the_second_generation_has_queues_and_timers_too(bench):
    """With several actions, retries and dead letters of their own."""
    place = await Place().made(bench, FAILS, "ymq.reader", "ymq.writer")
    queue = {"queue_arn": place.queue["arn"], "service_account_id": place.account}
    batch = {"cutoff": "0s", "max_count": 10}
    reads = await bench.create(
        V2,
        name="qqq",
        source={"ymq": {**queue, "batch_settings": batch, "visibility_timeout": "9s"}},
        action=place.action(),
    )
    place.send()
    await place.turn()
    assert place.heard == 1
    await bench.update(V2, reads, name="rrr")
    await bench.kind(V2).delete(reads)
    retry = {"retry_policy": {"interval": "10s", "retry_attempts": 1}}
    await bench.create(
        V2,
        name="ttt",
        source={"timer": {"cron_expression": "* * ? * * *", "payload": "p"}},
        action=[
            *place.action(**retry, dead_letter=place.buried()),
            *place.action(),
        ],
    )
    await place.turn(60)
    await place.turn(10)
    assert place.heard == 4
    assert place.left(place.dead) == 1
    [letter] = bench.cloud.queues.by_arn(place.dead["arn"]).receive(bench.clock.now())
    assert json.loads(letter.body)["messages"][0]["details"]["payload"] == "p"


WRONG_V1 = [
    ({"timer": []}, "Unknown rule type", ""),
    ({"timer": [{"cron_expression": "* * * * *"}]}, "", "timer"),
    ({"function": []}, "the local cloud calls functions only", ""),
    ({"function": [{"id": "d4e"}]}, "function d4e is not there", "function"),
    ({"function": {"retry_attempts": "6"}}, "'6' is not a whole number", "function"),
    (
        {"function": {"retry_attempts": "2", "retry_interval": "5"}},
        "interval must be from 10 seconds",
        "function",
    ),
    (
        {"function": {"retry_attempts": "2", "retry_interval": "x"}},
        "'x' is not a duration",
        "function",
    ),
    ({"dlq": [{"queue_id": "yrn:x"}]}, "queue yrn:x is not there", "dlq"),
    ({"queue": {"queue_id": "yrn:x"}}, "queue yrn:x is not there", "message_queue"),
    ({"queue": {"batch_size": "0"}}, "'0' is not a whole number", "message_queue"),
    ({"queue": {"batch_cutoff": "21"}}, "'21' is not a whole number", "message_queue"),
    ({"queue": {}, "dlq": True}, "a queue's trigger takes neither", "dlq"),
    (
        {"queue": {}, "function": {"retry_attempts": "2"}},
        "a queue's trigger takes neither",
        "function",
    ),
    ({"logging": {"stream_names": ["s"]}}, "the local cloud's entries", "logging"),
    ({"logging": {"group_id": "e23"}}, "log group e23 is not there", "logging"),
    ({"logging": {"batch_cutoff": "61"}}, "'61' is not a whole number", "logging"),
]


@pytest.mark.parametrize(("change", "message", "at"), WRONG_V1)
def test_a_trigger_that_cannot_be_is_refused(change, message, at):
    """With what is wrong and where; nothing calls then."""

    @played
    async def story(bench):
        place = await Place().made(bench, HEARS)
        values = {
            "name": "t",
            "function": place.target(),
            "timer": [{"cron_expression": "* * ? * * *"}],
        }
        changes = dict(change)
        if (queue := changes.pop("queue", None)) is not None:
            values |= {"timer": [], "message_queue": place.source(**queue)}
        if (logging := changes.pop("logging", None)) is not None:
            source = {"group_id": place.group, "batch_cutoff": "1", **logging}
            values |= {"timer": [], "logging": [source]}
        if isinstance(changes.get("function"), dict):
            changes["function"] = place.target(**changes["function"])
        if changes.get("dlq") is True:
            changes["dlq"] = place.dlq()
        told = await bench.refused(bench.create(V1, **values | changes))
        assert told[0].startswith(message)
        assert told[1] == at
        await place.turn(60)
        assert place.heard == 0

    story()


WRONG_V2 = [
    ({"source": {}}, "one source is needed", "source"),
    ({"source": {"yds": {}}}, "one source is needed", "source"),
    ({"action": []}, "an action is needed", "action"),
    ({"action": [{"start_workflow": {}}]}, "the local cloud calls functions", "action"),
    ({"more": {"transformer": {"jq": "."}}}, "the local cloud calls", "action"),
    ({"more": {"filter": {"jq": "."}}}, "the local cloud filters", "action"),
    ({"logs": {"stream_name": ["s"]}}, "the local cloud's entries", "source"),
    ({"logs": {}, "more": {"filter": {"jq": "("}}}, "the filter cannot", "action"),
    (
        {"logs": {"batch_settings": {"cutoff": "2m"}}},
        "cutoff must be from 1 second to 1 minute",
        "source",
    ),
    ({"queue": {}, "retried": True}, "a queue's trigger takes neither", "action"),
    ({"queue": {"queue_arn": "fifo"}}, "", "source"),
]


@pytest.mark.parametrize(("change", "message", "at"), WRONG_V2)
def test_one_of_the_second_generation_is_refused_too(change, message, at):
    """With what is wrong and where."""

    @played
    async def story(bench):
        place = await Place().made(bench, HEARS)
        more = dict(change.get("more", {}))
        if change.get("retried"):
            more["retry_policy"] = {"interval": "10s", "retry_attempts": 1}
        values = {
            "name": "ttt",
            "source": {"timer": {"cron_expression": "* * ? * * *"}},
            "action": place.action(**more),
        }
        if (logs := change.get("logs")) is not None:
            logging = {"log_group_id": place.group, **logs}
            values["source"] = {"logging": logging}
        if (queue := change.get("queue")) is not None:
            arn = place.queue["arn"]
            if queue.get("queue_arn") == "fifo":
                fifo = await bench.queue("a.fifo", fifo_queue=True)
                arn = fifo["arn"]
            values["source"] = {"ymq": {"queue_arn": arn}}
        given = {one: change[one] for one in ("source", "action") if one in change}
        values |= given
        told = await bench.refused(bench.create(V2, **values))
        assert told[0].startswith(message)
        assert told[1] == at

    story()


@played
async def test_a_queue_has_one_trigger(bench):
    """Of either generation, until that one is gone."""
    place = await Place().made(bench, HEARS, "ymq.reader")
    given = {"name": "t", "function": place.target()}
    first = await bench.create(V1, message_queue=place.source(), **given)
    ymq = {"queue_arn": place.queue["arn"], "service_account_id": place.account}
    second = {"name": "sss", "source": {"ymq": ymq}, "action": place.action()}
    told = await bench.refused(bench.create(V2, **second))
    assert told[0].endswith(f"has a trigger already: {first['id']}")
    await bench.update(V1, first, description="the same queue")
    assert (await bench.refused(bench.create(V2, **second))) is not None
    await bench.kind(V1).delete(first)
    await bench.create(V2, **second)


SPEC = {
    "openapi": "3.0.0",
    "paths": {
        "/things/{id}": {
            "post": {
                "operationId": "change",
                "parameters": [
                    {"name": "id", "in": "path"},
                    {"name": "how", "in": "query"},
                ],
                "x-yc-apigateway-integration": {"type": "cloud_functions"},
            }
        }
    },
    "components": {
        "securitySchemes": {
            "caller": {"x-yc-apigateway-authorizer": {"type": "function"}}
        }
    },
}
NOBODY = """
paths:
  /a:
    get:
      x-yc-apigateway-integration: {type: cloud_functions, function_id: d4e}
"""
BY_JWT = """
components: {securitySchemes: {a: {x-yc-apigateway-authorizer: {type: jwt}}}}
paths:
  /a:
    get:
      security: [{a: []}]
      x-yc-apigateway-integration: {type: cloud_functions, function_id: ID}
"""
ANSWERS = """
def handle(event, context):
    who = event["requestContext"].get("authorizer")
    return {"statusCode": 200, "body": event["params"]["id"] + str(who)}
"""
LETS_IN = """
def handle(event, context):
    token = event["headers"].get("Authorization")
    return {"isAuthorized": token == "Bearer good", "context": {"who": "me"}}
"""


@played
async def test_a_gateway_answers_by_its_specification(bench):
    """Functions and authorizers are called with the gateway's own role; a changed one
    answers otherwise, a deleted one not at all.
    """
    account = await bench.account("gateway")
    member = {"role": INVOKER, "member": f"serviceAccount:{account}"}
    ids = {}
    for name, text in (("main", ANSWERS), ("authorizer", LETS_IN)):
        content = [{"zip_filename": bench.bundle(text)}]
        ids[name] = (await bench.function(name, content=content))["id"]
        await bench.create("function_iam_member", function_id=ids[name], **member)
    spec = json.loads(json.dumps(SPEC))
    operation = spec["paths"]["/things/{id}"]["post"]
    operation["x-yc-apigateway-integration"] |= {
        "function_id": ids["main"],
        "service_account_id": account,
    }
    gateway = await bench.create("api_gateway", name="g", spec=json.dumps(spec))

    async def ask(token=None):
        def call():
            connection = http.client.HTTPConnection(gateway["domain"], timeout=20)
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            connection.request("POST", "/things/7", headers=headers)
            found = connection.getresponse()
            text = found.read().decode()
            connection.close()
            return found.status, text

        return await asyncio.to_thread(call)

    assert await ask() == (200, "7None")
    scheme = spec["components"]["securitySchemes"]["caller"]
    scheme["x-yc-apigateway-authorizer"] |= {
        "function_id": ids["authorizer"],
        "service_account_id": account,
    }
    operation["security"] = [{"caller": []}]
    changed = await bench.update("api_gateway", gateway, spec=json.dumps(spec))
    assert (await ask())[0] == 401
    assert (await ask("bad"))[0] == 403
    assert await ask("good") == (200, "7{'who': 'me'}")
    bench.cloud.iam.revoke(bench.cloud.iam.account(account), INVOKER, ids["main"])
    assert (await ask("good"))[0] >= 500
    kind = bench.kind("api_gateway")
    assert await kind.read(changed) == changed
    await kind.delete(changed)
    assert await kind.read(changed) is None
    assert (await ask("good"))[0] == 404


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the specification cannot be understood"),
        ("[]", "the specification cannot be understood"),
        ("paths: {/a: {get: {}}}", "the specification cannot be understood"),
        (
            "paths: {/a: {get: {x-yc-apigateway-integration: {type: dummy}}}}",
            "/a: the local cloud's gateways call functions only",
        ),
        (
            NOBODY,
            "function d4e is not there",
        ),
        (
            BY_JWT,
            "a: the local cloud's authorizers are functions",
        ),
    ],
)
def test_a_specification_that_says_nothing_known_is_refused(text, message):
    """JSON or YAML, with what is wrong."""

    @played
    async def story(bench):
        spec = text.replace("ID", (await bench.function())["id"])
        told = await bench.refused(bench.create("api_gateway", name="g", spec=spec))
        assert told[0].startswith(message)
        assert told[1] == "spec"

    story()
