"""Roles bring what their pages in the documentation say."""

import pytest

from fakes.iam import ROLES
from fakes.iam.least import least_roles

ATTACH = {
    "compute.instances.update",
    "vpc.subnets.use",
    "vpc.securityGroups.use",
}


def who_allows(permission):
    return {role.name for role in ROLES.values() if role.allows(permission)}


@pytest.mark.parametrize(
    ("permission", "narrowest", "not_enough"),
    [
        ("compute.instances.get", "compute.auditor", "vpc.viewer"),
        ("compute.instances.getMetadata", "compute.viewer", "compute.auditor"),
        ("compute.operations.get", "vpc.auditor", "ymq.reader"),
        ("compute.instances.stop", "compute.operator", "compute.viewer"),
        ("compute.instances.update", "compute.editor", "compute.operator"),
        ("compute.instances.setAccessBindings", "compute.admin", "editor"),
        ("vpc.subnets.get", "vpc.auditor", "compute.operator"),
        ("vpc.subnets.use", "vpc.user", "vpc.viewer"),
        ("vpc.securityGroups.use", "vpc.securityGroups.user", "vpc.publicAdmin"),
        ("vpc.addresses.createExternal", "vpc.publicAdmin", "compute.editor"),
        ("vpc.addresses.createInternal", "vpc.privateAdmin", "vpc.publicAdmin"),
        ("vpc.networks.create", "vpc.privateAdmin", "vpc.user"),
        ("vpc.subnets.delete", "vpc.privateAdmin", "vpc.publicAdmin"),
        ("vpc.securityGroups.create", "vpc.securityGroups.admin", "vpc.privateAdmin"),
        ("ymq.messages.send", "ymq.writer", "ymq.reader"),
        ("ymq.queues.create", "ymq.writer", "ymq.reader"),
        ("ymq.messages.receive", "ymq.reader", "ymq.writer"),
        ("ymq.queues.purge", "ymq.reader", "ymq.writer"),
        ("ymq.queues.setAttributes", "ymq.admin", "ymq.writer"),
        ("ymq.queues.list", "ymq.writer", "compute.admin"),
        ("serverless.functions.invoke", "functions.functionInvoker", "viewer"),
    ],
)
def test_a_role_goes_so_far_and_no_further(permission, narrowest, not_enough):
    """One role allows it, the one next to it does not, an admin always does."""
    allowing = who_allows(permission)
    assert {narrowest, "admin"} <= allowing
    assert not_enough not in allowing


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("compute.viewer", "compute.auditor"),
        ("compute.operator", "compute.viewer"),
        ("compute.editor", "compute.viewer"),
        ("compute.editor", "vpc.user"),
        ("compute.admin", "compute.editor"),
        ("vpc.viewer", "vpc.auditor"),
        ("vpc.user", "vpc.viewer"),
        ("vpc.publicAdmin", "vpc.viewer"),
        ("vpc.admin", "vpc.publicAdmin"),
        ("ymq.admin", "ymq.reader"),
        ("ymq.admin", "ymq.writer"),
        ("functions.editor", "functions.viewer"),
        ("viewer", "auditor"),
        ("editor", "viewer"),
        ("admin", "editor"),
    ],
)
def test_a_role_includes_another(wide, narrow):
    """As its page says."""
    assert ROLES[narrow].permissions <= ROLES[wide].permissions


def test_every_role_names_its_page():
    """Whoever doubts a row can look it up."""
    assert all(role.source.startswith("en/_roles/") for role in ROLES.values())
    assert {name for name, role in ROLES.items() if role.assumed} == {
        "auditor",
        "serverless.functions.invoker",
        "viewer",
        "vpc.admin",
        "vpc.externalAddresses.user",
        "vpc.publicAdmin",
    }


@pytest.mark.parametrize(
    ("used", "roles"),
    [
        (set(), ()),
        ({"compute.instances.get"}, ("compute.auditor",)),
        (ATTACH, ("compute.editor",)),
        (
            ATTACH | {"vpc.addresses.createExternal"},
            ("compute.editor", "vpc.publicAdmin"),
        ),
        ({"ymq.messages.send"}, ("ymq.writer",)),
        ({"ymq.messages.send", "ymq.messages.receive"}, ("ymq.reader", "ymq.writer")),
        (
            {"compute.instances.get", "vpc.subnets.get"},
            ("compute.auditor", "vpc.auditor"),
        ),
        ({"compute.instances.get", "some.thing.new"}, ("editor",)),
        ({"compute.instances.setAccessBindings", "some.thing.new"}, ("admin",)),
    ],
)
def test_the_least_roles_allow_as_little_as_can_be(used, roles):
    """Two narrow roles come before a wide one; all of them only for the unknown."""
    assert least_roles(used) == roles
