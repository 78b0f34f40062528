"""The actions on messages, one at a time and in batches.

(yandex-cloud/docs: en/message-queue/api-ref/message/)
"""

from collections.abc import Callable
from typing import Final

from fakes.http.queue_answer import Answer, present
from fakes.http.queue_call import Action, Call
from fakes.http.queue_form import Form, entries, message_attributes, required
from fakes.queue.attributes import read_span
from fakes.queue.errors import QueueError
from fakes.queue.limits import check_batch_size, check_entry_ids
from fakes.queue.message import NewMessage
from fakes.queue.queue import Queue

# Does one thing, described by a form, to a queue; returns what to tell of it.
_Step = Callable[[Queue, Form, Call], Answer]


def send_message(call: Call) -> Answer:
    """Send one message."""
    return _send(call.queue(), call.form, call)


def delete_message(call: Call) -> None:
    """Delete one message."""
    _delete(call.queue(), call.form, call)


def change_message_visibility(call: Call) -> None:
    """Hide one message for longer or less long."""
    _change_visibility(call.queue(), call.form, call)


def send_message_batch(call: Call) -> Answer:
    """Send up to ten messages, 256 KB in all, each of which may fail alone."""
    return _batch(call, _send, _check_together)


def delete_message_batch(call: Call) -> Answer:
    """Delete up to ten messages, each of which may fail alone."""
    return _batch(call, _delete)


def change_message_visibility_batch(call: Call) -> Answer:
    """Hide up to ten messages, each of which may fail alone."""
    return _batch(call, _change_visibility)


def _send(queue: Queue, form: Form, call: Call) -> Answer:
    sent = queue.send(_read_message(form, call.sender), call.now)
    return present(
        MD5OfMessageBody=sent.md5_of_body,
        MD5OfMessageAttributes=sent.md5_of_attributes,
        MessageId=sent.message_id,
        SequenceNumber=sent.sequence_number,
    )


def _delete(queue: Queue, form: Form, call: Call) -> Answer:
    queue.delete(required(form, "ReceiptHandle"), call.now)
    return {}


def _change_visibility(queue: Queue, form: Form, call: Call) -> Answer:
    visibility = required(form, "VisibilityTimeout")
    queue.change_visibility(
        required(form, "ReceiptHandle"),
        read_span("VisibilityTimeout", visibility),
        call.now,
    )
    return {}


def _read_message(form: Form, sender: str) -> NewMessage:
    """Read a message; that its sender is shown as the key's id is an assumption."""
    delay = form.get("DelaySeconds")
    return NewMessage(
        body=required(form, "MessageBody"),
        attributes=message_attributes(form),
        delay=None if delay is None else read_span("DelaySeconds", delay),
        sender_id=sender,
        group_id=form.get("MessageGroupId"),
        deduplication_id=form.get("MessageDeduplicationId"),
    )


def _check_together(forms: list[Form], call: Call) -> None:
    size = 0
    for form in forms:
        try:
            size += _read_message(form, call.sender).size
        except QueueError:  # The entry fails by itself, in its turn.
            continue
    check_batch_size(size, call.service.bounds)


def _batch(
    call: Call,
    step: _Step,
    check: Callable[[list[Form], Call], None] | None = None,
) -> Answer:
    queue = call.queue()
    forms = list(entries(call.form, f"{call.action}RequestEntry").values())
    check_entry_ids([required(it, "Id") for it in forms], call.service.bounds)
    if check is not None:
        check(forms, call)
    successful: list[Answer] = []
    failed: list[Answer] = []
    for form in forms:
        try:
            successful.append({"Id": form["Id"], **step(queue, form, call)})
        except QueueError as error:
            failed.append(_failure(form["Id"], error))
    return present(Successful=successful, Failed=failed)


def _failure(entry_id: str, error: QueueError) -> Answer:
    return {
        "Id": entry_id,
        "Code": error.code,
        "Message": error.message,
        "SenderFault": error.senders_fault,
    }


ACTIONS: Final[dict[str, Action]] = {
    "ChangeMessageVisibility": change_message_visibility,
    "ChangeMessageVisibilityBatch": change_message_visibility_batch,
    "DeleteMessage": delete_message,
    "DeleteMessageBatch": delete_message_batch,
    "SendMessage": send_message,
    "SendMessageBatch": send_message_batch,
}
