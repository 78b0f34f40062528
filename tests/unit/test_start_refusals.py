"""World files that are wrong: everything is told at once, with its place."""

import json
from datetime import UTC, datetime

import pytest
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import CreateNetworkRequest

from fakes.estate import new_estate
from fakes.start import Start, WrongWorldError, read_start
from fakes.start.entries import Entries, QueueEntry, ResourceEntry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A, B = "ru-central1-a", "ru-central1-b"
REFUSED = "is refused: "


def problems(document):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    with pytest.raises(WrongWorldError) as caught:
        read_start(text, NOW)
    return [str(one) for one in caught.value.problems]


def instance(name, subnet, zone=A, **more):
    interfaces = [{"subnetId": subnet, **more.pop("interface", {})}]
    return {"name": name, "zoneId": zone, "networkInterfaceSpecs": interfaces, **more}


def subnet(name, block, zone=A, network="n"):
    return {"name": name, "networkId": network, "zoneId": zone, "v4CidrBlocks": [block]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("nonsense", "$ is not JSON: JSONDecodeError"),
        (b"\xff", "$ is not JSON: UnicodeDecodeError"),
        ("[]", "$ must be an object"),
        ('{"queues":[],"queues":[]}', "$ has 'queues' twice in one object"),
        ({"vms": []}, "$.vms is not a known field"),
        ({"networks": {}}, "$.networks must be a list"),
        ({"networks": [1]}, "$.networks[0] must be an object"),
        ({"networks": [{"nam": "x"}]}, "$.networks[0].nam is not a known field"),
        (
            {"networks": [{"folderId": "x"}]},
            "$.networks[0].folderId is not a known field",
        ),
        ({"networks": [{"name": 5}]}, "$.networks[0].name must be a string"),
        (
            {"networks": [{"labels": {"a": 5}}]},
            "$.networks[0].labels.a must be a string",
        ),
        (
            {"folderId": "b1g"},
            "$.folderId must be 20 small letters and digits, a letter first",
        ),
        (
            {"subnets": [{"networkId": "x", "network_id": "y"}]},
            "$.subnets[0].network_id is another network_id",
        ),
        (
            {"instances": [instance("i", "default-" + A, status="GONE")]},
            "$.instances[0].status must be one of RUNNING, STOPPED",
        ),
        (
            {"instances": [{"networkInterfaceSpecs": [1]}]},
            "$.instances[0].networkInterfaceSpecs[0] must be an object",
        ),
        (
            {"instances": [{"networkInterfaceSpecs": [{"index": 1}]}]},
            "$.instances[0].networkInterfaceSpecs[0].index must be a string",
        ),
        (
            {"instances": [{"resourcesSpec": []}]},
            "$.instances[0].resourcesSpec must be",
        ),
        ({"queues": [{}]}, "$.queues[0].name is required"),
        (
            {"queues": [{"name": "q", "attributes": {"DelaySeconds": 1.5}}]},
            "$.queues[0].attributes.DelaySeconds must be a string, a whole number, ",
        ),
        (
            {"queues": [{"name": "q", "attributes": {"RedrivePolicy": {}}}]},
            "$.queues[0].attributes.RedrivePolicy.deadLetterTargetArn is required",
        ),
        ({"queues": [{"name": "q"}] * 2}, "$.queues[1] has a name that another has"),
        (
            {"serviceAccounts": [{"name": "nic-attach"}]},
            "$.serviceAccounts[0].name is that of the built-in account",
        ),
        (
            {"serviceAccounts": [{"name": "a", "roles": "boss"}]},
            "$.serviceAccounts[0].roles must be a list",
        ),
        (
            {"serviceAccounts": [{"name": "a", "roles": ["editor", 1]}]},
            "$.serviceAccounts[0].roles[1] is not a role of the local cloud",
        ),
        (
            {"networks": [{"id": "enp00000000000000000"}] * 2},
            "$.networks[1] has an id that another has",
        ),
    ],
)
def test_what_cannot_be_read_is_named(document, expected):
    """By its JSON path, and unknown fields by their names."""
    assert any(one.startswith(expected) for one in problems(document))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"networks": [{"name": "n"}] * 2}, "$.networks[1] {}name: Network n exists"),
        (
            {"networks": [{"name": "n"}], "subnets": [subnet("s", "8.0.0.0/24")]},
            "$.subnets[0] {}v4_cidr_blocks: 8.0.0.0/24 is not private",
        ),
        (
            {"subnets": [subnet("s", "10.0.0.0/24", network="gone")]},
            "$.subnets[0] {}Network gone not found",
        ),
        (
            {"instances": [instance("i", "default-" + B)]},
            "$.instances[0] {}subnet_id: Subnet ",
        ),
        (
            {"instances": [instance("i", "default-" + A)] * 2},
            "$.instances[1] {}name: Instance i exists already",
        ),
        (
            {
                "instances": [
                    instance(
                        "i",
                        "default-" + A,
                        interface={"primaryV4AddressSpec": {"address": "10.9.0.1"}},
                    )
                ]
            },
            "$.instances[0] {}primary_v4_address_spec.address: 10.9.0.1 is not for",
        ),
        ({"instances": [{"zoneId": A}]}, "$.instances[0] {}network_interface_specs"),
        ({"queues": [{"name": "q.fifo"}]}, "$.queues[0] {}FifoQueue must be true"),
        (
            {
                "queues": [
                    {
                        "name": "q",
                        "attributes": {
                            "RedrivePolicy": {
                                "deadLetterTargetArn": "gone",
                                "maxReceiveCount": 2,
                            }
                        },
                    }
                ]
            },
            "$.queues[0] {}The dead-letter queue does not exist.",
        ),
    ],
)
def test_what_the_cloud_would_refuse_is_refused(document, expected):
    """In the cloud's own words, with the place of the entry; and nothing else is."""
    [found] = problems(document)
    assert found.startswith(expected.format(REFUSED))


def test_who_makes_a_start_by_himself_is_told_when_it_is_made():
    """Nobody has tried it before."""
    network = ResourceEntry(
        path="here", kind=Network, name="n", request=CreateNetworkRequest(name="!")
    )
    with pytest.raises(WrongWorldError, match="here is refused: name"):
        new_estate(1, found=Start(Entries(resources=(network,))).found)
    queue = QueueEntry(path="there", name="!", attributes={}, redrive=None, tags={})
    with pytest.raises(WrongWorldError, match="there is refused"):
        Start(Entries(queues=(queue,))).furnish(new_estate(1))


def test_everything_is_told_at_once_and_only_once():
    """What cannot be read, what the cloud refuses, in all lists; but nothing that only
    follows from another problem, as an instance in a subnet that was refused.
    """
    redrive = {"RedrivePolicy": {"deadLetterTargetArn": "q", "maxReceiveCount": 2}}
    document = {
        "more": 1,
        "networks": [{"name": "n"}],
        "subnets": [
            subnet("bad", "8.0.0.0/24"),
            {**subnet("odd", "10.0.0.0/24"), "size": 1},
        ],
        "instances": [
            instance("follows", "bad"),
            instance("too", "odd"),
            instance("lost", "nowhere"),
        ],
        "queues": [{"name": "q", "attributes": {"Speed": 1, **redrive}}],
    }
    range_refused = "v4_cidr_blocks: 8.0.0.0/24 is not private, or not from /16 to /28"
    assert problems(document) == [
        "$.subnets[1].size is not a known field",
        "$.more is not a known field",
        f"$.subnets[0] {REFUSED}{range_refused}",
        f"$.instances[2] {REFUSED}subnet_id: Subnet nowhere not found",
        f"$.queues[0] {REFUSED}'Speed' is not an attribute that can be set.",
    ]
