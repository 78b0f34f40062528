"""Requests over HTTP become the messages that they are over gRPC."""

import contextlib

import pytest
from google.api.annotations_pb2 import http
from google.protobuf.descriptor_pool import Default
from google.protobuf.json_format import ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DESCRIPTOR,
    AttachInstanceNetworkInterfaceRequest,
)
from yandex.cloud.operation.operation_service_pb2 import DESCRIPTOR as OPERATIONS

from fakes.errors import ApiError, Code
from fakes.gateway import Route
from fakes.http.rest_bindings import Bindings, bindings_of
from fakes.http.rest_fields import read_json, read_message
from tests.unit import library
from tests.unit.arbitrary import as_http, messages

INSTANCES = DESCRIPTOR.services_by_name["InstanceService"]
CANCEL = OPERATIONS.services_by_name["OperationService"].methods_by_name["Cancel"]
BOOK = library.Book.DESCRIPTOR
LIBRARY = Default().FindServiceByName(library.SERVICE)


def bindings_to(service):
    return Bindings([Route(service=service.full_name, method="Get", answer=print)])


def transcoded(bindings, verb, path, query=b"", body=b""):
    binding, parts = bindings.find(verb, path)
    return binding.call, binding.request(parts, query, body)


def refusal(*request):
    with pytest.raises(ApiError) as refused:
        transcoded(library.bindings(), *request)
    return refused.value.code, refused.value.message


@pytest.mark.parametrize("method", list(INSTANCES.methods), ids=lambda one: one.name)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_sent_is_what_arrives(method, data):
    """Any request to any method, put into HTTP by its annotation, comes out as it was:
    a field that the API gains later cannot be forgotten.
    """
    message = data.draw(messages(method.input_type))
    [binding] = bindings_of(method)
    path, query, body = as_http(binding, message)
    call, found = transcoded(bindings_to(INSTANCES), binding.verb, path, query, body)
    assert call == f"/{INSTANCES.full_name}/{method.name}"
    assert found == message


@given(message=messages(BOOK))
def test_every_kind_of_field_arrives(message):
    """Maps, times, masks, wrappers, groups: in a body there is room for all of them."""
    binding, parts = library.bindings().find("PUT", "/v1/7/x:put")
    message.author.name = "x"
    body = as_http(binding, library.Request(shelf=7, book=message))[2]
    assert binding.request(parts, b"", body).book == message


@given(
    tree=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from([field.json_name for field in BOOK.fields]), inner
            )
        ),
    )
)
def test_nonsense_is_refused_or_read_as_protobuf_reads_it(tree):
    """Whatever JSON comes, there is a refusal, or the message that protobuf makes."""
    found = library.Book()
    with contextlib.suppress(ApiError):
        read_message(found, tree)
        assert found == ParseDict(tree, library.Book())


def test_attach_is_bound_as_documented():
    """(yandex-cloud/docs: en/compute/api-ref/Instance/attachNetworkInterface.md)."""
    body = b"""{"networkInterfaceIndex": "1", "primaryV4AddressSpec":
        {"dnsRecordSpecs": [{"fqdn": "a.", "ttl": "600", "ptr": true}]}}"""
    path = "/compute/v1/instances/fhm1:attachNetworkInterface"
    _, found = transcoded(bindings_to(INSTANCES), "POST", path, b"", body)
    expected = AttachInstanceNetworkInterfaceRequest(
        instance_id="fhm1", network_interface_index="1"
    )
    spec = expected.primary_v4_address_spec.dns_record_specs.add()
    spec.fqdn, spec.ttl, spec.ptr = "a.", 600, True
    assert found == expected


def test_each_annotation_is_bound():
    """Every way that an annotation names is there, and no method without one."""
    bound = [
        (one.verb, one.call.rpartition("/")[2])
        for method in LIBRARY.methods
        for one in bindings_of(method)
    ]
    assert bound == [
        *(("GET", "Get"), ("GET", "Get"), ("PUT", "Put")),
        *(("FIND", "Find"), ("POST", "Add")),
    ]
    for method in INSTANCES.methods:
        assert method.GetOptions().HasExtension(http) == bool(list(bindings_of(method)))


def test_cancel_is_bound_as_annotated_and_as_documented():
    """The annotation says GET, the documentation POST; clients of both work."""
    assert [one.verb for one in bindings_of(CANCEL)] == ["GET", "POST"]


def test_a_body_may_be_one_field():
    """The others are in the path, within that field too, and in the query."""
    _, found = transcoded(
        library.bindings(),
        "PUT",
        "/v1/7/Ann%2FBob:put",
        b"query=x&page_size=3",
        b'{"title": "t"}',
    )
    book = library.Book(title="t", author={"name": "Ann/Bob"})
    assert found == library.Request(shelf=7, book=book, query="x", page_size=3)


def test_what_the_path_says_may_be_said_again():
    """The same once more changes nothing; anything else is refused."""
    path, same, other = "/v1/7/x:put", b'{"author": {"name": "x"}}', b"shelf=8"
    _, found = transcoded(library.bindings(), "PUT", path, b"shelf=7", same)
    assert found.shelf == 7
    assert refusal("PUT", path, other) == (
        Code.INVALID_ARGUMENT,
        "shelf: the path has another one",
    )


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (("FIND", "/v1/books", b"", b"[]"), "body: there must be none"),
        (("POST", "/v1/books", b"a=1"), "query: no parameters here; "),
        (("PUT", "/v1/x/y:put"), "shelf: must be an int32"),
        (("GET", "/v1/rest/%ff:read"), "name: not UTF-8"),
        (("PUT", "/v1/7/%ff:put"), "book.author.name: not UTF-8"),
    ],
)
def test_what_has_no_place_is_refused(request_, message):
    """A request is understood as a whole, or not at all."""
    code, text = refusal(*request_)
    assert (code, text.startswith(message)) == (Code.INVALID_ARGUMENT, True)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (("GET", "/v1/nothing"), Code.NOT_FOUND),
        (("GET", ""), Code.NOT_FOUND),
        (("GET", "*"), Code.NOT_FOUND),
        (("DELETE", "/v1/books"), Code.UNIMPLEMENTED),
        (("find", "/v1/books"), Code.UNIMPLEMENTED),
    ],
)
def test_what_is_bound_to_nothing_is_told_apart(request_, code):
    """A path that is not known at all, and one that is known with other verbs."""
    assert refusal(*request_)[0] is code


def test_an_empty_body_is_an_empty_object():
    """As many a client sends it."""
    assert read_json(b"") == {}
