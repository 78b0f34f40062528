"""The story of an instance is told in few words, and all of it is told."""

from cli.peek import QueueSeen
from cli.story import Story
from cli.telling import lines
from events.attachment import AddressSpec, Nat
from tests.unit.build import NOW, instance, interface, operation


def told(**facts):
    return list(
        lines(Story(instance_id="fhm1", **{"instance": instance(), **facts}), 20)
    )


def test_a_queue_that_is_too_long_is_not_called_read():
    """How much of it was read is told."""
    found = told(queues=[QueueSeen(name="results", visible=600, read=500)])
    assert (
        "  results: 600 visible, 0 in flight, 0 delayed; 500 of them were read" in found
    )


def test_operations_under_way_are_no_ends():
    """Running, rolled back, failed; what has no name or maker is told as well."""
    failed = operation(code="INTERNAL", message="x", created=NOW)
    running = operation(done=False, index="", id="op-2")
    undone = operation(done=False, code="ABORTED", message="y", id="op-3")
    found = told(operations=[failed, running, undone])
    ends = [line.partition("by -")[2].strip() for line in found if "unnamed" in line]
    assert ends == [
        "failed: INTERNAL: x",
        "under way",
        "is rolled back: ABORTED: y",
    ]


def test_interfaces_are_in_their_order_with_their_external_addresses():
    """By number; an address that is not there yet is not called none."""
    public = AddressSpec(address="10.0.0.1", nat=Nat(address="198.51.100.1"))
    coming = AddressSpec(address="10.0.0.2", nat=Nat())
    there = (
        interface(index="10"),
        interface(index="2", address=public),
        interface(index="1", address=coming),
    )
    found = told(instance=instance(interfaces=there, name="", labels={}))
    at = found.index("interfaces") + 2
    cells = [line.split("  ") for line in found[at : at + 3]]
    shown = [[cell.strip() for cell in row if cell.strip()] for row in cells]
    assert [(row[0], row[2], row[3]) for row in shown] == [
        ("1", "10.0.0.2", "none yet"),
        ("2", "10.0.0.1", "198.51.100.1"),
        ("10", "none yet", "-"),
    ]
    assert found[0].startswith("instance fhm4k9v2c7t1x5n8w3qd is STOPPED, in ru-")
    assert found[1] == "labels: none"


def test_an_instance_without_interfaces_has_none():
    """So it is told of every section that is empty."""
    found = told(instance=instance(interfaces=()))
    assert found.count("  none") == 4
