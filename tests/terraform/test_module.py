"""The module is valid, is applied whole, and goes without a trace."""

import json
import re
import subprocess

import pytest

from tests.terraform.yard import (
    COMPLETE,
    EXISTING,
    MINIMAL,
    MODULE,
    PROGRAM,
    TerraformError,
)

ERRORS = re.compile(r"^ *error_message *=", re.MULTILINE)
CHECKED = re.compile(r'^variable "(\w+)"(.*?)^}', re.MULTILINE | re.DOTALL)
DESCRIBED = re.compile(
    r'^(variable|output) "(\w+)" \{(.*?)^}', re.MULTILINE | re.DOTALL
)
EXPECTED = re.compile(r"expect_failures *= *\[([^\]]*)\]")


def test_everything_is_formatted():
    """As `terraform fmt` has it, examples and tests too."""
    if PROGRAM is None:
        pytest.skip("there is no terraform on this machine")
    done = subprocess.run(  # noqa: S603 - Terraform
        [PROGRAM, "fmt", "-check", "-recursive", str(MODULE)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("where", [".", MINIMAL, COMPLETE, EXISTING])
def test_it_is_valid(yard, configured, where):
    """The module by itself, and each example."""
    assert where in configured
    assert "Success!" in yard.terraform(where, "validate")


def test_its_own_tests_pass(yard, configured):
    """Whatever is wrong fails at plan, and says so."""
    assert configured
    told = yard.terraform(".", "test")
    assert re.search(r"Success! \d+ passed, 0 failed", told)


def test_every_validation_is_tried():
    """For each variable, and for what all functions need, there are as many failing
    runs as there are checks.
    """
    runs = "\n".join(file.read_text() for file in (MODULE / "tests").iterdir())
    failing = re.findall(r"[\w.]+", " ".join(EXPECTED.findall(runs)))
    files = [file.read_text() for file in sorted(MODULE.glob("*.tf"))]
    variables = dict(pair for text in files for pair in CHECKED.findall(text))
    assert variables
    for name, body in variables.items():
        tried = failing.count(f"var.{name}")
        assert tried >= len(ERRORS.findall(body)), name
    conditions = "\n".join(files).count("precondition {")
    # A bundle that is too large is tried below.
    assert failing.count("yandex_logging_group.functions") >= conditions - 1


def test_what_is_documented_is_all_there_is():
    """Every variable and output has a description, every variable a type."""
    text = "\n".join(file.read_text() for file in sorted(MODULE.rglob("*.tf")))
    blocks = DESCRIBED.findall(text)
    assert len(blocks) > 40
    for kind, name, body in blocks:
        assert re.search(r'^ +description += ".+\."$', body, re.MULTILINE), name
        assert kind == "output" or re.search(r"^ +type +=", body, re.MULTILINE), name


def test_once_applied_nothing_is_left_to_do(yard, applied):
    """The next plan is empty: all that the cloud decides is taken as it is."""
    for where in applied:
        assert "No changes." in yard.terraform(where, "plan")


def test_no_secret_is_in_the_state(yard, applied):
    """Not the key of the queues, in no output and nowhere else."""
    secrets = [key.secret for key in yard.cloud.iam.access_keys]
    assert len(secrets) == 1 + len(applied)
    for state in applied.values():
        assert not [one for one in secrets if one in json.dumps(state)]


def test_a_bundle_that_is_too_large_is_refused_before_anything_is_made(
    yard, configured
):
    """With what to do about it."""
    assert configured
    large = yard.folder / "large.zip"
    large.write_bytes(b"x" * 3_670_017)
    with pytest.raises(TerraformError, match=r"put it into a bucket and use\s+bundle_"):
        yard.terraform(".", "plan", f"-var=bundle={large}")


def test_its_readme_names_every_input_and_output():
    """With their descriptions, word for word."""
    readme = (MODULE / "README.md").read_text()
    text = "\n".join(file.read_text() for file in sorted(MODULE.glob("*.tf")))
    for _kind, name, body in DESCRIBED.findall(text):
        [told] = re.findall(r'^ +description += "(.+)"$', body, re.MULTILINE)
        assert f"| `{name}` | {told} |" in readme


def test_the_example_of_the_projects_readme_can_be_planned(yard, configured):
    """As it stands there, with another place for the module and the bundle."""
    assert configured
    text = (MODULE.parent / "README.md").read_text()
    [example] = re.findall(r"```hcl\n(.*?)```", text, re.DOTALL)
    source = re.search(r'source += "(git.*?)"', example)[1]
    where = yard.tree / "readme"
    where.mkdir()
    local = example.replace(source, "./..").replace("nic-attach.zip", str(yard.bundle))
    (where / "main.tf").write_text(local)
    yard.init("readme")
    assert "49 to add" in yard.terraform("readme", "plan")
