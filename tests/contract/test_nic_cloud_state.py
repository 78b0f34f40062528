"""`nic cloud --state`: what was answered is not forgotten, however the cloud ends."""

import signal
import sqlite3
import subprocess
import threading

import pytest

from fakes.state import StateFile
from tests.contract.immortal import COMMAND, PATIENCE, Client, sqs_client, started

# A client that is older than what deprecates it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")
ROUNDS = (37, 3, 101)  # after how many answers the cloud is killed


def work_until_killed(client, process, answers):
    """Let *client* work, and kill the cloud once it had so many more *answers*."""
    enough = client.expect(answers)
    working = threading.Thread(target=client.work)
    working.start()
    assert enough.wait(PATIENCE)
    process.send_signal(signal.SIGKILL)  # while the next call is under way
    working.join(PATIENCE)
    process.communicate(timeout=PATIENCE)


def check_operations(client):
    """Every operation that was answered is there, and so is its key."""
    for operation_id, (key, request, answer) in client.operations.items():
        found = client.operation(operation_id)
        assert (found.id, found.created_at) == (answer.id, answer.created_at)
        assert client.begin(key, request).id == operation_id


def check_messages(client):
    """What is left is what was sent and neither received nor deleted.

    But for one message at each death: it was under way, and nobody knows.
    """
    left = client.messages_left()
    missing = client.sent - set(client.received) - left
    unexpected = left - client.sent
    assert not left & client.deleted
    assert len(missing) <= len(ROUNDS)  # received, but the answer was lost
    assert len(unexpected) <= len(ROUNDS)  # taken in, but the answer was lost
    assert left & client.sent


def test_a_killed_cloud_forgets_nothing_that_it_answered(tmp_path):
    """Killed with SIGKILL, again and again, while a client is calling: messages are
    there with what is hidden still hidden and what is deleted gone, operations go on
    and end, their idempotency keys stand for them, and names are taken.
    """
    client = Client()
    for answers in ROUNDS:
        with started("--state", tmp_path / "state", folder=tmp_path) as (run, told):
            client.connect(told)
            check_operations(client)
            work_until_killed(client, run, answers)
            client.hang_up()
    with started("--state", tmp_path / "state", folder=tmp_path) as (_, told):
        client.connect(told)
        check_operations(client)
        client.wait_for_operations()
        names = {request.name for _, request, _ in client.operations.values()}
        assert names <= client.network_names()
        check_messages(client)
        client.hang_up()


def test_keys_tokens_and_ids_outlive_the_process(tmp_path):
    """The static key and the token of the first run are good in the next, which has
    the same folder and, though it has the same seed, names nothing as the first did.
    """
    options = ("--state", tmp_path / "state", "--seed", 1)
    client = Client()
    with started(*options, folder=tmp_path) as (_, first):
        client.connect(first)
        client._create("00000000-0000-4000-8000-000000000001")
        client.hang_up()
    with started(*options, folder=tmp_path) as (_, second):
        kept = ("folder_id", "subnets", "access_key_id", "secret_access_key")
        assert {it: first[it] for it in kept} == {it: second[it] for it in kept}
        assert first["iam_token"] != second["iam_token"]
        client.connect(second | {"iam_token": first["iam_token"]})
        client._create("00000000-0000-4000-8000-000000000002")
        client.hang_up()
    assert len(client.operations) == 2


def test_functions_are_deployed_again_onto_the_same_queues(tmp_path):
    """A message that waits for a function when the cloud dies is worked on by the
    next one, with the key of the first, and has its outcome.
    """
    options = ("--functions", "--state", tmp_path / "state")
    with started(*options, folder=tmp_path) as (process, first):
        sqs = sqs_client(first)
        sqs.send_message(
            QueueUrl=first["tasks_queue"],
            MessageBody='{"requestId":"r-1"}',
            DelaySeconds=2,
        )
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        sqs.close()
    with started(*options, folder=tmp_path) as (_, second):
        sqs = sqs_client(second)
        url = second["results_queue"]
        [outcome] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        sqs.close()
    paths = [one["tasks_queue"].split("/", 3)[3] for one in (first, second)]
    assert paths[0] == paths[1]
    assert "r-1" in outcome["Body"]
    file = sqlite3.connect(tmp_path / "state")
    query = "SELECT count(*) FROM entries WHERE kind = 'access keys'"
    [[keys]] = file.execute(query)
    file.close()
    assert keys == 2  # the built-in account's, and the functions'


def test_a_state_that_is_in_use_is_refused(tmp_path):
    """Two processes never share a file."""
    path = tmp_path / "state"
    file = StateFile(path)
    done = subprocess.run(  # noqa: S603 - our own program
        [*COMMAND, "--state", str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    file.close()
    expected = f"Error: {path} is in use by another process\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)
