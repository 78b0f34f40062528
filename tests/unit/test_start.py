"""World files: what is made of them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.vpc.v1.address_pb2 import Address

import fakes
from fakes.estate import new_estate
from fakes.start import Start, read_start

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAMPLE = Path(fakes.__file__).parent / "samples" / "world.json"
DEFAULT = "default-ru-central1-a"


def begun(document, seed=1):
    """Return an estate that begins as a document says."""
    start = read_start(json.dumps(document), NOW)
    estate = new_estate(seed, found=start.found)
    start.furnish(estate)
    return estate


def instance(name="web", subnet=DEFAULT, **more):
    spec = {"subnetId": subnet, **more.pop("interface", {})}
    return {
        "name": name,
        "zoneId": "ru-central1-a",
        "networkInterfaceSpecs": [spec],
        **more,
    }


@pytest.fixture(scope="module")
def sample():
    return begun(json.loads(SAMPLE.read_text()))


def by_name(resources):
    return {one.name: one for one in resources}


def test_the_sample_has_what_it_says(sample):
    """Given ids are kept, the others are the cloud's own kind."""
    world = sample.world
    assert world.folder_id == "b1glocal000000000000"
    networks, subnets = by_name(world.networks), by_name(world.subnets)
    assert networks["prod"].id == "enpprod0000000000000"
    assert networks["mgmt"].id.startswith("enp")
    assert subnets["mgmt-a"].id == "e9bmgmt0000000000000"
    assert subnets["mgmt-a"].network_id == networks["mgmt"].id
    assert {one.folder_id for one in (*world.networks, *world.instances)} == {
        world.folder_id
    }


def test_instances_are_as_if_they_had_been_created(sample):
    """One runs with all its addresses; one is stopped, has what it keeps, and both
    have the machine that was asked for, or a small one.
    """
    found = by_name(sample.world.instances)
    stopped, running = found["web-1"], found["web-2"]
    assert (stopped.id, stopped.status) == (
        "fhmweb10000000000000",
        Instance.Status.STOPPED,
    )
    assert stopped.network_interfaces[0].primary_v4_address.address == "10.1.0.10"
    assert (stopped.resources.cores, dict(stopped.labels)) == (2, {"nic": "mgmt"})
    assert running.status == Instance.Status.RUNNING
    assert running.resources.memory == 4 * 2**30
    first, second = running.network_interfaces
    assert first.primary_v4_address.one_to_one_nat.address == "198.51.100.10"
    group = by_name(sample.world.security_groups)["ssh"]
    assert list(second.security_group_ids) == [group.id]
    assert second.primary_v4_address.address.startswith("10.2.0.")


def test_nothing_tells_of_how_it_all_came(sample):
    """There are no operations and no events."""
    assert sample.compute.audit.events == []
    assert sample.compute.next_change() is None


def test_queues_and_accounts_are_there(sample):
    """With attributes, dead letters, tags and roles."""
    queue = sample.queues.by_name("orders")
    assert queue.attributes.redrive.dead_letter_arn == sample.queues.by_name("lost").arn
    assert queue.attributes.visibility.total_seconds() == 60
    assert queue.tags == {"team": "shop"}
    assert sample.queues.by_name("orders.fifo").attributes.content_based_deduplication
    account = sample.iam.find_service_account("shop")
    [usage] = [one for one in sample.iam.report() if one.subject == account]
    assert {one.role for one in usage.bindings} == {"compute.viewer", "ymq.writer"}


def test_the_world_of_the_readme_is_one():
    """Whoever copies it has an instance and a queue."""
    text = (Path(fakes.__file__).parent / "README.md").read_text()
    block = text.partition("### A world to begin with")[2].split("```")[1]
    estate = begun(json.loads(block.removeprefix("json")))
    assert [one.name for one in estate.world.instances] == ["web-1"]
    assert [one.name for one in estate.queues.queues()] == ["orders"]


def test_without_a_file_all_is_as_ever():
    """The same ids from the same seed."""
    one, other = new_estate(7), new_estate(7, found=Start().found)
    for kind in ("networks", "subnets", "security_groups"):
        assert getattr(one.world, kind) == getattr(other.world, kind)
    assert (one.key, one.place) == (other.key, other.place)


def test_without_networks_there_are_those_of_a_cloud_without_a_file():
    """Instances may connect to them by name."""
    estate = begun(
        {"instances": [instance(interface={"securityGroupIds": ["default"]})]}
    )
    [one] = estate.world.instances
    subnet = by_name(estate.world.subnets)[DEFAULT]
    assert one.network_interfaces[0].subnet_id == subnet.id
    assert [one.name for one in estate.world.networks] == ["default", "other"]


def test_with_an_empty_list_of_networks_there_are_none():
    """What the file says is all there is."""
    estate = begun({"networks": []})
    assert (estate.world.networks, estate.world.subnets) == ((), ())


def test_dead_letters_may_go_by_an_arn():
    """Which has the id of the folder in it."""
    folder_id = "b1g00000000000000000"
    arn = f"yrn:yc:ymq:ru-central1:{folder_id}:lost"
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": 2}
    queues = [
        {"name": "orders", "attributes": {"RedrivePolicy": policy}},
        {"name": "lost"},
    ]
    estate = begun({"folderId": folder_id, "queues": queues})
    assert estate.queues.by_name("orders").attributes.redrive.dead_letter_arn == arn


def test_the_same_seed_makes_the_same_world():
    """Ids and MAC addresses too; another seed makes another."""
    document = {"instances": [instance()]}
    worlds = [begun(document, seed).world for seed in (1, 1, 2)]
    one, same, other = (list(world.instances) for world in worlds)
    assert one == same != other


def test_what_is_given_may_be_an_id_as_well_as_a_name():
    """Also of a default security group; addresses may be internal."""
    estate = begun(
        {
            "networks": [
                {
                    "id": "enp00000000000000000",
                    "defaultSecurityGroupId": "enpgroup000000000000",
                }
            ],
            "subnets": [
                {
                    "id": "e9b00000000000000000",
                    "name": "a",
                    "networkId": "enp00000000000000000",
                    "zoneId": "ru-central1-a",
                    "v4CidrBlocks": ["10.0.0.0/24"],
                }
            ],
            "addresses": [
                {"internalIpv4AddressSpec": {"subnetId": "a", "address": "10.0.0.9"}}
            ],
            "instances": [
                instance(
                    subnet="e9b00000000000000000",
                    interface={"securityGroupIds": ["enpgroup000000000000"]},
                )
            ],
        }
    )
    [address] = estate.world.shelf(Address)
    assert address.internal_ipv4_address.subnet_id == "e9b00000000000000000"
    assert len(estate.world.instances) == 1
