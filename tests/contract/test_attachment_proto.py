"""Our words for an attachment are the API's own, by the SDK's descriptors."""

import pytest
from google.protobuf import json_format
from google.rpc import code_pb2
from hypothesis import given
from yandex.cloud.compute.v1 import instance_pb2
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DnsRecordSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
)

from events.attachment import read_attachment, render_attachment
from events.codes import _REMEDIES, CODE_NAMES
from events.instance import _POWERS
from events.reading import Document
from tests.unit.build import attachments, sample

BODY = {
    name: value
    for name, value in sample("request").items()
    if name not in ("requestId", "options")
}
SPEC = BODY["primaryV4AddressSpec"]
NAT = SPEC["oneToOneNatSpec"]


def unknown(body):
    """Return the names that our reader does not know in *body*."""
    violations = []
    document = Document.of(body, "$", violations)
    read_attachment(document)
    document.close()
    return [one.path for one in violations if one.problem == "is not a known field"]


@given(attachments)
def test_an_attachment_is_the_apis_json(wanted):
    """What we render parses as the API's request and prints as the same JSON."""
    rendered = render_attachment(wanted)
    message = json_format.ParseDict(rendered, AttachInstanceNetworkInterfaceRequest())
    assert json_format.MessageToDict(message) == rendered


@given(attachments)
def test_the_apis_own_spelling_is_read(wanted):
    """What the SDK prints with the names of the proto files reads as the same."""
    message = json_format.ParseDict(
        render_attachment(wanted), AttachInstanceNetworkInterfaceRequest()
    )
    printed = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert read_attachment(Document.of(printed, "$", [])) == wanted


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (AttachInstanceNetworkInterfaceRequest, BODY),
        (PrimaryAddressSpec, SPEC),
        (OneToOneNatSpec, {**NAT, "ipVersion": "IPV4"}),
        (DnsRecordSpec, SPEC["dnsRecordSpecs"][0]),
        (DnsRecordSpec, NAT["dnsRecordSpecs"][0]),
    ],
)
def test_the_sample_has_every_field_of_the_api(message, place):
    """The sample leaves out no field of the SDK's message, and adds none."""
    assert set(place) == {field.json_name for field in message.DESCRIPTOR.fields}


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        {**BODY, "primaryV4AddressSpec": {"oneToOneNatSpec": {"ipVersion": "IPV4"}}},
    ],
    ids=["all but the version", "the version"],
)
def test_every_field_of_the_api_is_read(body):
    """Our reader knows every name in the sample: none is refused."""
    assert unknown(body) == []


def test_codes_are_those_of_google_rpc():
    """Numbers and names of errors are the published ones, without OK."""
    published = {number: name for name, number in code_pb2.Code.items() if number}
    assert published == CODE_NAMES


def test_every_code_has_a_remedy():
    """No published code is left to the default."""
    assert set(_REMEDIES) == set(CODE_NAMES.values())


def test_every_status_has_a_meaning():
    """No status of the SDK's enum is left to the default."""
    published = set(instance_pb2.Instance.Status.keys())
    assert set(_POWERS) == published - {"STATUS_UNSPECIFIED"}
