"""Where a schedule begins: which instances, which policies, and what is asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from events.policy import Policies, read_policies
from fakes.chance import Chance
from fakes.compute.settings import Limits
from fakes.queue import Manners, NewMessage
from simulation.cloud import START, Cloud
from simulation.dice import Dice
from simulation.facts import Bounds, Wanted, wanted_of
from simulation.wires import TASKS

POLICY: Final = "mgmt"
_INDEXES: Final = ("1", "1", "1", "auto")
_FINALS: Final = ("as-found", "as-found", "running", "stopped")
_TIMEOUTS: Final = ("", "", "60s", "5s")
# How many operations may run at once.
_QUOTAS: Final = (15, 15, 15, 1)
_BATCHES: Final = (1, 1, 1, 3)
_WAYS: Final = (*["queue"] * 11, "http", "http", "wish", "event", "sweep")
_ROUGH: Final = Manners(unordered=True, duplicates=0.5)


class Fateful(Chance):
    """Names things the same every time, and leaves the rest to the dice."""

    def __init__(self, dice: Dice) -> None:
        super().__init__(2)
        self._dice = dice

    def happens(self, probability: float) -> bool:
        """Let the dice tell whether something does, if it can at all."""
        return probability > 0 and self._dice.draw("again:copy", 2) == 1

    def below(self, bound: int) -> int:
        """Let the dice choose."""
        return self._dice.draw("order:message", bound) if bound > 1 else 0


@dataclass(slots=True, kw_only=True)
class Scene:
    """Where a schedule begins.

    Attributes:
        cloud: The models.
        batch_size: How many messages one call gets at most.
        listens: Whether audit events are delivered.
        wanted: What is asked for of the queue.
        http: Calls over HTTP, by the request's name.
        stops: Instances that somebody stops at the beginning.
        sweeps: Whether a timer begins a sweep.
    """

    cloud: Cloud
    batch_size: int
    listens: bool = False
    wanted: list[Wanted] = field(default_factory=list)
    http: dict[str, dict[str, Any]] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    sweeps: bool = False


def set_scene(dice: Dice) -> Scene:
    """Choose where to begin, and ask for one or two interfaces."""

    def pick(name: str, options: tuple[Any, ...]) -> Any:
        return options[dice.draw(f"scene:{name}", len(options))]

    running = (pick("running", (False, True)), pick("running", (False, True)))
    cloud = Cloud(
        Fateful(dice),
        limits=Limits(operations=pick("quota", _QUOTAS)),
        running=running,
        manners=_ROUGH,
    )
    scene = Scene(cloud=cloud, batch_size=pick("batch", _BATCHES))
    for number in range(pick("requests", (1, 1, 1, 2))):
        _WAY[pick("way", _WAYS)](scene, dice, f"request-{number}")
    return scene


def policies_of(cloud: Cloud, bounds: Bounds) -> Policies:
    """Return the policies of a deployment that allows *bounds*."""
    wanted = {
        "name": POLICY,
        "match": {"labels": {"nic": "mgmt"}},
        "attachment": {
            "networkInterfaceIndex": "1",
            "subnetIds": {"ru-central1-a": cloud.subnet_id},
            "securityGroupIds": [cloud.group_id],
        },
    }
    limits: dict[str, Any] = {}
    if not bounds.folder:
        limits["folderIds"] = ["another-folder"]
    if not bounds.subnet:
        limits["subnetIds"] = ["another-subnet"]
    return _read(json.dumps({"policies": [wanted], "limits": limits}))


_READ: dict[str, Policies] = {}


def _read(text: str) -> Policies:
    if text not in _READ:
        _READ[text] = read_policies(text)
    return _READ[text]


def _instance(scene: Scene, dice: Dice) -> str:
    ids = scene.cloud.instance_ids
    return ids[dice.draw("scene:instance", 4) == len(ids) + 1]


def _request(scene: Scene, dice: Dice, name: str) -> dict[str, Any]:
    def pick(what: str, options: tuple[str, ...]) -> str:
        return options[dice.draw(f"scene:{what}", len(options))]

    options: dict[str, Any] = {
        "stopIfRunning": pick("stop", ("", "yes")) == "yes",
        "finalPower": pick("final", _FINALS),
        "timeout": pick("timeout", _TIMEOUTS) or "3600s",
        "dryRun": dice.draw("scene:dry", 20) == 1,
    }
    return {
        "requestId": name,
        "instanceId": _instance(scene, dice),
        "networkInterfaceIndex": pick("index", _INDEXES),
        "subnetId": scene.cloud.subnet_id,
        "securityGroupIds": [scene.cloud.group_id],
        "options": options,
    }


def _by_queue(scene: Scene, dice: Dice, name: str) -> None:
    request = _request(scene, dice, name)
    spoilt = dice.draw("scene:spoilt", 24)
    if spoilt == 1:
        # As a later version may write it, read after going back to this one.
        request["task"] = {"v": 2, "reservedFor": "later"}
    _put(scene, dice, request, valid=spoilt != 1)


def _by_wish(scene: Scene, dice: Dice, name: str) -> None:
    wish = {
        "requestId": name,
        "instanceId": _instance(scene, dice),
        "policy": POLICY,
    }
    _put(scene, dice, wish)
    scene.wanted[-1] = replace(
        scene.wanted[-1],
        index="1",
        subnet_id=scene.cloud.subnet_id,
        groups=frozenset({scene.cloud.group_id}),
    )


def _put(
    scene: Scene, dice: Dice, request: Mapping[str, Any], *, valid: bool = True
) -> None:
    body = json.dumps(request)
    for _ in range((1, 1, 1, 2)[dice.draw("scene:copies", 4)]):
        scene.cloud.queues[TASKS].send(NewMessage(body=body), scene.cloud.now)
    found = wanted_of(request, "", START)
    scene.wanted.append(found if valid else _invalid(found))


def _invalid(found: Wanted) -> Wanted:
    return replace(found, instance_id="", index="", subnet_id="", valid=False)


def _by_http(scene: Scene, dice: Dice, name: str) -> None:
    request = _request(scene, dice, name)
    if dice.draw("scene:plain", 2) == 0:
        del request["options"]
    scene.http[name] = request


def _by_event(scene: Scene, dice: Dice, _name: str) -> None:
    scene.listens = True
    scene.stops.append(_instance(scene, dice))


def _by_sweep(scene: Scene, _dice: Dice, _name: str) -> None:
    scene.sweeps = True


_WAY: Final = {
    "queue": _by_queue,
    "wish": _by_wish,
    "http": _by_http,
    "event": _by_event,
    "sweep": _by_sweep,
}
