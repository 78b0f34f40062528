"""The file of a state.

SQLite in WAL mode with `synchronous=NORMAL`: what was written outlives the process
however it ends.  If the machine loses power, the last calls may be lost, but never
a part of one, and the file stays whole.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from fakes.state.codec import UnreadableError, decode, encode
from fakes.state.table import Journal, Key, Table

K = TypeVar("K", bound=str | int)
V = TypeVar("V")

FORMAT: Final = 1
"""Counts changes of what is in the file: raise it with every one."""
_APPLICATION: Final = 0x6E696363  # "nicc"; tells our files from others
_BUSY: Final = 5  # SQLITE_BUSY
_SCHEMA: Final = (
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
    "CREATE TABLE starts (count INTEGER NOT NULL)",
    "INSERT INTO starts VALUES (0)",
    """CREATE TABLE entries (
        number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key NOT NULL,
        value TEXT NOT NULL, UNIQUE (kind, key)
    )""",
)
_PUT: Final = """
    INSERT INTO entries (kind, key, value) VALUES (?, ?, ?)
    ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value
"""
_DELETE: Final = "DELETE FROM entries WHERE kind = ? AND key = ?"


class StateError(Exception):
    """The file cannot be used as a state; the text says why."""


class StateFile:
    """Tables in a file, which is this process's alone while it is open.

    Args:
        path: The file; made, for its owner alone, if there is none.

    Attributes:
        path: Where it is.
        is_new: True if nothing was kept in it before.
        starts: How often it was opened before.

    Raises:
        StateError: If it is in use, of another version, or no state.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._journal = Journal(_wait)
        self._anew = False
        self._rows: defaultdict[str, list[tuple[Key, str]]] = defaultdict(list)
        try:
            path.touch(mode=0o600)  # it holds keys and tokens
            self._file = sqlite3.connect(path, isolation_level=None, timeout=0)
            try:
                self.starts = self._open()
            except BaseException:
                self._file.close()
                raise
        except OSError as error:
            msg = f"{path}: {error.strerror}"
            raise StateError(msg) from None
        except sqlite3.Error as error:
            msg = f"{path} {_reason(error)}"
            raise StateError(msg) from None
        self.is_new = not self._rows

    def table(self, kind: str, begun: dict[K, V]) -> dict[K, V]:
        """Return what there is of a *kind*, or *begun* if the file is new.

        Raises:
            StateError: If it cannot be understood.
        """
        if self.is_new:
            table = Table(kind, self._journal, begun.items())
            table.note_all()
            return table
        rows = self._rows.pop(kind, [])
        return Table(kind, self._journal, [self._read(kind, *row) for row in rows])

    def commit(self) -> None:
        """Write all that changed since the last time, or nothing of it.

        Raises:
            sqlite3.Error: If the file cannot be written, as on a full disk.
        """
        changes = self._journal.changes
        if not changes and not self._anew:
            return
        puts, deletes = [], []
        for (kind, key), table in changes.items():
            if key in table:
                puts.append((kind, key, encode(table[key])))
            else:
                deletes.append((kind, key))
        with self._file:
            self._file.execute("BEGIN")
            if self._anew:
                self._file.execute("DELETE FROM entries")
            self._file.executemany(_DELETE, deletes)
            self._file.executemany(_PUT, puts)
        changes.clear()
        self._anew = False

    def begin_anew(self) -> None:
        """Let the file be new; what was in it goes with the next `commit`.

        Tables that were handed out are nobody's any more.
        """
        self._journal = Journal(self._journal.on_first)
        self._anew = self.is_new = True

    def on_change(self, hook: Callable[[], object]) -> None:
        """Call *hook* with the first change after each `commit`."""
        self._journal.on_first = hook

    def close(self) -> None:
        """Write what is left, and let others have the file."""
        self.commit()
        self._file.close()

    def _open(self) -> int:
        """Take hold of the file, read it, and return how often that was done."""
        run = self._file.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        [[tables]] = run("SELECT count(*) FROM sqlite_schema")
        [[application]] = run("PRAGMA application_id")
        [[version]] = run("PRAGMA user_version")
        if (tables or application) and application != _APPLICATION:
            msg = f"{self.path} is a database, but not of the local cloud"
            raise StateError(msg)
        if tables and version != FORMAT:
            msg = f"{self.path} has format {version}, and this is format {FORMAT}"
            raise StateError(msg)
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        if not tables:
            with self._file:
                for statement in ("BEGIN", *_SCHEMA):
                    run(statement)
        [[starts]] = run("SELECT count FROM starts")
        run("UPDATE starts SET count = count + 1")
        query = "SELECT kind, key, value FROM entries ORDER BY number"
        for kind, key, value in run(query):
            self._rows[kind].append((key, value))
        return int(starts)

    def _read(self, kind: str, key: Key, text: str) -> tuple[K, V]:
        try:
            return key, decode(text)  # type: ignore[return-value]  # as it was put
        except UnreadableError as error:
            msg = f"{self.path}: cannot understand {key!r} among {kind}: {error}"
            raise StateError(msg) from None


def _wait() -> None:
    """Do nothing about a change: somebody will write it."""


def _reason(error: sqlite3.Error) -> str:
    if error.sqlite_errorcode == _BUSY:
        return "is in use by another process"
    return f"cannot be used as a state: {error}"
