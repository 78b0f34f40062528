"""Updates: which fields a request changes, and what becomes of the others."""

from collections.abc import Collection, MutableMapping
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from fakes.compute.checks import invalid

M = TypeVar("M", bound=Message)


def merged(request: M, mask: FieldMask, current: M, known: Collection[str]) -> M:
    """Return *current* with the fields of *request* that the mask names.

    "Only the specified fields will be changed. [...] If the field is specified in
    `updateMask` and no value for that field was sent in the request, the field's
    value will be reset to the default. [...] If `updateMask` is not sent in the
    request, all fields' values will be updated"
    (yandex-cloud/docs: en/compute/events-ref/UpdateInstance.md).

    Args:
        request: What is asked for.
        mask: Its mask.
        current: A request for what there is already; it is changed, and returned.
        known: The fields that can be updated.

    Raises:
        ApiError: INVALID_ARGUMENT, an assumption, for a path that is no field or
            not to be updated.
    """
    for path in mask.paths:
        descriptor: Any = request.DESCRIPTOR
        fits = FieldMask(paths=[path]).IsValidForDescriptor(descriptor)
        if path.partition(".")[0] not in known or not fits:
            msg = f"update_mask: {path!r} cannot be updated"
            raise invalid(msg)
    complete = FieldMask(paths=mask.paths or known)
    complete.MergeMessage(
        request, current, replace_message_field=True, replace_repeated_field=True
    )
    return current


def has_field(message: Message, field: str) -> bool:
    """Tell whether *field* of *message* says anything."""
    return any(one.name == field for one, _ in message.ListFields())


def set_field(message: Message, field: str, value: object, *, there: bool) -> None:
    """Let *field* of *message* be *value*, or empty if it is not *there*."""
    message.ClearField(field)
    if not there:
        return
    if isinstance(value, Message):
        getattr(message, field).CopyFrom(value)
    elif isinstance(value, MutableMapping):
        getattr(message, field).update(value)
    else:
        setattr(message, field, value)
