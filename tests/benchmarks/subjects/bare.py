"""The floor: the generated stubs and `http.client`, with nothing decided or checked.

It makes the calls that `on_task` makes for a request: four to the API, one to the
queue, and a line of a log.
"""

import hashlib
import hmac
import json
import ssl
import sys
import time
from http.client import HTTPSConnection
from urllib.parse import urlencode, urlsplit

import grpc
from meter import asked, event, request, spent, tell
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

JOB, GROUND, IDS = asked()
VARIABLES = GROUND["variables"]
METADATA = [("authorization", f"Bearer {GROUND['token']}")]
with open(VARIABLES["CA_FILE"], "rb") as ca_file:  # noqa: PTH123 - pathlib is dear
    ROOTS = ca_file.read()
channel = grpc.secure_channel(
    VARIABLES["COMPUTE_ENDPOINT"], grpc.ssl_channel_credentials(ROOTS)
)
instances = InstanceServiceStub(channel)


def call(method, message):
    return method(message, timeout=5, metadata=METADATA)


def tell_of(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")


if JOB == "rpc":
    found = call(instances.Get, GetInstanceRequest(instance_id=IDS[0]))
    tell_of(message="looked", status=found.status)
    tell()

from yandex.cloud.vpc.v1.security_group_service_pb2 import (  # noqa: E402
    GetSecurityGroupRequest,
)
from yandex.cloud.vpc.v1.security_group_service_pb2_grpc import (  # noqa: E402
    SecurityGroupServiceStub,
)
from yandex.cloud.vpc.v1.subnet_service_pb2 import GetSubnetRequest  # noqa: E402
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub  # noqa: E402

subnets, groups = SubnetServiceStub(channel), SecurityGroupServiceStub(channel)
parts = urlsplit(VARIABLES["TASKS_QUEUE_URL"])
queue = HTTPSConnection(
    parts.netloc, context=ssl.create_default_context(cadata=ROOTS.decode())
)


def _hmac(key, text):
    return hmac.digest(key, text.encode(), "sha256")


def _headers(body):
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = (stamp[:8], "ru-central1", "sqs", "aws4_request")
    kind = "application/x-www-form-urlencoded"
    canonical = (
        f"POST\n{parts.path}\n\ncontent-type:{kind}\nhost:{parts.netloc}\n"
        f"x-amz-date:{stamp}\n\ncontent-type;host;x-amz-date\n"
        + hashlib.sha256(body).hexdigest()
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("AWS4" + VARIABLES["QUEUE_KEY_SECRET"]).encode()
    for part in scope:
        key = _hmac(key, part)
    text = "\n".join(("AWS4-HMAC-SHA256", stamp, "/".join(scope), digest))
    credential = "/".join((VARIABLES["QUEUE_KEY_ID"], *scope))
    return {
        "Content-Type": kind,
        "X-Amz-Date": stamp,
        "Authorization": (
            f"AWS4-HMAC-SHA256 Credential={credential}, "
            f"SignedHeaders=content-type;host;x-amz-date, "
            f"Signature={_hmac(key, text).hex()}"
        ),
    }


def send(text):
    form = {"Action": "SendMessage", "Version": "2012-11-05", "DelaySeconds": 4}
    url = VARIABLES["TASKS_QUEUE_URL"]
    body = urlencode({**form, "QueueUrl": url, "MessageBody": text}).encode()
    queue.request("POST", parts.path, body, _headers(body))
    answer = queue.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(answer.status)


def handle(one):
    for message in one["messages"]:
        wanted = json.loads(message["details"]["message"]["body"])
        call(instances.Get, GetInstanceRequest(instance_id=wanted["instanceId"]))
        call(subnets.Get, GetSubnetRequest(subnet_id=wanted["subnetId"]))
        for group in wanted["securityGroupIds"]:
            call(groups.Get, GetSecurityGroupRequest(security_group_id=group))
        asked_for = AttachInstanceNetworkInterfaceRequest(
            instance_id=wanted["instanceId"],
            network_interface_index=wanted["networkInterfaceIndex"],
            subnet_id=wanted["subnetId"],
            security_group_ids=wanted["securityGroupIds"],
            primary_v4_address_spec={},
        )
        operation = call(instances.AttachNetworkInterface, asked_for)
        send(json.dumps({**wanted, "operationId": operation.id}))
        tell_of(message="attached", instance=wanted["instanceId"])


events = [event([request(GROUND, one)]) for one in IDS]
if JOB == "warm":
    handle(events.pop(0))
tell(calls=spent(handle, events))
