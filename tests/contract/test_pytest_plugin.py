"""The fixtures, as another repository has them: each claim in a session of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# Loaded here, so that sessions within this one find them and leave them be.
import fakes.sandbox
from fakes import pytest_plugin

pytest_plugins = ["pytester"]

README = Path(fakes.__file__).with_name("README.md")
EXAMPLE = re.compile(r"<!-- example -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def example():
    [found] = EXAMPLE.findall(README.read_text())
    return found


@pytest.fixture
def outcomes(pytester):
    """Run tests in a repository of their own; tell how many ended how."""

    def run(source, *options):
        pytester.makepyfile(source)
        found = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
        return found.parseoutcomes()

    return run


def elsewhere(folder, source):
    """Run tests in another process, with warnings as errors; tell what it says."""
    (folder / "test_it.py").write_text(source)
    names = {"PATH", "HOME"} & set(os.environ)  # noqa: TID251 - a clean one for others
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-W", "error"],
        cwd=folder,
        env={name: os.environ[name] for name in names},  # noqa: TID251
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def test_the_plugin_is_found(pytestconfig):
    """Whoever installs the package has it."""
    assert pytestconfig.pluginmanager.get_plugin("local_cloud") is pytest_plugin


def test_the_example_of_the_readme_works_elsewhere(tmp_path, example):
    """As it stands there, in five lines."""
    _, _, body = example.partition("):\n")
    assert len(body.strip().splitlines()) == 5
    assert "1 passed" in elsewhere(tmp_path, example)


def test_who_does_not_use_it_loads_nothing_of_it(tmp_path):
    """Neither the cloud nor gRPC."""
    source = """
import sys

def test_nothing():
    assert not {"fakes.cloud", "fakes.sandbox", "grpc", "yandex"} & set(sys.modules)
"""
    assert "1 passed" in elsewhere(tmp_path, source)


def test_each_test_has_a_cloud_in_which_nothing_happened(outcomes):
    """Instances, messages, faults and time of the first are gone; names are as then."""
    source = """
    from datetime import timedelta
    import pytest
    from fakes.errors import Code
    from fakes.faults import Fault
    known = []

    @pytest.mark.parametrize("turn", ["first", "second"])
    def test_the_same_again(cloud, clock, queues, turn):
        instance_id, url = cloud.create_instance("web"), queues.create("tasks")
        known.append((instance_id, url, clock.now()))
        *names, begun = known[-1]
        assert names == list(known[0][:-1])
        assert begun - known[0][-1] < timedelta(minutes=1)
        assert cloud.faults.seen == []
        assert queues.count(url) == 0
        queues.send(url, "hello")
        cloud.faults.add(Fault(method="Get", code=Code.INTERNAL, times=9))
        clock.turn(timedelta(days=1))
        assert clock.now() == begun + timedelta(days=1)
    """
    assert outcomes(source) == {"passed": 2}


def test_time_is_virtual_by_default(outcomes):
    """It stands still, then passes at once, with operations and all."""
    source = """
    from datetime import timedelta
    import pytest
    from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

    def test_hours(cloud, clock, sdk):
        instance_id, begun = cloud.create_instance("web"), clock.now()
        sdk.client(InstanceServiceStub).AttachNetworkInterface(cloud.attachment(instance_id))
        attached = lambda: len(cloud.instance(instance_id).network_interfaces) == 2
        assert not attached()
        clock.wait_for(attached)
        assert timedelta(seconds=3) < clock.now() - begun < timedelta(seconds=5)
        clock.turn(timedelta(hours=13))
        sdk.client(InstanceServiceStub)
        with pytest.raises(TimeoutError):
            clock.wait_for(lambda: False)
    """
    assert outcomes(source) == {"passed": 1}


def test_time_can_be_real(outcomes):
    """For one test by a marker; then the SDK may wait for itself."""
    source = """
    from datetime import timedelta
    import pytest
    from yandex.cloud.compute.v1.instance_pb2 import Instance
    from yandex.cloud.compute.v1.instance_service_pb2 import (
        StartInstanceRequest, StopInstanceRequest,
    )
    from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
    from fakes.compute.settings import Durations

    QUICK = Durations.all(timedelta(milliseconds=50))

    @pytest.mark.filterwarnings("ignore:Call to deprecated class:DeprecationWarning")
    @pytest.mark.local_cloud(clock="real", durations=QUICK, seed=2)
    def test_waiting(cloud, clock, sdk):
        instances, running = sdk.client(InstanceServiceStub), Instance.Status.RUNNING
        request = StartInstanceRequest(instance_id=cloud.create_instance("web"))
        begun = instances.Start(request)
        done = sdk.wait_operation_and_get_result(begun, response_type=Instance)
        assert done.response.status == running
        instances.Stop(StopInstanceRequest(instance_id=request.instance_id))
        seen = lambda: cloud.instance(request.instance_id).status
        clock.wait_for(lambda: seen() == Instance.Status.STOPPED)
        another = cloud.create_instance("other", running=True)
        assert cloud.instance(another).status == running
        with pytest.raises(RuntimeError, match="real"):
            clock.turn(timedelta(seconds=1))
        with pytest.raises(TimeoutError):
            clock.wait_for(lambda: False, timedelta(milliseconds=50))

    def test_turning(clock):
        clock.turn(timedelta(seconds=1))
    """
    assert outcomes(source) == {"passed": 2}


def test_time_can_be_real_for_all(outcomes):
    """By an option of pytest; there is no third kind of time."""
    source = """
    import pytest

    def test_real(clock):
        with pytest.raises(RuntimeError):
            clock.turn(None)
    """
    assert outcomes(source, "-o", "local_cloud_clock=real") == {"passed": 1}
    assert outcomes(source, "-o", "local_cloud_clock=unreal") == {"errors": 1}


def test_what_goes_in_at_one_side_comes_out_at_the_other(outcomes):
    """SQS clients with the cloud's environment see the messages of `queues`."""
    source = """
    import boto3

    def test_messages(cloud, queues):
        found = cloud.environment
        sqs = boto3.client(
            "sqs",
            endpoint_url=found["AWS_ENDPOINT_URL_SQS"],
            region_name=found["AWS_DEFAULT_REGION"],
            aws_access_key_id=found["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=found["AWS_SECRET_ACCESS_KEY"],
        )
        url = queues.create("tasks")
        queues.send(url, "one")
        sqs.send_message(QueueUrl=url, MessageBody="two")
        assert queues.count(url) == 2
        assert set(queues.take(url)) == {"one", "two"}
        assert queues.take(url) == []
        sqs.close()
    """
    assert outcomes(source) == {"passed": 1}


def test_fixtures_of_the_same_name_come_first(outcomes):
    """A repository that has a `cloud` of its own keeps it."""
    source = """
    import pytest

    @pytest.fixture
    def cloud():
        return "mine"

    def test_own(cloud):
        assert cloud == "mine"
    """
    assert outcomes(source) == {"passed": 1}
