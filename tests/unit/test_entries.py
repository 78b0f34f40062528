"""Messages are packed and spelt so that the queue can take them."""

import pytest

from functions._entries import MOST_BYTES, pack, read_taken, render_batch
from functions._ports import Label, Message

HALF = "x" * (MOST_BYTES // 2)


def of(*bodies):
    return [Message(body=body) for body in bodies]


@pytest.mark.parametrize(
    ("bodies", "sizes"),
    [
        ([], []),
        (["a"], [1]),
        (["a"] * 10, [10]),
        (["a"] * 21, [10, 10, 1]),
        ([HALF, HALF], [2]),
        ([HALF, HALF, "a"], [2, 1]),
        ([HALF, HALF + "x", "a"], [1, 2]),
        (["a", "x" * MOST_BYTES, "a"], [1, 1, 1]),
        # Over the limit, it fails by itself.
        (["a", "x" * MOST_BYTES * 2, "a"], [1, 1, 1]),
    ],
)
def test_ten_messages_and_256_kb_go_in_a_call(bodies, sizes):
    """In their order, and never more."""
    messages = of(*bodies)
    packed = list(pack(messages))
    assert [len(one) for one in packed] == sizes
    assert [one for some in packed for one in some] == messages


@pytest.mark.parametrize(
    ("message", "size"),
    [
        (Message(body="\u044f"), 2),
        (Message(body="a", attributes={"id": "b"}), 1 + 2 + 6 + 1),
    ],
)
def test_bytes_count_and_attributes_with_them(message, size):
    """With a message that leaves just so much room, it goes together."""
    fits = Message(body="x" * (MOST_BYTES - size))
    assert len(list(pack([fits, message]))) == 1
    over = Message(body="x" * (MOST_BYTES - size + 1))
    assert len(list(pack([over, message]))) == 2


@pytest.mark.parametrize("fifo", [True, False])
def test_a_label_is_told_to_a_fifo_queue_only(fifo):
    """A standard queue refuses groups."""
    labelled = Message(body="a", label=Label(group="g", name="n"))
    names = set(render_batch([labelled], fifo=fifo))
    start = "SendMessageBatchRequestEntry.1."
    told = {start + "MessageGroupId", start + "MessageDeduplicationId"}
    assert told & names == (told if fifo else set())


ANSWER = b"""<?xml version="1.0"?>
<SendMessageBatchResponse><SendMessageBatchResult>
  <BatchResultErrorEntry>
    <Id>1</Id>
    <Message>&lt;SendMessageBatchResultEntry&gt;&lt;Id&gt;1&lt;/Id&gt;</Message>
  </BatchResultErrorEntry>
  <SendMessageBatchResultEntry>
    <MessageId>a</MessageId><Id> 2 </Id>
  </SendMessageBatchResultEntry>
  <SendMessageBatchResultEntry><Id>0</Id></SendMessageBatchResultEntry>
</SendMessageBatchResult></SendMessageBatchResponse>"""


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (ANSWER, {0, 2}),
        (b"", set()),
        (b"<SendMessageBatchResultEntry></SendMessageBatchResultEntry>", set()),
    ],
)
def test_only_what_was_surely_taken_counts(answer, taken):
    """Whatever order and spaces; what the answer does not name was not taken."""
    assert read_taken(answer) == taken
