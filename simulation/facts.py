"""What a schedule did, as the world saw it: for promises to judge by.

None of it comes from the code under test, but for the name under which a call is
made, which is in every line that code logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulation.cloud import Cloud

GRACE = timedelta(hours=1)
_DEFAULT_TIMEOUT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that was accepted.

    Attributes:
        id: Its name.
        instance_id: The instance; '' if it cannot be understood.
        index: The interface's place, or `auto`.
        subnet_id: The subnet.
        groups: The security groups.
        created: When it was accepted.
        again: When it was accepted last: a call over HTTP may be repeated.
        timeout: After which nothing new is begun.
        may_stop: Whether a running instance may be stopped.
        final: The power wanted in the end.
        dry: Whether nothing may be touched.
        policy: The policy that wants it, '' for none.
        valid: Whether it keeps to the contract.
    """

    id: str
    instance_id: str
    index: str
    subnet_id: str
    groups: frozenset[str]
    created: datetime
    again: datetime
    timeout: timedelta = _DEFAULT_TIMEOUT
    may_stop: bool = False
    final: str = "as-found"
    dry: bool = False
    policy: str = ""
    valid: bool = True

    @property
    def due(self) -> datetime:
        """When it is late, for whoever accepted it first."""
        return self.created + self.timeout

    @property
    def ends(self) -> datetime:
        """When it is late for everybody."""
        return self.again + self.timeout

    @property
    def hopeless(self) -> datetime:
        """When what has not ended is left alone."""
        return self.due + GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """An operation that the handlers asked for, and were or were not told of.

    Attributes:
        moment: When.
        looked: When the function's call began that asked for it.
        step: `attach`, `stop` or `start`.
        request_id: For which request.
        instance_id: On which instance.
        index: To which interface, if it is an attach.
        count: The generation, or how often a start was tried anew.
        key: The idempotency key.
        operation_id: What the API began, or had begun before.
        new: Whether it was begun by this very call.
        deployed: The version of the policies that the call went by.
    """

    moment: datetime
    looked: datetime
    step: str
    request_id: str
    instance_id: str
    index: str
    count: int
    key: str
    operation_id: str
    new: bool
    deployed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An outcome on the results queue.

    Attributes:
        moment: When.
        since: From which place in the cloud's past on it may be true.
        fresh: The same, if all looks had been up to date.
        known: How many operations had begun when the function's call did.
        event: The CloudEvent.
    """

    moment: datetime
    known: int
    since: int
    fresh: int
    event: Mapping[str, Any]

    def __hash__(self) -> int:
        """Return a hash of the parts that have one."""
        return hash((self.moment, self.request_id, self.verdict))

    @property
    def request_id(self) -> str:
        """The request that it answers."""
        return str(self.event["id"])

    @property
    def verdict(self) -> str:
        """How the request ended."""
        return str(self.event["data"]["verdict"])

    @property
    def reason(self) -> str:
        """Why it ended so."""
        return str(self.event["data"]["reason"])

    @property
    def looks(self) -> int:
        """How often the handlers looked."""
        return int(self.event["data"]["looks"])

    @property
    def policy_only(self) -> bool:
        """Whether it answers an event or a timer, which nobody made a request of."""
        cause = self.event["data"]["origin"].get("cause", "requested")
        return str(cause) != "requested"

    @property
    def index(self) -> str:
        """The interface's place, where one was named or chosen."""
        return str(self.event.get("subject", "")).partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Somebody else changed the power of an instance, or took it away."""

    moment: datetime
    instance_id: str


@dataclass(slots=True)
class Facts:
    """All that happened so far.

    Attributes:
        cloud: How everything is, and was.
        wanted: The accepted requests by their names.
        asked: Those, and such that may have been accepted.
        began: Operations of ours.
        published: Outcomes, in their order.
        acted: What others did.
        failures: What functions failed with, beside a queue that did not answer.
        limits: What each version of the policies allows.
    """

    cloud: Cloud
    wanted: dict[str, Wanted] = field(default_factory=dict)
    asked: dict[str, Wanted] = field(default_factory=dict)
    began: list[Began] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    acted: list[Acted] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    limits: list["Bounds"] = field(default_factory=list)

    def firsts(self) -> dict[str, Published]:
        """Return the first outcome of every request."""
        found: dict[str, Published] = {}
        for one in self.published:
            found.setdefault(one.request_id, one)
        return found

    def last_word(self, request_id: str) -> datetime:
        """Return when a request was answered last, or the present if it was not."""
        found = (it.moment for it in self.published if it.request_id == request_id)
        return max(found, default=self.cloud.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one version of the policies allows.

    Attributes:
        folder: Whether the folder may be touched.
        subnet: Whether the subnet may be used.
    """

    folder: bool = True
    subnet: bool = True


def wanted_of(document: Mapping[str, Any], name: str, moment: datetime) -> Wanted:
    """Return what a request in the wire's JSON wants."""
    options = document.get("options", {})
    seconds = str(options.get("timeout", "3600s"))[:-1]
    state = document.get("task", {})
    return Wanted(
        id=str(document.get("requestId", name)),
        instance_id=str(document.get("instanceId", "")),
        index=str(document.get("networkInterfaceIndex", "")),
        subnet_id=str(document.get("subnetId", "")),
        groups=frozenset(document.get("securityGroupIds", ())),
        created=moment,
        again=moment,
        timeout=timedelta(seconds=int(seconds)),
        may_stop=bool(options.get("stopIfRunning")),
        final=str(options.get("finalPower", "as-found")),
        dry=bool(options.get("dryRun")),
        policy=str(state.get("policy") or document.get("policy") or ""),
    )
