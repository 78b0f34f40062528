"""How the live suite behaves: without a folder, and in a rehearsal in real time."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.compute.settings import Durations
from fakes.endpoints import write_endpoints
from fakes.fidelity import rules

ROOT = Path(__file__).parents[2]
SOME = "invented_handle or wrong_token or busy_instance or running_instance"
IDS = {one.id for found in rules().values() for one in found}


def live(only, **given):
    """Run those of the suite whose names fit; return what pytest says."""
    ours = {"PATH", "HOME"} & set(os.environ)  # noqa: TID251 - nobody's own folder
    command = [sys.executable, "-m", "pytest", "-q", "-m", "live", "tests/live"]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [*command, "-p", "no:cacheprovider", "-k", only],
        cwd=ROOT,
        env={name: os.environ[name] for name in ours} | given,  # noqa: TID251
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def test_without_a_folder_all_of_it_is_skipped():
    """And one is told what to give."""
    said = live("invented_handle")
    assert "1 skipped" in said
    for name in ("YC_IAM_TOKEN or YC_SERVICE_ACCOUNT_KEY_FILE", "LIVE_INSTANCE_ID"):
        assert name in said


@pytest.mark.local_cloud(
    clock="real", durations=Durations.all(timedelta(milliseconds=500))
)
def test_it_can_be_rehearsed(cloud, queues, tmp_path):
    """It signs in with a key, waits in real time, cleans up, and reports nothing."""
    stage, key = tmp_path / "cloud.json", tmp_path / "key.json"
    cloud.call(write_endpoints, cloud.local, stage, tmp_path / "ca.pem")
    key.write_text(json.dumps(cloud.call(cloud.local.service_account_key)))
    found, instance_id = cloud.endpoints, cloud.create_instance("live")
    report = tmp_path / "report.json"
    said = live(
        SOME,
        LIVE_ENDPOINTS=str(stage),
        YC_SERVICE_ACCOUNT_KEY_FILE=str(key),
        YC_FOLDER_ID=found["folder_id"],
        LIVE_INSTANCE_ID=instance_id,
        LIVE_SUBNET_ID=found["subnets"]["ru-central1-a"],
        LIVE_SECURITY_GROUP_ID=found["security_group_id"],
        LIVE_QUEUE_URL=queues.create("live"),
        LIVE_QUEUE_KEY_ID=found["access_key_id"],
        LIVE_QUEUE_KEY_SECRET=found["secret_access_key"],
        LIVE_REPORT=str(report),
    )
    assert "3 passed, 1 skipped" in said
    assert "LIVE_RUNNING_INSTANCE_ID" in said
    assert "rehearsed on a local cloud" in said
    assert "iam.refused mq.delete.code operation.one" in said
    assert not report.exists()
    assert len(cloud.instance(instance_id).network_interfaces) == 1


def test_what_it_confirms_are_rules():
    """So that the day can be put beside them."""
    text = "".join(file.read_text() for file in (ROOT / "tests/live").glob("test_*.py"))
    named = [
        one
        for marks in re.findall(r"confirms\((.*?)\)", text)
        for one in marks.split(", ")
    ]
    assert len(named) > 20
    assert {one.strip('"') for one in named} <= IDS
