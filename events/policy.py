"""Policies: which interface an instance should have, declared once.

A policy matches instances and says what they should have; the subnet is given
per zone, because an interface's subnet must be in its instance's zone.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from events import syntax
from events.attachment import MOST_GROUPS, AddressSpec, Attachment, read_address
from events.cause import Cause
from events.instance import Instance
from events.limits import Limits, read_limits
from events.match import MOST_IDS, Match, read_match
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.request import Options, read_options

MOST_POLICIES = 200
_TWICE = "is wanted by policy {} too, for the same instances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the instances that match should have.

    Attributes:
        name: Names the policy; unique.
        match: Which instances, on which occasion.
        index: The interface's place, or `auto`.
        subnet_ids: The subnet for each zone.
        security_group_ids: One to five groups.
        address: The address; by default an automatic internal one.
        options: How to go about it.
    """

    name: str
    match: Match
    index: str
    subnet_ids: Mapping[str, str]
    security_group_ids: tuple[str, ...]
    address: AddressSpec = AddressSpec()
    options: Options = Options()

    def attachment(self, instance: Instance) -> Attachment | None:
        """Return what *instance* should have; None without a subnet in its zone."""
        subnet_id = self.subnet_ids.get(instance.zone_id)
        if subnet_id is None:
            return None
        return Attachment(
            instance_id=instance.id,
            index=self.index,
            subnet_id=subnet_id,
            security_group_ids=self.security_group_ids,
            address=self.address,
        )

    def contradicts(self, other: "Policy") -> bool:
        """Tell whether it is certain that both want the same index somewhere.

        Certain it is if one means all instances that the other means, in a zone
        where both have a subnet.  For different causes they may agree to want
        the same interface, each in its way.
        """
        mine, theirs = self.match, other.match
        zones = self.zones & other.zones
        if self.index != other.index or self.index == syntax.AUTO or not zones:
            return False
        if not (mine.covers(theirs) or theirs.covers(mine)):
            return False
        return mine.may_share_causes(theirs) or not self._agrees(other, zones)

    @property
    def zones(self) -> set[str]:
        """The zones in which it can be had."""
        zones = set(self.subnet_ids)
        return zones & set(self.match.zone_ids) if self.match.zone_ids else zones

    def _agrees(self, other: "Policy", zones: set[str]) -> bool:
        return (
            all(self.subnet_ids[zone] == other.subnet_ids[zone] for zone in zones)
            and set(self.security_group_ids) == set(other.security_group_ids)
            and self.address == other.address
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """All policies of a deployment, and the limits that bind everyone."""

    policies: tuple[Policy, ...] = ()
    limits: Limits = Limits()

    def matching(self, instance: Instance, cause: Cause) -> tuple[Policy, ...]:
        """Return the policies that mean *instance* on this occasion."""
        return tuple(one for one in self.policies if one.match.fits(instance, cause))

    def named(self, name: str) -> Policy | None:
        """Return the policy of that name, None if there is none."""
        return next((one for one in self.policies if one.name == name), None)

    def among(self, names: Collection[str]) -> "Policies":
        """Return the policies of those names, all of them if there are no names."""
        chosen = (one for one in self.policies if not names or one.name in names)
        return replace(self, policies=tuple(chosen))


def read_policies(text: str) -> Policies:
    """Read policies from JSON.

    Raises:
        InvalidDocumentError: With all violations, each with its JSON path.
    """
    violations: list[Violation] = []
    document = Document.of(read_json(text), "$", violations)
    spec = document.objects("policies", MOST_POLICIES)
    policies = tuple(map(_read_policy, spec))
    limits = read_limits(document)
    document.close()
    if not violations:
        violations += _conflicts(policies)
    if violations:
        raise InvalidDocumentError(*violations)
    return Policies(policies=policies, limits=limits)


def _conflicts(policies: tuple[Policy, ...]) -> Iterator[Violation]:
    """Yield what is wrong with valid policies beside each other."""
    for (_, first), (place, second) in combinations(enumerate(policies), 2):
        path = f"$.policies[{place}]"
        if first.name == second.name:
            yield Violation(path=f"{path}.name", problem="is there twice")
        elif first.contradicts(second):
            yield Violation(
                path=f"{path}.attachment.networkInterfaceIndex",
                problem=_TWICE.format(repr(first.name)),
            )


def _read_policy(document: Document) -> Policy:
    match = read_match(document)
    options = read_options(document)
    name = document.text("name", syntax.resource_id, required=True)
    wanted = document.object("attachment")
    if wanted is None:
        document.wrong("attachment", "is required")
        wanted = Document("", [])
    groups = wanted.texts("securityGroupIds", syntax.resource_id, most=MOST_GROUPS)
    if not groups:
        wanted.wrong("securityGroupIds", "is required")
    policy = Policy(
        name=name,
        match=match,
        index=wanted.text(
            "networkInterfaceIndex", syntax.interface_index, required=True
        ),
        subnet_ids=_read_subnets(wanted),
        security_group_ids=groups,
        address=read_address(wanted) or AddressSpec(),
        options=options,
    )
    wanted.close()
    document.close()
    return policy


def _read_subnets(document: Document) -> dict[str, str]:
    found = {}
    entries = document.entries("subnetIds", syntax.resource_id, most=MOST_IDS)
    for zone_id, path, value in entries:
        problem = "must be a string"
        if isinstance(value, str):
            problem = syntax.resource_id(value) or ""
            found[zone_id] = value
        if problem:
            document.violations.append(Violation(path=path, problem=problem))
    if not entries:
        document.wrong("subnetIds", "is required: an object from zone to subnet")
    return found
