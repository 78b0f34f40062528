"""The fields that the published schemas name."""

import json
from pathlib import Path

import events

SCHEMAS = Path(events.__file__).parent / "schemas"


def fields(document):
    """Yield the names of all fields in a document, those of labels too."""
    if isinstance(document, dict):
        yield from document
    if isinstance(document, dict | list):
        inner = document.values() if isinstance(document, dict) else document
        for one in inner:
            yield from fields(one)


def published(name="policies.schema.json", place="#"):
    """Yield the names of all fields in a published schema, and in what it refers to."""
    whole = json.loads((SCHEMAS / name).read_text())
    found = whole
    for step in place.strip("#/").split("/"):
        found = found[step] if step else found
    if place == "#":
        found = {key: one for key, one in found.items() if key != "$defs"}
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one.get("properties", ())
            if "$ref" in one:
                file, _, inner = one["$ref"].partition("#")
                yield from published(file or name, inner)
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
