"""Values for tests: the samples, plausible defaults, and generators of any value."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from events.attachment import AddressSpec, Attachment, DnsRecord, Nat
from events.cause import Cause, Occasion, Origin
from events.decision import FinalPower
from events.instance import Instance, Interface
from events.match import Match
from events.policy import Policy
from events.reading import Document
from events.request import Options, Request
from events.sighting import OperationSeen
from events.sweep import Sweep
from events.task import Task
from events.wish import Wish
from functions._ports import QueueError

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def document(value):
    """Return a document to read, and the list that its violations go to."""
    violations = []
    return Document.of(value, "$", violations), violations


def attachment(**changes):
    default = Attachment(
        instance_id="fhm4k9v2c7t1x5n8w3qd",
        index="1",
        subnet_id="e9b2w6k9c4x1t7v5n3qd",
        security_group_ids=("enp5k1c8x3t6w9v2n4qd",),
    )
    return replace(default, **changes)


def request(**changes):
    return replace(Request(id="request-1", attachment=attachment()), **changes)


def task(**changes):
    origin = Origin(cause=Cause.REQUESTED, event_id="event-1")
    return replace(Task(request=request(), origin=origin, created=NOW), **changes)


def interface(**changes):
    default = Interface(
        index="1",
        subnet_id="e9b2w6k9c4x1t7v5n3qd",
        security_group_ids=frozenset({"enp5k1c8x3t6w9v2n4qd"}),
        address=AddressSpec(),
    )
    return replace(default, **changes)


def instance(**changes):
    default = Instance(
        id="fhm4k9v2c7t1x5n8w3qd",
        name="web-1",
        folder_id="b1gf3k8s6n1w5r9j2h7c",
        zone_id="ru-central1-a",
        status="STOPPED",
        labels={"nic": "mgmt"},
        interfaces=(interface(index="0"),),
    )
    return replace(default, **changes)


def operation(**changes):
    default = OperationSeen(
        id="fhm-operation-1",
        done=True,
        instance_id="fhm4k9v2c7t1x5n8w3qd",
        index="1",
        code="",
        message="",
        created=None,
        ended=None,
        strange=False,
        json={"id": "fhm-operation-1", "done": True},
    )
    return replace(default, **changes)


def policy(**changes):
    default = Policy(
        name="mgmt",
        match=Match(),
        index="1",
        subnet_ids={"ru-central1-a": "e9b2w6k9c4x1t7v5n3qd"},
        security_group_ids=("enp5k1c8x3t6w9v2n4qd",),
    )
    return replace(default, **changes)


def occasion(**changes):
    default = Occasion(
        event_id="event-1",
        cause=Cause.STOPPED,
        instance_id="fhm4k9v2c7t1x5n8w3qd",
    )
    return replace(default, **changes)


def wish(**changes):
    asked = occasion(cause=Cause.REQUESTED)
    default = Wish(id="request-1", policy="mgmt", occasion=asked, created=NOW)
    return replace(default, **changes)


def sweep(**changes):
    default = Sweep(id="timer-1", created=NOW, folder_ids=("folder-1",), room=100)
    return replace(default, **changes)


class Mailbox:
    """Keeps what was sent; refuses everything once it is full."""

    def __init__(self, *, full=None):
        self.full = QueueError if full is True else full
        self.sent = []

    def send(self, body, *, after=timedelta(0), attributes=None, label=None):
        if self.full:
            msg = "full"
            raise self.full(msg)
        message = {"body": json.loads(body), "after": after, "attributes": attributes}
        self.sent.append({**message, "label": label})

    def send_all(self, messages):
        for one in messages:
            self.send(
                one.body, after=one.after, attributes=one.attributes, label=one.label
            )


# Anything that JSON can say, and more: lone surrogates, infinities, NUL.
texts = st.text(st.characters(codec=None, categories=None), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)


def nested(depth):
    """Return a list in a list in a list and so on."""
    value = []
    for _ in range(depth):
        value = [value]
    return value


ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}", fullmatch=True)
addresses = st.just("") | st.ip_addresses(v=4).map(str)
records = st.lists(
    st.builds(
        DnsRecord,
        fqdn=st.from_regex(r"[a-z0-9_]{1,9}(\.[a-z0-9_]{1,9}){0,3}\.?", fullmatch=True),
        dns_zone_id=st.just("") | ids,
        ttl=st.integers(0, 86400),
        ptr=st.booleans(),
    ),
    max_size=3,
).map(tuple)
nats = st.builds(Nat, address=addresses, dns_records=records) | st.builds(
    Nat, ip_version=st.sampled_from(["", "IPV4"]), dns_records=records
)
attachments = st.builds(
    Attachment,
    instance_id=ids,
    index=st.integers(0, 99).map(str),
    subnet_id=ids,
    security_group_ids=st.lists(ids, min_size=1, max_size=5, unique=True).map(tuple),
    address=st.none()
    | st.builds(
        AddressSpec, address=addresses, nat=st.none() | nats, dns_records=records
    ),
)
names = st.from_regex(r"[A-Za-z0-9_.:/-]{1,100}", fullmatch=True)
options = st.builds(
    Options,
    stop_if_running=st.booleans(),
    final_power=st.sampled_from(FinalPower),
    timeout=st.integers(1, 86400).map(lambda count: timedelta(seconds=count)),
    dry_run=st.booleans(),
)
requests = st.builds(Request, id=names, attachment=attachments, options=options)
