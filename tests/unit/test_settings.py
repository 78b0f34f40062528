"""A deployment that cannot work says which variable is wrong, and never its value."""

import pytest

from events.anonymous import Anonymous
from events.policy import Policies, read_policies
from functions._settings import Settings, SettingsError, read_settings
from functions._sigv4 import StaticKey
from tests.unit.build import SAMPLES

SECRET = "do-not-tell"
SMALLEST = {
    "TASKS_QUEUE_URL": "https://queue.example/tasks",
    "RESULTS_QUEUE_URL": "https://queue.example/results",
    "QUEUE_KEY_ID": "key-id",
    "QUEUE_KEY_SECRET": SECRET,
}


def problem(**changes):
    with pytest.raises(SettingsError) as caught:
        read_settings({**SMALLEST, **changes})
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_the_smallest_environment_has_all_defaults():
    """Two queues and a key are enough: the cloud's endpoints, and no policies."""
    assert read_settings(SMALLEST) == Settings(
        tasks_queue_url="https://queue.example/tasks",
        results_queue_url="https://queue.example/results",
        queue_key=StaticKey(id="key-id", secret=SECRET),
        policies=Policies(),
        endpoints={},
        roots=None,
    )


def test_every_variable_is_read(tmp_path):
    """Endpoints, policies and certificates come from their variables."""
    text = (SAMPLES / "policies.json").read_text(encoding="utf-8")
    authority = tmp_path / "ca.pem"
    authority.write_bytes(b"PEM")
    found = read_settings(
        {
            **SMALLEST,
            "POLICIES": text,
            "COMPUTE_ENDPOINT": "127.0.0.1:1",
            "OPERATION_ENDPOINT": "127.0.0.1:2",
            "VPC_ENDPOINT": "127.0.0.1:3",
            "CA_FILE": str(authority),
        }
    )
    assert (
        found.policies,
        found.endpoints,
        found.roots,
    ) == (
        read_policies(text),
        {"compute": "127.0.0.1:1", "operation": "127.0.0.1:2", "vpc": "127.0.0.1:3"},
        b"PEM",
    )


@pytest.mark.parametrize(
    "name",
    [
        "POLICIES",
        "POLICIES_FILE",
        "COMPUTE_ENDPOINT",
        "OPERATION_ENDPOINT",
        "VPC_ENDPOINT",
        "CA_FILE",
        "ALLOW_ANONYMOUS",
    ],
)
def test_an_empty_optional_variable_is_an_absent_one(name):
    """What Terraform sets to nothing is not set."""
    assert read_settings({**SMALLEST, name: ""}) == read_settings(SMALLEST)


def test_policies_may_be_a_file():
    """By a path in the package, for the environment has 4 KB; not by both ways."""
    file = "events/samples/policies.json"
    text = (SAMPLES / "policies.json").read_text(encoding="utf-8")
    found = read_settings({**SMALLEST, "POLICIES_FILE": file})
    assert found.policies == read_policies(text)
    assert problem(POLICIES_FILE=file, POLICIES=text) == (
        "POLICIES and POLICIES_FILE are both given"
    )
    wrong = "events/samples/request.json"
    assert problem(POLICIES_FILE=wrong).startswith("POLICIES_FILE: $.")
    assert problem(POLICIES_FILE="none") == "POLICIES_FILE: No such file or directory"


@pytest.mark.parametrize("name", SMALLEST)
def test_a_missing_variable_is_named(name):
    """An empty or absent one of the four is told by its name."""
    assert problem(**{name: ""}) == f"the environment variable {name} is missing"


@pytest.mark.parametrize("name", ["TASKS_QUEUE_URL", "RESULTS_QUEUE_URL"])
@pytest.mark.parametrize(
    "url",
    [
        f"http://{SECRET}.example/q",
        f"http://127.0.0.1.{SECRET}.example/q",
        f"ftp://localhost/{SECRET}",
        f"https:///{SECRET}",
        f"//localhost/{SECRET}",
        SECRET,
    ],
)
def test_a_queue_that_could_be_overheard_is_refused(name, url):
    """Only https leaves the machine; the variable is named and its value is not."""
    assert problem(**{name: url}) == (
        f"{name} must be an https URL (http only on loopback)"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:4566/q",
        "http://127.0.0.1/q",
        "http://[::1]:4566/q",
        "https://queue.example:8443/q",
    ],
)
def test_plain_http_is_taken_on_loopback(url):
    """The local cloud may be called in the clear, and https anywhere."""
    assert read_settings({**SMALLEST, "TASKS_QUEUE_URL": url}).tasks_queue_url == url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{{{SECRET}", "POLICIES: $ is not JSON: JSONDecodeError"),
        (f'{{"limits": "{SECRET}"}}', "POLICIES: $.limits must be an object"),
        (
            f'{{"policies": "{SECRET}", "limits": {{"folderIds": ["{SECRET}!"]}}}}',
            (
                "POLICIES: $.policies must be a list; "
                "$.limits.folderIds[0] must be a resource's id"
            ),
        ),
    ],
)
def test_bad_policies_are_told_by_path(text, expected):
    """All that is wrong with the policies is told at once, without their values."""
    assert problem(POLICIES=text) == expected


@pytest.mark.parametrize("anonymous", Anonymous)
def test_who_is_let_in_is_read(anonymous):
    """By the value's name; nobody unknown is let in by default."""
    found = read_settings({**SMALLEST, "ALLOW_ANONYMOUS": anonymous.value})
    assert found.anonymous is anonymous
    assert read_settings(SMALLEST).anonymous is Anonymous.REFUSED


def test_a_strange_permission_is_refused():
    """A misspelt value never lets anybody in."""
    told = "ALLOW_ANONYMOUS must be one of no, url, yes"
    assert problem(ALLOW_ANONYMOUS="YES") == told


def test_a_certificate_file_that_is_not_there_is_named(tmp_path):
    """The variable is named, and why the file cannot be read."""
    path = str(tmp_path / SECRET)
    assert problem(CA_FILE=path) == "CA_FILE: No such file or directory"


def test_settings_do_not_show_the_secret():
    """Settings that land in a log or a traceback keep the key's secret."""
    assert SECRET not in repr(read_settings(SMALLEST))
