"""`nic tail` reads a real queue."""

import contextlib
import io
import json
import threading

import pytest

from cli.consumer import Message, new_client, put_back, receive
from cli.main import nic
from events.decision import Verdict
from tests.contract.busy_city import SUBJECT, City, outcome, press_ctrl_c


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with City(tmp_path_factory.mktemp("city"), deployed=False) as city:
        yield city


@pytest.fixture(autouse=True)
def _clean(city):
    yield
    city.clear()


def test_it_prints_and_leaves(city):
    """A line per id, however many messages have it; all of them stay."""
    city.put(outcome("a", reason="because\n\x1b[2Jof it"))
    city.put(outcome("a", Verdict.VANISHED))
    city.put(outcome("b", Verdict.REFUSED))
    result = city.run("tail", "--count", "2")
    reason = "because\ufffd\ufffd[2Jof it"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"2026-01-02 03:04:05  attached          {SUBJECT}  a  {reason}",
        f"2026-01-02 03:04:05  refused           {SUBJECT}  b",
    ]
    assert city.results() == (3, 3)


def test_it_consumes_what_it_printed(city):
    """And nothing beyond as many as were asked for."""
    for name in ("a", "b", "c"):
        city.put(outcome(name))
    result = city.run("tail", "--delete", "--count", "2", "--json")
    printed = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert (result.exit_code, printed) == (0, ["a", "b"])
    assert city.results() == (1, 1)


def test_what_is_no_outcome_is_told_of_once_and_stays(city):
    """Also where outcomes are taken away, look after look."""
    city.put("not ours")
    city.put(outcome("a"))
    later = threading.Timer(0.5, city.put, [outcome("b")])
    later.start()
    result = city.run("tail", "--delete", "--count", "2")
    later.join(timeout=10)
    [line] = result.stderr.splitlines()
    assert line.endswith("is no outcome: $ is not JSON: JSONDecodeError")
    assert city.results() == (1, 1)


class Impatient(io.StringIO):
    """Where a command prints: as soon as it does, Ctrl-C is pressed."""

    def write(self, text):
        written = super().write(text)
        if text:
            press_ctrl_c()
        return written


def test_ctrl_c_ends_it_without_a_trace(city):
    """With success, and with all messages put back."""
    city.put(outcome("a"))
    city.put(outcome("b"))
    arguments = [
        *("tail", "--results-queue", city.variables["RESULTS_QUEUE_URL"]),
        *("--key-id", city.cloud.key.id, "--key-secret", city.cloud.key.secret),
    ]
    with contextlib.redirect_stdout(Impatient()) as out:
        nic.main(arguments, standalone_mode=False)
    [line] = out.getvalue().splitlines()
    assert line.endswith("  a")
    assert city.results() == (2, 2)


def test_a_queue_that_is_missing_is_told_of(city):
    """One line, and the exit code of failures."""
    missing = city.variables["RESULTS_QUEUE_URL"] + "-missing"
    result = city.run("tail", RESULTS_QUEUE_URL=missing)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("Error: ReceiveMessage: HTTP 400 ")


def test_what_cannot_be_put_back_does_not_keep_the_rest(city):
    """It comes back by itself; those after it are put back all the same."""
    city.put(outcome())
    url = city.variables["RESULTS_QUEUE_URL"]
    key = city.cloud.key
    with contextlib.closing(new_client(key.id, key.secret)) as client:
        [message] = receive(client, url)
        gone = Message(id="gone", body="", receipt="gone")
        put_back(client, url, [gone, message])
    assert city.results() == (1, 1)
