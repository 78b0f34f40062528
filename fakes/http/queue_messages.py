"""The actions on messages, one at a time and in batches.

(yandex-cloud/docs: en/message-queue/api-ref/message/)
"""

from collections.abc import Callable
from typing import Final

from fakes.http.queue_call import Action, Call
from fakes.http.queue_form import Form, entries, message_attributes, required
from fakes.http.queue_xml import element, render_entry_error, text
from fakes.queue.attributes import read_span
from fakes.queue.errors import QueueError
from fakes.queue.limits import check_batch_size, check_entry_ids
from fakes.queue.message import NewMessage
from fakes.queue.queue import Queue

# Does one thing, described by a form, to a queue; returns what to tell of it.
_Step = Callable[[Queue, Form, Call], str]


def send_message(call: Call) -> str:
    """Send one message."""
    return _send(call.queue(), call.form, call)


def delete_message(call: Call) -> None:
    """Delete one message."""
    _delete(call.queue(), call.form, call)


def change_message_visibility(call: Call) -> None:
    """Hide one message for longer or less long."""
    _change_visibility(call.queue(), call.form, call)


def send_message_batch(call: Call) -> str:
    """Send up to ten messages, 256 KB in all, each of which may fail alone."""
    return _batch(call, "SendMessageBatch", _send, _check_together)


def delete_message_batch(call: Call) -> str:
    """Delete up to ten messages, each of which may fail alone."""
    return _batch(call, "DeleteMessageBatch", _delete)


def change_message_visibility_batch(call: Call) -> str:
    """Hide up to ten messages, each of which may fail alone."""
    return _batch(call, "ChangeMessageVisibilityBatch", _change_visibility)


def _send(queue: Queue, form: Form, call: Call) -> str:
    sent = queue.send(_read_message(form, call.sender), call.now)
    told = {
        "MD5OfMessageBody": sent.md5_of_body,
        "MD5OfMessageAttributes": sent.md5_of_attributes,
        "MessageId": sent.message_id,
        "SequenceNumber": sent.sequence_number,
    }
    return "".join(text(name, value) for name, value in told.items() if value)


def _delete(queue: Queue, form: Form, call: Call) -> str:
    queue.delete(required(form, "ReceiptHandle"), call.now)
    return ""


def _change_visibility(queue: Queue, form: Form, call: Call) -> str:
    visibility = required(form, "VisibilityTimeout")
    queue.change_visibility(
        required(form, "ReceiptHandle"),
        read_span("VisibilityTimeout", visibility),
        call.now,
    )
    return ""


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
    action: str,
    step: _Step,
    check: Callable[[list[Form], Call], None] | None = None,
) -> str:
    queue = call.queue()
    forms = list(entries(call.form, f"{action}RequestEntry").values())
    check_entry_ids([required(it, "Id") for it in forms], call.service.bounds)
    if check is not None:
        check(forms, call)
    return "".join(
        _entry(queue, form, call, f"{action}ResultEntry", step) for form in forms
    )


def _entry(queue: Queue, form: Form, call: Call, name: str, step: _Step) -> str:
    try:
        return element(name, text("Id", form["Id"]), step(queue, form, call))
    except QueueError as error:
        return render_entry_error(form["Id"], error)


ACTIONS: Final[dict[str, Action]] = {
    "ChangeMessageVisibility": change_message_visibility,
    "ChangeMessageVisibilityBatch": change_message_visibility_batch,
    "DeleteMessage": delete_message,
    "DeleteMessageBatch": delete_message_batch,
    "SendMessage": send_message,
    "SendMessageBatch": send_message_batch,
}
