"""Runs in a function's own process: loads its entry point and answers calls.

Started as a script, without the rest of the local cloud: one JSON line in, one
out, on pipes of their own, so that what the function prints stays its log.
"""

import asyncio
import importlib
import inspect
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TextIO

Handler = Callable[[Any, Any], Any]


class Context:
    """What a handler gets beside its event.

    (yandex-cloud/docs: en/functions/lang/python/context.md) gives some of the
    attributes, a sample in handler.md the others.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.__dict__.update(fields)
        self.deadline_ms: int = fields["deadline_ms"]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left before the platform ends the call."""
        now_ms = time.time() * 1000  # noqa: TID251 - as a real runtime does
        return max(0, round(self.deadline_ms - now_ms))


def load(entrypoint: str) -> Handler:
    """Return the handler that `<file>.<function>` names.

    Raises:
        ImportError, AttributeError: If there is none.
    """
    module, _, function = entrypoint.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), function)
    return handler


def answer(handler: Handler, call: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of one call, or its error in the platform's shape.

    (yandex-cloud/docs: en/functions/lang/python/errors.md)
    """
    try:
        result = handler(call["event"], Context(call["context"]))
        if inspect.iscoroutine(result):  # `async def` is documented too
            result = asyncio.run(result)
    except Exception as error:  # noqa: BLE001 - whatever user code raises is an answer
        return {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
    return {"result": result}


def serve(handler: Handler, calls: TextIO, answers: TextIO) -> None:
    """Answer *calls*, a line each, until they end."""
    for line in calls:
        found = answer(handler, json.loads(line))
        answers.write(json.dumps(found, default=str) + "\n")
        answers.flush()


def main(entrypoint: str, calls_fd: str, answers_fd: str) -> None:
    """Serve the entry point of the code in the current folder."""
    sys.path.insert(0, "")
    with (
        os.fdopen(int(calls_fd), encoding="utf-8") as calls,
        os.fdopen(int(answers_fd), "w", encoding="utf-8") as answers,
    ):
        serve(load(entrypoint), calls, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
