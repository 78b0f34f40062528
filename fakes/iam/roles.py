"""Roles: which permissions each one brings, as its page in the documentation says.

A page tells in words what its role allows; which permissions that is, by the
names in `needs`, is ours to say.  Only what some call here needs is listed: that
a role has no permission here does not make it useless in the cloud.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role, and all that comes with it.

    Attributes:
        name: As it is bound.
        source: The page that tells what it allows, in yandex-cloud/docs.
        permissions: Those that are listed here.
        everything: True if it allows what no role here lists, too.
        assumed: What of this the page does not say; '' if it says all.
    """

    name: str
    source: str
    permissions: frozenset[str]
    everything: bool = False
    assumed: str = ""

    def allows(self, permission: str) -> bool:
        """Tell whether it brings *permission*."""
        if permission in self.permissions:
            return True
        return self.everything and permission not in _EVERY


def _named(prefix: str, verbs: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{verb}" for verb in verbs.split())


_SEE_COMPUTE: Final = (
    _named("compute.instances", "get list") | _named("compute.operations", "get list")
)  # fmt: skip
_SEE_VPC: Final = (
    _named("vpc.networks", "get list")
    | _named("vpc.subnets", "get list listUsedAddresses")
    | _named("vpc.securityGroups", "get list")
    | _named("vpc.addresses", "get list")
    | _named("vpc.operations", "list")
    # "View information on resource operations for Compute Cloud."
    | _named("compute.operations", "get")
)
_SEE_QUEUES: Final = _named("ymq.queues", "getAttributes getUrl list")
_BINDINGS: Final = _named("compute.instances", "setAccessBindings updateAccessBindings")
_INVOKE: Final = _named("serverless.functions", "invoke")


_ROLES: Final[dict[str, Role]] = {}


def _role(  # noqa: PLR0913 - a row of the table below
    name: str,
    page: str,
    permissions: Iterable[str] = (),
    *,
    includes: str = "",
    everything: bool = False,
    assumed: str = "",
) -> None:
    inherited = (_ROLES[one].permissions for one in includes.split())
    _ROLES[name] = Role(
        name=name,
        source=f"en/_roles/{page}.md",
        permissions=frozenset(permissions).union(*inherited),
        everything=everything,
        assumed=assumed,
    )


_role("compute.auditor", "compute/auditor", _SEE_COMPUTE)
_role(
    "compute.viewer",
    "compute/viewer",
    _named("compute.instances", "getMetadata getSerialPortOutput listAccessBindings"),
    includes="compute.auditor",
)
_role(
    "compute.operator",
    "compute/operator",
    _named("compute.instances", "start stop restart"),
    includes="compute.viewer",
)
_role("vpc.auditor", "vpc/auditor", _SEE_VPC)
_role("vpc.viewer", "vpc/viewer", includes="vpc.auditor")
_role(
    "vpc.user",
    "vpc/user",
    ("vpc.subnets.use", "vpc.securityGroups.use", "vpc.addresses.use"),
    includes="vpc.viewer",
)
_role(
    "compute.editor",
    "compute/editor",
    (
        *_named("compute.instances", "create update delete start stop restart"),
        "compute.operations.cancel",
    ),
    includes="compute.viewer vpc.user",
)
_role("compute.admin", "compute/admin", _BINDINGS, includes="compute.editor")
_role(
    "vpc.securityGroups.user",
    "vpc/securityGroups/user",
    ("vpc.securityGroups.use",),
    includes="vpc.viewer",
)
_role(
    "vpc.securityGroups.admin",
    "vpc/securityGroups/admin",
    _named("vpc.securityGroups", "create update updateRules updateRule delete"),
    includes="vpc.viewer",
)
_role(
    "vpc.externalAddresses.user",
    "vpc/externalAddresses/user",
    _named("vpc.addresses", "get list use"),
    assumed="that 'managing the external network connectivity' is not to give an"
    " interface a public address",
)
_role(
    "vpc.privateAdmin",
    "vpc/privateAdmin",
    (
        *_named("vpc.networks", "create update delete"),
        *_named("vpc.subnets", "create update delete"),
        *_named("vpc.addresses", "create createInternal"),
    ),
    includes="vpc.viewer",
)
_role(
    "vpc.publicAdmin",
    "vpc/publicAdmin",
    (
        *_named("vpc.addresses", "create update delete"),
        *_named("vpc.addresses", "createExternal deleteExternal"),
        "vpc.subnets.update",
    ),
    includes="vpc.viewer",
    assumed="that a reserved address is to be used with vpc.user besides",
)
_role(
    "vpc.admin",
    "vpc/admin",
    includes="vpc.privateAdmin vpc.publicAdmin vpc.securityGroups.admin",
    assumed="that it cannot use a subnet: the page names no vpc.user",
)
_role(
    "ymq.reader",
    "ymq/reader",
    (
        *_named("ymq.messages", "changeVisibility delete receive"),
        *_named("ymq.queues", "listDeadLetterSourceQueues purge"),
        *_SEE_QUEUES,
    ),
)
_role(
    "ymq.writer",
    "ymq/writer",
    ("ymq.messages.send", "ymq.queues.create", *_SEE_QUEUES),
)
_role(
    "ymq.admin",
    "ymq/admin",
    _named("ymq.queues", "delete setAttributes"),
    includes="ymq.reader ymq.writer",
)
_role("functions.functionInvoker", "functions/functionInvoker", _INVOKE)
_role(
    "serverless.functions.invoker",
    "functions/functionInvoker",
    _INVOKE,
    assumed="that the name on older pages means the same",
)
_role("functions.auditor", "functions/auditor")
_role("functions.viewer", "functions/viewer", includes="functions.auditor")
_role("functions.editor", "functions/editor", _INVOKE, includes="functions.viewer")
_role("functions.admin", "functions/admin", includes="functions.editor")
_role("iam.serviceAccounts.user", "iam/serviceAccounts/user")
_role("logging.viewer", "logging/viewer")
_role(
    "logging.reader",
    "logging/reader",
    ("logging.records.read",),
    includes="logging.viewer",
)
_role(
    "logging.writer",
    "logging/writer",
    ("logging.records.write",),
    includes="logging.viewer",
)
_role("audit-trails.viewer", "audit-trails/viewer", ("audit-trails.events.read",))
_role("lockbox.payloadViewer", "lockbox/payloadViewer", ("lockbox.payloads.get",))
_role(
    "auditor",
    "primitive-roles/auditor",
    _SEE_QUEUES,
    includes="compute.auditor vpc.auditor functions.auditor",
    assumed="that queues count as metadata",
)
_role(
    "viewer",
    "primitive-roles/viewer",
    includes="auditor compute.viewer vpc.viewer functions.viewer logging.viewer",
    assumed="that to receive a message is not to read",
)
_EVERY: Final = frozenset().union(*(one.permissions for one in _ROLES.values()))
_role("editor", "primitive-roles/editor", _EVERY - _BINDINGS, everything=True)
_role("admin", "primitive-roles/admin", _EVERY, everything=True)

ROLES: Final[Mapping[str, Role]] = _ROLES
"""All roles that can be bound, by name."""
