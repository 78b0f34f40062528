"""Paths as `google.api.http` writes them, and what a URL says in their place.

(googleapis: google/api/http.proto, "Path template syntax")
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_ONE: Final = "*"
_REST: Final = "**"
_TOKEN: Final = re.compile(r"\{([^{}=]+)=?([^{}]*)\}|([^/{}]+)")
_SLASH: Final = re.compile(r"(%2[fF])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A part of the path that is a field of the request.

    Attributes:
        field: Its name, with dots before those of fields within.
        start: Its first segment, counted from 0.
        stop: The segment after its last one; None if it takes all that is left.
        long: True if it may hold slashes; then `%2F` stays as it is.
    """

    field: str
    start: int
    stop: int | None
    long: bool

    def read(self, parts: list[str]) -> str:
        """Return what the segments of a path, as sent, say of it.

        Raises:
            ValueError: If that is not UTF-8.
        """
        text = "/".join(parts[self.start : self.stop])
        if not self.long:
            return unquote(text, errors="strict")
        pieces = _SLASH.split(text)
        # Every other piece is an encoded slash.
        pieces[::2] = [unquote(one, errors="strict") for one in pieces[::2]]
        return "".join(pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A path with variables.

    Attributes:
        segments: Literal texts, `*` for any one segment, and at the end perhaps
            `**` for any number of them.
        variables: Which of them are whose.
        verb: What stands behind the colon; empty if there is none.
    """

    segments: tuple[str, ...]
    variables: tuple[Variable, ...]
    verb: str

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Read a path such as `/v1/{name=shelves/*}/books/{book.id}:open`.

        Raises:
            ValueError: If anything follows `**`.
        """
        path, _, verb = text.partition(":")
        segments: list[str] = []
        variables: list[Variable] = []
        for field, pattern, literal in _TOKEN.findall(path):
            own = (pattern or _ONE).split("/") if field else [literal]
            start, stop = len(segments), len(segments) + len(own)
            segments += own
            if field:
                variables.append(
                    Variable(
                        field=field,
                        start=start,
                        stop=None if own[-1] == _REST else stop,
                        long=own != [_ONE],
                    )
                )
        if _REST in segments[:-1]:
            msg = f"{text}: ** must come last"
            raise ValueError(msg)
        return cls(segments=tuple(segments), variables=tuple(variables), verb=verb)

    def match(self, path: str) -> list[str] | None:
        """Return the segments of *path*, as sent and without verb, if it fits.

        A segment may be empty: `/instances/` is an instance without an id.
        """
        if self.verb:
            if not path.endswith(f":{self.verb}"):
                return None
            path = path[: -len(self.verb) - 1]
        parts = path.split("/")[1:]
        wanted = self.segments
        if wanted[-1:] == (_REST,):
            wanted = wanted[:-1]
            fits = len(parts) >= len(wanted)
        else:
            fits = len(parts) == len(wanted)
        pairs = zip(wanted, parts, strict=False)
        return parts if fits and all(w in (_ONE, p) for w, p in pairs) else None
