"""All models of a folder: what a local cloud puts behind its sockets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from fakes.caller import LOCAL, Subject
from fakes.chance import Chance
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.compute.world import World
from fakes.faults import Faults
from fakes.iam import AccessKey, Iam, IamToken
from fakes.logs import LogGroup, Trail
from fakes.queue import GOOD, Manners, MessageQueue
from fakes.stream import Stream
from fakes.tables import Kept
from fakes.triggers.envelope import Place

Destination: TypeAlias = LogGroup | Stream
Found: TypeAlias = Callable[[Chance], World]
"""Makes the world of a folder; what is in it is named by chance."""
BUILT_IN: Final = "nic-attach"
"""The name of the account whose tokens and keys are handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """One folder: models without sockets and without a time of their own.

    Attributes:
        chance: Names everything in it.
        world: What there is.
        compute: Instances and their operations.
        queues: Message Queue.
        iam: Accounts, tokens, keys, roles, and what was used of those.
        account: The built-in service account, an `admin`.
        key: Its static key.
        faults: What goes wrong on purpose, and which calls were seen.
        audit_group: The log group into which the folder's trail writes.
        kept: Where what must not be lost is written; None if that is nowhere.
    """

    chance: Chance
    world: World
    compute: Compute
    queues: MessageQueue
    iam: Iam
    account: Subject
    key: AccessKey
    faults: Faults = field(default_factory=Faults)
    audit_group: LogGroup = field(default_factory=LogGroup)
    kept: Kept | None = None

    def __post_init__(self) -> None:
        self.faults.expire_tokens = self.iam.expire_tokens

    @property
    def place(self) -> Place:
        """Whose events the triggers send."""
        return Place(cloud_id=self.world.cloud_id, folder_id=self.world.folder_id)

    def token(self, now: datetime, account: Subject | None = None) -> IamToken:
        """Return a new token of *account*, by default the built-in one."""
        token = self.iam.issue(account or self.account, now)
        self.write_down()
        return token

    def fresh_token(
        self, now: datetime, account: Subject | None = None
    ) -> tuple[str, int]:
        """Return a new token, as `token`, and for how many seconds it is good."""
        token = self.token(now, account)
        return token.value, (token.expires - now) // timedelta(seconds=1)

    def write_down(self) -> None:
        """Have written, if anything is, what changed: before somebody is told."""
        if self.kept is not None:
            self.kept.commit()

    def add_trail(self, destination: Destination) -> None:
        """Let another trail write the folder's audit events to *destination*."""
        trail = Trail(self.chance.resource_id("cnp"), destination)
        self.compute.audit.subscribe(trail.record)


def new_estate(
    seed: int | None = None,
    *,
    durations: Durations | None = None,
    manners: Manners = GOOD,
    found: Found = starting_world,
) -> Estate:
    """Return a folder with networks, an `admin` with a static key, and a trail.

    Args:
        seed: Makes ids repeat themselves.
        durations: How long operations take.
        manners: How well behaved Message Queue is.
        found: Makes what there is in the beginning.
    """
    chance = Chance(seed)
    world = found(chance)
    iam = Iam(chance, world.folder_id)
    iam.grant(LOCAL, "admin")
    account = iam.create_service_account(BUILT_IN, ["admin"])
    estate = Estate(
        chance=chance,
        world=world,
        compute=Compute(Rules(world=world), chance, durations),
        queues=MessageQueue(
            folder_id=world.folder_id,
            cloud_id=world.cloud_id,
            chance=chance,
            manners=manners,
        ),
        iam=iam,
        account=account,
        key=iam.create_access_key(account),
        faults=Faults(Chance(seed)),
    )
    estate.add_trail(estate.audit_group)
    return estate
