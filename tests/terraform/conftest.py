"""Fixtures for what Terraform does; without Terraform all of it is skipped."""

import json
from datetime import timedelta

import pytest

from tests.terraform.yard import COMPLETE, EXISTING, MINIMAL, PROGRAM, Yard

QUICK = timedelta(seconds=1)


@pytest.fixture(scope="session")
def yard(tmp_path_factory):
    """A yard for all tests that leave it as it was."""
    if PROGRAM is None:
        pytest.skip("there is no terraform on this machine")
    with Yard(tmp_path_factory.mktemp("yard")) as yard:
        yard.init()
        yield yard


@pytest.fixture
def own_yard(tmp_path):
    """A yard for one test."""
    if PROGRAM is None:
        pytest.skip("there is no terraform on this machine")
    with Yard(tmp_path) as yard:
        yard.init()
        yield yard


@pytest.fixture
def town(tmp_path):
    """A yard in which something happens: the cloud goes on by itself."""
    if PROGRAM is None:
        pytest.skip("there is no terraform on this machine")
    with Yard(tmp_path, create=QUICK, stop=QUICK, attach=3 * QUICK) as yard:
        running = yard.thread.begin(yard.cloud.run())
        yard.init()
        yield yard
        running.cancel()


@pytest.fixture(scope="session")
def configured(yard):
    """The module by itself and its examples, initialized and with variables."""
    world = yard.cloud.world
    subnet, group = world.subnets[0], world.security_groups[0].id
    given = {"folder_id": world.folder_id, "bundle": str(yard.bundle)}
    authorizer = yard.tree / COMPLETE / "authorizer.py"
    yard.settings(".", **yard.common())
    yard.settings(MINIMAL, **given, subnet_id=subnet.id, security_group_id=group)
    yard.settings(
        COMPLETE,
        **given,
        subnet_ids={subnet.zone_id: subnet.id},
        security_group_ids=[group],
        network_folder_ids=["b1gnetworks000000000"],
        callers={"orders": "userAccount:ajecaller00000000000"},
        authorizer=yard.zipped("a.zip", {"authorizer.py": authorizer.read_text()}),
    )
    yard.settings(
        EXISTING,
        **given,
        subnet_id=subnet.id,
        audit_log_group_id="e23auditgroup0000000",
    )
    for where in (MINIMAL, COMPLETE, EXISTING):
        yard.init(where)
    return (".", MINIMAL, COMPLETE, EXISTING)


@pytest.fixture(scope="session")
def plans(yard, configured):
    """What each of them would do, by folder."""
    return {where: yard.plan(where) for where in configured}


@pytest.fixture(scope="session")
def applied(yard, configured):
    """What is there after each was applied; destroyed again in the end."""
    assert configured
    states = {}
    for where in (MINIMAL, COMPLETE, EXISTING):
        if where == EXISTING:  # which has a trail's log group already
            outputs = states[MINIMAL]["values"]["root_module"]["child_modules"][0]
            [group] = [
                one["values"]["id"]
                for one in outputs["resources"]
                if one["address"] == "module.nic.yandex_logging_group.audit[0]"
            ]
            file = yard.tree / EXISTING / "test.auto.tfvars.json"
            given = json.loads(file.read_text())
            yard.settings(EXISTING, **given | {"audit_log_group_id": group})
        yard.apply(where)
        states[where] = yard.state(where)
    yield states
    for where in reversed(states):
        yard.destroy(where)
