"""The same tests against two targets: the local cloud and, `-m live`, a real folder."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DetachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from tests.live.target import local_target, missing, real_target

CONFIRMED = pytest.StashKey[set[str]]()
GIVEN = dict(os.environ)  # noqa: TID251 - the credentials of the real folder


def pytest_configure(config):
    config.stash[CONFIRMED] = set()


@pytest.fixture(scope="session")
def real():
    lacking = missing(GIVEN)
    if lacking:
        pytest.skip(f"no real folder: set {', '.join(lacking)}")
    return real_target(GIVEN)


@pytest.fixture(params=["local", pytest.param("real", marks=pytest.mark.live)])
def target(request):
    if request.param == "real":
        return request.getfixturevalue("real")
    return local_target(request.getfixturevalue("cloud"))


@pytest.fixture
def instances(target):
    return target.sdk.client(InstanceServiceStub)


@pytest.fixture
def instance(target, instances):
    """The stopped instance; whatever was attached to it is detached in the end."""
    request = GetInstanceRequest(instance_id=target.instance_id)
    before = instances.Get(request)
    if before.status != Instance.Status.STOPPED or len(before.network_interfaces) > 1:
        pytest.fail("LIVE_INSTANCE_ID must be stopped, with one interface at index 0")
    yield before
    resting = Instance.Status.STOPPED
    target.pass_until(lambda: instances.Get(request).status == resting)
    for one in instances.Get(request).network_interfaces:
        if one.index != before.network_interfaces[0].index:
            detachment = DetachInstanceNetworkInterfaceRequest(
                instance_id=before.id, network_interface_index=one.index
            )
            target.finish(instances.DetachNetworkInterface(detachment))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Remember the rules that a test confirmed on the real service."""
    report = yield
    if report.when == "call" and report.passed and item.get_closest_marker("live"):
        for marker in item.iter_markers("confirms"):
            item.config.stash[CONFIRMED].update(marker.args)
    return report


def pytest_terminal_summary(terminalreporter, config):
    """Tell them, and write them to LIVE_REPORT, with the day."""
    confirmed = sorted(config.stash[CONFIRMED])
    if not confirmed:
        return
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 - the day of the call
    rehearsal = bool(GIVEN.get("LIVE_ENDPOINTS"))
    where = "rehearsed on a local cloud" if rehearsal else "confirmed on the real cloud"
    terminalreporter.section(where)
    terminalreporter.write_line(" ".join(confirmed))
    if GIVEN.get("LIVE_REPORT") and not rehearsal:
        text = json.dumps(dict.fromkeys(confirmed, today), indent=1)
        Path(GIVEN["LIVE_REPORT"]).write_text(text + "\n")
