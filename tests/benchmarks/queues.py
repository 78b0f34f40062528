"""How fast queues are, beside other fakes, and as they grow.

What counts is the CPU time of the servers: client and machine are the same for
all, and what others do on the machine at the time is no part of it.
"""

import contextlib
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.asking import Client, Service
from tests.benchmarks.figures import Figure
from tests.benchmarks.peers import peers
from tests.benchmarks.processes import local_cloud

_ACTIONS = {"SendMessage": {"MessageBody": "x"}, "ReceiveMessage": {}}
_ROUNDS = 3
_REQUESTS = 500  # fewer than there are messages: none is received twice
_MESSAGES = 1000
_SMALL, _LARGE, _MANY = 10_000, 100_000, 3000
_FLAT = 0.8


def figures():
    """Yield the rates of all, ours against the best, and those of a long queue."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = _service(stack.enter_context(local_cloud(folder)))
        services = (ours, *stack.enter_context(peers()))
        closing = [stack.enter_context(contextlib.closing(Client(s))) for s in services]
        rates = _rates(closing)
        for action in _ACTIONS:
            yield from _beside(action, rates)
        for action, wish in _ACTIONS.items():
            yield _growing(closing[0], action, wish)


def _service(cloud):
    return Service(
        name="nic cloud",
        pid=cloud.pid,
        address=urlsplit(cloud.endpoints["queue"]).netloc,
        key_id=cloud.endpoints["access_key_id"],
        secret=cloud.endpoints["secret_access_key"],
        region="ru-central1",
    )


def _rates(clients):
    """Return requests per second of CPU time, by action and service.

    All take turns, so that whatever happens meanwhile happens to all.
    """
    asked, spent = defaultdict(int), defaultdict(float)
    for number in range(_ROUNDS):
        for client in clients:
            url = client.create(f"round-{number}")
            client.fill(url, _MESSAGES)
            for action, wish in _ACTIONS.items():
                count, seconds = client.measure(action, url, _REQUESTS, **wish)
                asked[action, client.service.name] += count
                spent[action, client.service.name] += seconds
    return {key: count / spent[key] for key, count in asked.items()}


def _beside(action, rates):
    found = {name: rate for (what, name), rate in rates.items() if what == action}
    for name, rate in found.items():
        yield Figure(
            name=f"{action}: {name}, per second of CPU time",
            measured=rate,
            unit="/s",
            digits=0,
        )
    ours = found.pop("nic cloud")
    best = max(found, key=found.__getitem__)
    yield Figure(
        name=f"{action}: beside the best other fake, {best}",
        measured=ours / found[best],
        unit="times",
        digits=1,
        at_least=5,
    )


def _growing(client, action, wish):
    rates = []
    for size in (_SMALL, _LARGE):
        url = client.create(f"{action}-{size}")
        client.fill(url, size)
        count, seconds = client.measure(action, url, _MANY, **wish)
        rates.append(count / seconds)
    return Figure(
        name=f"{action}: with {_LARGE} messages beside {_SMALL}",
        measured=rates[1] / rates[0],
        unit="times",
        at_least=_FLAT,
    )
