"""Any message of a type, and any message as an HTTP request."""

import json
from urllib.parse import quote, urlencode

from google.protobuf.json_format import MessageToDict
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

_NAMES = st.text("abcdefgh", min_size=1, max_size=4)
_WELL_KNOWN = {
    "google.protobuf.Timestamp": st.fixed_dictionaries(
        {
            "seconds": st.integers(-62135596800, 253402300799),
            "nanos": st.integers(0, 999_999_999),
        }
    ),
    "google.protobuf.Duration": st.fixed_dictionaries(
        {"seconds": st.integers(0, 315_576_000_000), "nanos": st.integers(0, 10**9 - 1)}
    ),
    "google.protobuf.FieldMask": st.fixed_dictionaries(
        {"paths": st.lists(st.lists(_NAMES, min_size=1).map("_".join), max_size=3)}
    ),
    "google.protobuf.Struct": st.fixed_dictionaries(
        {"fields": st.dictionaries(_NAMES, st.just({"bool_value": True}), max_size=2)}
    ),
}
_INTEGERS = {"INT32": (-(2**31), 2**31), "UINT32": (0, 2**32)} | {
    "INT64": (-(2**63), 2**63),
    "UINT64": (0, 2**64),
}
_SCALARS = {
    "BOOL": st.booleans(),
    "DOUBLE": st.floats(allow_nan=False),
    "FLOAT": st.floats(width=32, allow_nan=False),
    "BYTES": st.binary(max_size=5),
    "STRING": st.text(max_size=5),
} | {kind: st.integers(low, high - 1) for kind, (low, high) in _INTEGERS.items()}


def messages(descriptor):
    """Return a strategy of messages of a type."""
    made = GetMessageClass(descriptor)
    return _contents(descriptor).map(lambda content: made(**content))


def _contents(descriptor):
    if descriptor.full_name in _WELL_KNOWN:
        return _WELL_KNOWN[descriptor.full_name]
    # Of a group of fields, one alone may be there.
    groups = {}
    for field in descriptor.fields:
        group = field.containing_oneof or field
        groups.setdefault(group.name, []).append(field)
    chosen = [st.sampled_from(fields) for fields in groups.values()]
    return st.tuples(*chosen).flatmap(
        lambda fields: st.fixed_dictionaries(
            {}, optional={field.name: _values(field) for field in fields}
        )
    )


def _values(field):
    kind = field.message_type
    if kind and kind.GetOptions().map_entry:
        key, value = (kind.fields_by_name[one] for one in ("key", "value"))
        return st.dictionaries(_single(key), _single(value), max_size=2)
    if field.is_repeated:
        return st.lists(_single(field), max_size=2)
    return _single(field)


def _single(field):
    if field.message_type:
        return st.deferred(lambda: messages(field.message_type))
    if field.enum_type:
        return st.sampled_from([one.number for one in field.enum_type.values])
    names = {getattr(type(field), f"TYPE_{name}"): name for name in _SCALARS}
    return _SCALARS[names[field.type]]


def as_http(binding, message):
    """Return path, query and body for *message*; its text goes where it can."""
    rest = type(message)()
    rest.CopyFrom(message)
    path = _path(binding, rest)
    body = b""
    if binding.body == "*":
        body = json.dumps(MessageToDict(rest)).encode()
        rest.Clear()
    elif binding.body:
        body = json.dumps(MessageToDict(getattr(rest, binding.body))).encode()
        rest.ClearField(binding.body)
    return path, urlencode(list(_parameters(MessageToDict(rest)))).encode(), body


def _path(binding, rest):
    """Return the path; take what it says out of *rest*."""
    segments = list(binding.template.segments)
    for variable in binding.template.variables:
        *outer, last = variable.field.split(".")
        holder = rest
        for step in outer:
            holder = getattr(holder, step)
        text = str(getattr(holder, last))
        segments[variable.start] = quote(text, safe="/" if variable.long else "")
        for at in range(variable.start + 1, variable.stop or len(segments)):
            segments[at] = None
        holder.ClearField(last)
    verb = binding.template.verb
    known = [one for one in segments if one is not None]
    return "/" + "/".join(known) + (f":{verb}" if verb else "")


def _parameters(content, prefix=""):
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _parameters(value, f"{prefix}{name}.")
        else:
            for one in value if isinstance(value, list) else [value]:
                yield prefix + name, _text(one)


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
