"""Whatever comes over HTTP, the answer is the API's, and the connection lives on."""

import http.client
import json
import shutil
import socket
import subprocess
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.faults import Fault, When
from fakes.http.rest_app import LONGEST_BODY
from tests.contract.rest_client import INSTANCES, creation, resting_cloud

ATTACH = f"{INSTANCES}/x:attachNetworkInterface"
INVALID, UNIMPLEMENTED = (400, 3), (501, 12)
SECONDS = timedelta(seconds=10)


@pytest.fixture(scope="module")
def running():
    with resting_cloud() as running:
        yield running


@pytest.fixture
def rest(running):
    with running.fresh_client() as client:
        yield client


def refused(answer):
    """Return the status, the code and the text of a refusal."""
    status, error = answer
    assert set(error) == {"code", "message", "details"}
    return (status, error["code"]), error["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "body: not JSON: "),
        (b"a=b", "body: not JSON: "),
        (b"\xff", "body: not UTF-8"),
        (b"\x1f\x8b\x08", "body: not "),
        (b"[]", "body: must be an object"),
        (b'{"a":' * 50_000, "body: nested too deeply"),
        (b'{"networkInterfaceIndex": 1}', "networkInterfaceIndex: must be a string"),
        (b'{"subnetId": "x", "subnetId": "y"}', "subnetId: is there twice"),
        (b'{"instanceId": "y"}', "instance_id: the path has another one"),
        (b"{}" + b" " * LONGEST_BODY, f"body: longer than {LONGEST_BODY} bytes"),
    ],
    ids=lambda one: repr(one[:20]),
)
def test_a_wrong_body_is_refused(rest, body, message):
    """Its sender learns what is wrong, and may try again on the same connection."""
    connection = rest.connection
    kind, text = refused(rest.send("POST", ATTACH, body))
    assert (kind, text.startswith(message)) == (INVALID, True)
    kind, text = refused(rest.send("POST", ATTACH, b"{}"))
    assert (kind, rest.connection) == (INVALID, connection)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary()
    | st.recursive(
        st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)
    ).map(lambda tree: json.dumps(tree).encode())
)
def test_no_body_is_too_odd(rest, body):
    """It is refused, by the skin or by the model behind it."""
    assert refused(rest.send("POST", ATTACH, body))[0] == INVALID


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=st.text(st.sampled_from("/?&=:.%*{}0afgC"), max_size=20))
def test_no_url_is_too_odd(rest, target):
    """There is an answer, or a refusal that is the client's fault."""
    status, _ = rest.ask("GET", f"{INSTANCES}{target}")
    assert status in {200, 400, 404, 501}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_how_a_body_is_labelled_does_not_matter(rest, kind):
    """What counts is whether it is JSON: the documentation itself sends it as a form
    (yandex-cloud/docs: en/_includes/iam/create-iam-token-api-steps.md).
    """
    _, text = refused(rest.send("POST", ATTACH, b"{}", content_type=kind))
    assert text == "network_interface_index: required"


def test_a_body_may_come_in_pieces(rest):
    """Chunks, without a length, are put together."""
    body = iter([b'{"networkInterface', b'Index": 1}'])
    _, text = refused(rest.send("POST", ATTACH, body))
    assert text == "networkInterfaceIndex: must be a string"


@pytest.mark.parametrize("path", [INSTANCES, "/operations/x", ATTACH])
@pytest.mark.parametrize("verb", ["PUT", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_verb_is_not_implemented(rest, verb, path):
    """The path is known, the verb is not, as grpc-gateway has it."""
    kind, text = refused(rest.ask(verb, path))
    assert (kind, text) == (UNIMPLEMENTED, "Method Not Allowed")


def test_head_has_no_body(rest):
    """The status says it all, and the connection lives on."""
    assert rest.ask("HEAD", f"{INSTANCES}/x") == (501, None)
    assert rest.ask("GET", f"{INSTANCES}/x")[0] == 404


@pytest.mark.parametrize(
    "path", ["/", "/compute", "/compute/v2/instances", f"{INSTANCES}/x/y", "//", "/%ff"]
)
def test_another_path_is_not_found(rest, path):
    """No service has it."""
    assert refused(rest.ask("GET", path)) == ((404, 5), "Not Found")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("colour=red", "colour: no such parameter"),
        ("pageSize=many", "pageSize: must be an int64"),
        ("pageSize=1001", "page_size: 1001 is not between 0 and 1000"),
        ("pageToken=%3F", "page_token: '?' is not one of ours"),
    ],
)
def test_a_wrong_parameter_is_refused(running, rest, query, message):
    """By its name, whether the skin or the model finds it."""
    folder_id = running.cloud.world.folder_id
    answer = rest.ask("GET", f"{INSTANCES}?folderId={folder_id}&{query}")
    assert refused(answer) == (INVALID, message)


def header_lines(rest, *more):
    connection = rest.connection
    connection.putrequest("GET", f"{INSTANCES}/x")
    for name, value in (*rest.headers.items(), *more):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_two_tokens_are_refused(rest):
    """Nobody could tell which of them counts; the same one twice is no harm."""
    again = ("authorization", rest.headers["Authorization"])
    assert header_lines(rest, again)[0] == 404
    other = header_lines(rest, ("Authorization", "Bearer other"))
    assert refused(other) == (INVALID, "authorization: there are two")
    keys = [("Idempotency-Key", key) for key in "ab"]
    assert refused(header_lines(rest, *keys)) == (
        INVALID,
        "idempotency-key: there are two",
    )


def test_a_client_may_die_while_it_is_held(running, rest):
    """One that hangs up between effect and answer is not held any more; the next call
    with its key gets the operation that it missed.
    """
    cloud, key = running.cloud, "11111111-1111-4111-8111-111111111111"
    cloud.faults.add(Fault(method="Create", when=When.AFTER, hold=True))
    body = json.dumps(creation(cloud, "web"))
    lost = http.client.HTTPConnection(urlsplit(cloud.rest_url).netloc, timeout=10)
    lost.request("POST", INSTANCES, body, rest.headers | {"Idempotency-Key": key})
    assert cloud.faults.wait_until_held(SECONDS)
    lost.close()
    while cloud.faults._held:
        assert rest.ask("GET", f"{INSTANCES}/x")[0] == 404
    assert rest.send("POST", INSTANCES, body, idempotency_key=key)[0] == 200
    _, found = rest.ask("GET", f"{INSTANCES}?folderId={cloud.world.folder_id}")
    assert len(found["instances"]) == 1


def test_a_client_may_die_in_the_middle_of_its_request(running, rest):
    """Nothing happens, and others are served."""
    host, port = urlsplit(running.cloud.rest_url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as half:
        half.sendall(
            f"POST {ATTACH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode()
        )
    assert rest.ask("GET", f"{INSTANCES}/x")[0] == 404
    assert [one.method for one in running.cloud.faults.seen] == ["InstanceService/Get"]


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_curl_attaches(running, rest):
    """As the documentation has it, but for the host."""
    cloud = running.cloud
    _, operation = rest.ask("POST", INSTANCES, creation(cloud, "web"))
    running.pass_time(SECONDS)
    path = f"{INSTANCES}/{operation['metadata']['instanceId']}"
    rest.ask("POST", f"{path}:stop")
    running.pass_time(SECONDS)
    wanted = {
        "networkInterfaceIndex": "1",
        "subnetId": cloud.world.subnet_in("ru-central1-a").id,
        "securityGroupIds": [cloud.world.security_groups[0].id],
    }
    said = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(
                shutil.which("curl"),
                "--silent",
                "--fail-with-body",
                "--request",
                "POST",
            ),
            *("--header", f"Authorization: {rest.headers['Authorization']}"),
            *("--header", "Content-Type: application/json"),
            *("--data", json.dumps(wanted)),
            f"{cloud.rest_url}{path}:attachNetworkInterface",
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )
    begun = json.loads(said.stdout)
    assert (begun["done"], begun["metadata"]["networkInterfaceIndex"]) == (False, "1")
