"""`nic demo --terraform` deploys by Terraform, and Terraform's errors are told."""

import asyncio
import json
import re
import shutil
from datetime import timedelta

import click
import pytest

from cli import demo
from cli.terraform import Terraform
from fakes.compute.settings import Durations
from tests.hurried_clock import HurriedClock

PATIENCE = 120
QUICK = Durations.all(timedelta(milliseconds=100))

needs_terraform = pytest.mark.skipif(
    shutil.which("terraform") is None, reason="there is no terraform on this machine"
)


@needs_terraform
@pytest.mark.filterwarnings(
    "ignore:Call to deprecated class RetryInterceptor:DeprecationWarning"
)
def test_the_story_is_the_same(capsys):
    """Nine steps in order: the bundle, the module, both interfaces, and all of it gone
    in the end.
    """
    story = demo._demo(QUICK, HurriedClock(), terraform=True)
    assert asyncio.run(asyncio.wait_for(story, PATIENCE)) is True
    told, brace, document = capsys.readouterr().out.partition("\n{\n")
    steps = re.findall(r"\[(\d)/(\d)\]", told)
    assert steps == [(str(number), "9") for number in range(1, 10)]
    assert re.findall(r"received the outcome:? ([a-z-]+)", told) == ["attached"] * 2
    assert "Apply complete! Resources: 49 added" in told
    assert "Destroy complete! Resources: 49 destroyed" in told
    assert "on_task        settled" in told  # by the function's name in the code
    assert json.loads(brace + document)["data"]["verdict"] == "attached"


def terraform(folder, lines=None):
    on_line = (lines if lines is not None else []).append
    return Terraform(folder=folder, provider={}, on_line=on_line)


@needs_terraform
def test_what_it_prints_is_told_line_by_line(tmp_path):
    """And returned whole."""
    (tmp_path / "main.tf").write_text('output "a" { value = "b" }\n')
    lines = []
    own = terraform(tmp_path, lines)
    asyncio.run(own.run("init"))
    asyncio.run(own.run("apply", "-auto-approve"))
    assert any(line.startswith("Apply complete!") for line in lines)
    assert json.loads(asyncio.run(own.run("output", "-json", "a"))) == "b"


@needs_terraform
def test_its_error_is_told(tmp_path):
    """With the command that failed."""
    (tmp_path / "main.tf").write_text("nonsense {\n")
    with pytest.raises(click.ClickException, match="terraform init failed:") as caught:
        asyncio.run(terraform(tmp_path).run("init"))
    assert "main.tf line 1" in caught.value.message


def test_without_terraform_that_is_told(tmp_path, monkeypatch):
    """It is not this project's to bring."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(click.ClickException, match="there is no terraform"):
        asyncio.run(terraform(tmp_path).run("init"))
