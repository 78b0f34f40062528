"""Policies: which interface an instance should have, declared once.

A policy matches instances and says what they should have; the subnet is given
per zone, because an interface's subnet must be in its instance's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from events import syntax
from events.attachment import MOST_GROUPS, AddressSpec, Attachment, read_address
from events.cause import Cause
from events.instance import Instance
from events.limits import Limits, read_limits
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.request import Options, read_options

_MOST = 200
# A request is no occasion for a policy: it says itself what it wants.
_CAUSES = {cause.value: cause for cause in Cause if cause is not Cause.REQUESTED}
_LONGEST_LABEL = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which instances, on which occasion; what is empty matches all.

    Attributes:
        folder_ids: Any of these folders.
        zone_ids: Any of these zones.
        labels: All of these labels, with these values.
        causes: Any of these causes.
    """

    folder_ids: tuple[str, ...] = ()
    zone_ids: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()

    def fits(self, instance: Instance, cause: Cause) -> bool:
        """Tell whether *instance* is meant, now that *cause* happened to it."""
        return (
            (not self.folder_ids or instance.folder_id in self.folder_ids)
            and (not self.zone_ids or instance.zone_id in self.zone_ids)
            and (not self.causes or cause in self.causes)
            and self.labels.items() <= instance.labels.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the instances that match should have.

    Attributes:
        name: Names the policy; unique.
        match: Which instances, on which occasion.
        index: The interface's place.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """All policies of a deployment, and the limits that bind everyone."""

    policies: tuple[Policy, ...] = ()
    limits: Limits = Limits()

    def matching(self, instance: Instance, cause: Cause) -> tuple[Policy, ...]:
        """Return the policies that mean *instance* on this occasion."""
        return tuple(one for one in self.policies if one.match.fits(instance, cause))


def read_policies(text: str) -> Policies:
    """Read policies from JSON.

    Raises:
        InvalidDocumentError: With all violations, each with its JSON path.
    """
    violations: list[Violation] = []
    document = Document.of(read_json(text), "$", violations)
    policies = tuple(_read_policy(one) for one in document.objects("policies", _MOST))
    limits = read_limits(document)
    document.close()
    names = [policy.name for policy in policies]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            path = f"$.policies[{place}].name"
            violations.append(Violation(path=path, problem="is there twice"))
    if violations:
        raise InvalidDocumentError(*violations)
    return Policies(policies=policies, limits=limits)


def _read_policy(document: Document) -> Policy:
    match = _read_match(document)
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
        subnet_ids=_read_texts(wanted, "subnetIds", syntax.resource_id),
        security_group_ids=groups,
        address=read_address(wanted) or AddressSpec(),
        options=options,
    )
    if not policy.subnet_ids:
        wanted.wrong("subnetIds", "is required: an object from zone to subnet")
    wanted.close()
    document.close()
    return policy


def _read_match(document: Document) -> Match:
    spec = document.object("match")
    if spec is None:
        return Match()
    causes = spec.texts("causes", _cause, most=len(_CAUSES))
    match = Match(
        folder_ids=spec.texts("folderIds", syntax.resource_id, most=_MOST),
        zone_ids=spec.texts("zoneIds", syntax.resource_id, most=_MOST),
        labels=_read_texts(spec, "labels", _label),
        causes=tuple(_CAUSES[cause] for cause in causes),
    )
    spec.close()
    return match


def _cause(value: str) -> str | None:
    return None if value in _CAUSES else "must be one of " + ", ".join(_CAUSES)


def _label(value: str) -> str | None:
    return None if len(value) <= _LONGEST_LABEL else "is too long for a label"


def _read_texts(document: Document, name: str, allowed: Any) -> dict[str, str]:
    """Take an object whose names are free, such as labels, and values strings."""
    value = document.take(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        document.wrong(name, "must be an object")
        return {}
    for key, item in value.items():
        problem = allowed(item) if isinstance(item, str) else "must be a string"
        if problem:
            document.wrong(f"{name}[{key!r}]", problem)
    return {key: item for key, item in value.items() if isinstance(item, str)}
