"""Where an API gateway sends a request: path templates and the functions behind.

(yandex-cloud/docs: en/api-gateway/concepts/extensions/cloud-functions.md,
greedy-parameters.md, function-authorizer.md)
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

_PARAMETER: Final = re.compile(r"\{([^{}+]+)(\+?)\}")
_VERSIONS: Final = ("0.1", "1.0")


class Invocable(Protocol):
    """A deployed function whose result somebody waits for."""

    async def invoke(self, event: Any, request_id: str) -> Any:
        """Return its result.

        Raises:
            FunctionError: If there is none.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """One operation of an API gateway, which calls a function for it.

    The gateway has a service account that may call private functions; who may
    call the gateway is up to the authorizer.

    Attributes:
        method: As `POST`.
        path: A template: `{name}` is a piece of one segment, `{name+}` of any
            number of segments.
        function: What is called.
        operation_id: Its name in the gateway's specification.
        query: The parameters of the query that the specification names.
        context: The operation's context, of at most 2 KB.
        authorizer: A function that says who may pass; None lets all pass.
        payload_version: `0.1` or `1.0`: how the event looks.

    Raises:
        ValueError: If the version is neither.
    """

    method: str
    path: str
    function: Invocable
    operation_id: str = ""
    query: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    authorizer: Invocable | None = None
    payload_version: str = "0.1"

    def __post_init__(self) -> None:
        if self.payload_version not in _VERSIONS:
            msg = f"payload_version must be 0.1 or 1.0, not {self.payload_version!r}"
            raise ValueError(msg)

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters in *path*, None if this is no such request."""
        if method != self.method:
            return None
        found = re.fullmatch(self._pattern(), path)
        if found is None:
            return None
        names = (name for name, _ in _PARAMETER.findall(self.path))
        return dict(zip(names, found.groups(), strict=True))

    def _pattern(self) -> str:
        # The split leaves text, name, sign, text, name, sign, … text.
        parts = _PARAMETER.split(self.path)
        signs = ["(.+)" if sign else "([^/]+)" for sign in parts[2::3]]
        texts = [re.escape(text) for text in parts[::3]]
        return "".join(
            text + sign for text, sign in zip(texts, [*signs, ""], strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A route that was found, and the parameters in the path."""

    route: HttpRoute
    parameters: dict[str, str]


def find(routes: Iterable[HttpRoute], method: str, path: str) -> Match | None:
    """Return the route of a request, the one with the fewest parameters first.

    Assumption: the documentation says nothing of templates that overlap.
    """
    for route in sorted(routes, key=lambda one: one.path.count("{")):
        parameters = route.match(method, path)
        if parameters is not None:
            return Match(route=route, parameters=parameters)
    return None
