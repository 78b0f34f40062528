"""The function that one would write by the samples: the SDK, its waiter, boto3.

It is kind to itself: clients are kept between calls, the token is given and not asked
for, and nothing is checked before the attach.
"""

import json
import logging
import sys

import yandexcloud
from google.protobuf.json_format import MessageToDict
from meter import Context, asked, event, request, spent, tell
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceMetadata,
    AttachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

JOB, GROUND, IDS = asked()
VARIABLES = GROUND["variables"]
logging.basicConfig(stream=sys.stdout, level=logging.INFO)
log = logging.getLogger("naive")
with open(VARIABLES["CA_FILE"], "rb") as ca_file:  # noqa: PTH123 - as samples do
    ROOTS = ca_file.read()
sdk = yandexcloud.SDK(
    iam_token=GROUND["token"],
    endpoint=VARIABLES["COMPUTE_ENDPOINT"],
    root_certificates=ROOTS,
)
instances = sdk.client(InstanceServiceStub)


def look():
    found = instances.Get(GetInstanceRequest(instance_id=IDS[0]))
    log.info("instance %s is %s", found.id, found.status)


if JOB == "rpc":
    look()
    tell()

import boto3  # noqa: E402 - the first call needs no queue

sqs = boto3.client(
    "sqs",
    endpoint_url=GROUND["queue"],
    region_name="ru-central1",
    aws_access_key_id=VARIABLES["QUEUE_KEY_ID"],
    aws_secret_access_key=VARIABLES["QUEUE_KEY_SECRET"],
    verify=VARIABLES["CA_FILE"],
)


def handle(event, _context):
    for message in event["messages"]:
        wanted = json.loads(message["details"]["message"]["body"])
        operation = instances.AttachNetworkInterface(
            AttachInstanceNetworkInterfaceRequest(
                instance_id=wanted["instanceId"],
                network_interface_index=wanted["networkInterfaceIndex"],
                subnet_id=wanted["subnetId"],
                security_group_ids=wanted["securityGroupIds"],
                primary_v4_address_spec={},
            )
        )
        result = sdk.wait_operation_and_get_result(
            operation,
            response_type=Instance,
            meta_type=AttachInstanceNetworkInterfaceMetadata,
            timeout=60,
        )
        outcome = {
            "id": message["event_metadata"]["event_id"],
            "instance": MessageToDict(result.response),
        }
        sqs.send_message(
            QueueUrl=VARIABLES["RESULTS_QUEUE_URL"], MessageBody=json.dumps(outcome)
        )
        log.info("attached to %s", wanted["instanceId"])


context = Context(GROUND["token"])
events = [event([request(GROUND, one)]) for one in IDS]
if JOB == "warm":
    handle(events.pop(0), context)
tell(calls=spent(lambda one: handle(one, context), events))
