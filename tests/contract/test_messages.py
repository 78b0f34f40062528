"""The API's messages, also those that this SDK has never heard of."""

import subprocess
import sys

from google.protobuf import any_pb2
from google.rpc import error_details_pb2
from yandex.cloud.compute.v1 import instance_pb2, instance_service_pb2
from yandex.cloud.operation.operation_pb2 import Operation

from functions._messages import read_instance, read_operation

STRANGE = any_pb2.Any(type_url="type.googleapis.com/yandex.cloud.future.v9.Thing")


def attach(**fields):
    operation = Operation(id="fhm1", done=True, **fields)
    operation.metadata.Pack(
        instance_service_pb2.AttachInstanceNetworkInterfaceMetadata(
            instance_id="fhm2", network_interface_index="1"
        )
    )
    return operation


def test_a_documented_error_detail_is_readable():
    """`RequestInfo`, which the documentation shows, is published as JSON."""
    operation = attach()
    operation.error.code = 9
    operation.error.details.add().Pack(error_details_pb2.RequestInfo(request_id="r"))
    seen = read_operation(operation)
    assert (seen.code, seen.strange) == ("FAILED_PRECONDITION", False)
    assert seen.json["error"]["details"] == [
        {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r"}
    ]


def test_error_details_are_readable_in_a_process_of_their_own():
    """Nothing else needs to have imported their types."""
    program = (
        "from functions._messages import read_operation\n"
        "from yandex.cloud.operation.operation_pb2 import Operation\n"
        "operation = Operation(id='a', done=True)\n"
        "detail = operation.error.details.add()\n"
        "detail.type_url = 'type.googleapis.com/google.rpc.RequestInfo'\n"
        "print(read_operation(operation).json['error']['details'])\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "google.rpc.RequestInfo" in done.stdout


def test_strange_messages_are_named():
    """Of a type that this SDK does not know, the name is published."""
    operation = Operation(id="fhm1", metadata=STRANGE, response=STRANGE)
    operation.error.details.append(STRANGE)
    operation.response.CopyFrom(STRANGE)
    seen = read_operation(operation)
    assert seen.json["metadata"] == seen.json["response"] == {"@type": STRANGE.type_url}
    assert (seen.instance_id, seen.strange) == ("", True)


def test_an_unknown_code_is_unknown():
    """A code beyond those of google.rpc is treated as UNKNOWN."""
    operation = attach()
    operation.error.code = 99
    assert read_operation(operation).code == "UNKNOWN"


def test_the_instance_metadata_is_not_published():
    """User data may hold secrets, and never reaches an outcome."""
    operation = attach()
    instance = instance_pb2.Instance(id="fhm2", metadata={"user-data": "password"})
    operation.response.Pack(instance)
    seen = read_operation(operation)
    assert seen.json["response"]["id"] == "fhm2"
    assert "password" not in repr(seen)


def test_nanoseconds_survive():
    """A moment is published with all digits that the API gave."""
    operation = attach()
    operation.created_at.FromJsonString("2026-01-02T03:04:05.123456789Z")
    assert read_operation(operation).json["createdAt"].endswith(".123456789Z")


def test_a_status_unknown_to_this_sdk_is_a_number():
    """It is shown as it came, and waited for."""
    found = read_instance(instance_pb2.Instance(id="fhm2", status=77))
    assert (found.status, found.power.value) == ("77", "moving")
