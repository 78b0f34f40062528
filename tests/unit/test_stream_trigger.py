"""The trigger of a data stream, the stream, and the trail that fills one."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.logs import Trail
from fakes.stream import Stream
from fakes.triggers.redelivery import Retries
from fakes.triggers.stream_trigger import StreamTrigger

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stream():
    return Stream()


def taken(trigger, now=NOW):
    """Return what is handed over, batch by batch."""
    found = []
    while batch := trigger.take(now):
        found.append(batch.event["messages"])
    return found


def test_records_come_bare(stream):
    """JSON as what it is, in their order, with nothing around each."""
    records = [b'{"a": 1}', b'[{"b": "\xd1\x8b"}]']
    trigger = StreamTrigger(stream, batch_size=sum(map(len, records)))
    for record in records:
        stream.put(record)
    assert trigger.take(NOW).event == {"messages": [{"a": 1}, [{"b": "ы"}]]}


def test_a_record_that_is_no_json_comes_as_text(stream):
    """Nothing that can be written breaks the trigger."""
    trigger = StreamTrigger(stream)
    stream.put(b"plain \xff")
    assert taken(trigger) == [["plain \ufffd"]]


def test_a_batch_is_measured_in_bytes(stream):
    """It is never longer than it may be, and goes out when it is full."""
    trigger = StreamTrigger(stream, batch_size=6)
    for record in (b"1111", b"22", b"3333", b"444"):
        stream.put(record)
    assert taken(trigger) == [[1111, 22], [3333]]
    assert taken(trigger, NOW + SECOND) == [[444]]


def test_one_record_may_be_longer_than_a_batch(stream):
    """By default every record is a batch of its own."""
    trigger = StreamTrigger(stream)
    stream.put(b"11111")
    stream.put(b"22222")
    assert taken(trigger) == [[11111], [22222]]


def test_a_batch_that_is_not_full_waits_for_its_cutoff(stream):
    """Counted from the first look."""
    trigger = StreamTrigger(stream, batch_size=100, cutoff=5 * SECOND)
    assert trigger.next_due(NOW) is None
    stream.put(b"1")
    assert trigger.take(NOW) is None
    assert trigger.next_due(NOW) == NOW + 5 * SECOND
    assert taken(trigger, NOW + 5 * SECOND) == [[1]]


def test_a_failed_batch_comes_again(stream):
    """The same records, after the interval."""
    trigger = StreamTrigger(stream, Retries(interval=10 * SECOND))
    stream.put(b"1")
    batch = trigger.take(NOW)
    batch.failed(NOW)
    assert trigger.take(NOW + 10 * SECOND).event == batch.event


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"batch_size": 0}, "batch_size must be from 1 to 65536"),
        ({"batch_size": 65_537}, "batch_size must be from 1 to 65536"),
        ({"cutoff": timedelta(0)}, "cutoff must be from 1 second to 1 minute"),
        ({"cutoff": 61 * SECOND}, "cutoff must be from 1 second to 1 minute"),
    ],
)
def test_numbers_out_of_bounds_are_refused(stream, settings, complaint):
    """The bounds are the documented ones."""
    with pytest.raises(ValueError, match=complaint):
        StreamTrigger(stream, **settings)


def test_a_record_is_kept_and_told(stream):
    """To whoever subscribed by then."""
    heard = []
    stream.put(b"a")
    stream.subscribe(heard.append)
    stream.put(b"b")
    assert (stream.records, heard) == ([b"a", b"b"], [b"b"])


def test_a_record_has_a_megabyte_at_most(stream):
    """A byte more is refused."""
    stream.put(b"x" * 1_048_576)
    with pytest.raises(ValueError, match="not 1048577"):
        stream.put(b"x" * 1_048_577)


def test_a_trail_writes_events_into_a_stream(stream):
    """One record for each, which is the event as JSON."""
    Trail("cnp1", stream).record({"event_type": "ы"})
    assert [json.loads(one) for one in stream.records] == [{"event_type": "ы"}]
