"""Whatever the API sends is read, as far as it can be."""

from google.protobuf import any_pb2, timestamp_pb2
from google.rpc import status_pb2
from hypothesis import given
from hypothesis import strategies as st
from yandex.cloud.compute.v1 import instance_pb2, instance_service_pb2
from yandex.cloud.operation import operation_pb2

from functions._messages import last_stop, read_instance, read_operation

TYPES = (
    "type.googleapis.com/yandex.cloud.compute.v1.Instance",
    "type.googleapis.com/yandex.cloud.compute.v1.AttachInstanceNetworkInterfaceMetadata",
    "type.googleapis.com/google.protobuf.Any",
    "type.googleapis.com/google.protobuf.Timestamp",
    "type.googleapis.com/google.rpc.RequestInfo",
    "type.googleapis.com/not.Known",
    "",
    "no/type",
)
int32 = st.integers(-(2**31), 2**31 - 1)
int64 = st.integers(-(2**63), 2**63 - 1)
anys = st.builds(
    any_pb2.Any, type_url=st.sampled_from(TYPES), value=st.binary(max_size=40)
)
moments = st.builds(timestamp_pb2.Timestamp, seconds=int64, nanos=int32)
errors = st.builds(
    status_pb2.Status, code=int32, message=st.text(), details=st.lists(anys, max_size=2)
)
operations = st.builds(
    operation_pb2.Operation,
    id=st.text(max_size=30),
    created_at=st.none() | moments,
    modified_at=st.none() | moments,
    done=st.booleans(),
    metadata=st.none() | anys,
    error=st.none() | errors,
)
answered = st.builds(operation_pb2.Operation, done=st.just(True), response=anys)
texts = st.text(max_size=20)
interfaces = st.builds(
    instance_pb2.NetworkInterface,
    index=texts,
    subnet_id=texts,
    security_group_ids=st.lists(texts, max_size=3),
)
instances = st.builds(
    instance_pb2.Instance,
    id=texts,
    status=int32,
    labels=st.dictionaries(texts, texts, max_size=3),
    network_interfaces=st.lists(interfaces, max_size=3),
)


@given(operations | answered)
def test_no_operation_is_a_crash(operation):
    """It is read with its own id and end; what cannot be read is named by its type."""
    seen = read_operation(operation)
    assert (seen.id, seen.done) == (operation.id, operation.done)
    assert bool(seen.code) is operation.HasField("error")


@given(instances)
def test_no_instance_is_a_crash(instance):
    """Any status, labels and interfaces are taken as they are."""
    seen = read_instance(instance)
    assert seen.id == instance.id
    assert len(seen.interfaces) == len(instance.network_interfaces)


@given(st.lists(moments | st.none(), min_size=1, max_size=3))
def test_no_time_of_a_stop_is_a_crash(times):
    """Of stops at any times, also such as no calendar has, the latest is the last."""
    stops = [
        operation_pb2.Operation(id=str(place), created_at=when, done=True)
        for place, when in enumerate(times)
    ]
    for one in stops:
        one.metadata.Pack(instance_service_pb2.StopInstanceMetadata())
    seconds = [one.created_at.seconds for one in stops]
    assert seconds[int(last_stop(stops))] == max(seconds)
