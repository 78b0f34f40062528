"""The consumer's kit takes the first outcome of an id, and no other."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from events.consuming import MemoryStore, first_outcome
from events.decision import Verdict
from events.outcome import of_task, render_outcome
from events.reading import InvalidDocumentError
from tests.unit.build import (
    NOW,
    request,
    task,
)

LATER = NOW + timedelta(minutes=5)
OPERATION = {"id": "fhm-operation-1", "done": True}


def settled(verdict=Verdict.ATTACHED, **more):
    return render_outcome(of_task(task(looks=3), verdict, LATER, **more))


def test_the_first_outcome_of_an_id_counts():
    """A second one is none, whatever its verdict is; another id is another."""
    store = MemoryStore()
    other = of_task(task(request=request(id="other")), Verdict.ATTACHED, LATER)
    bodies = [settled(), settled(Verdict.VANISHED), render_outcome(other)]
    found = [first_outcome(body, store) for body in bodies]
    assert [one and (one.id, one.verdict) for one in found] == [
        ("request-1", Verdict.ATTACHED),
        None,
        ("other", Verdict.ATTACHED),
    ]


def test_what_cannot_be_read_is_not_remembered():
    """The id is still new when a good outcome comes."""
    store = MemoryStore()
    with pytest.raises(InvalidDocumentError):
        first_outcome(settled().replace('"time": "', '"time": "yester'), store)
    assert first_outcome(settled(), store).id == "request-1"


def test_a_store_in_memory_is_bounded():
    """Beyond its capacity the oldest id is forgotten, and no other."""
    store = MemoryStore(2)
    added = [store.add(one) for one in ("a", "b", "a", "c", "b", "c", "a")]
    assert added == [True, True, False, True, False, False, True]


def test_a_store_remembers_something():
    """One without room would find everything new."""
    with pytest.raises(ValueError, match="one id at least"):
        MemoryStore(0)


def test_threads_share_a_store():
    """Of any number of threads that add the same id, one finds it new."""
    store, together = MemoryStore(10_000), threading.Barrier(8)
    won = []

    def add():
        together.wait(timeout=10)
        won.extend(number for number in range(1_000) if store.add(str(number)))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(won) == list(range(1_000))


class SqliteStore:
    """As the README shows it."""

    def __init__(self, database):
        database.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
        self._database = database

    def add(self, outcome_id):
        insert = "INSERT OR IGNORE INTO seen VALUES (?)"
        return self._database.execute(insert, (outcome_id,)).rowcount == 1


def consume(database, store, *, crash):
    """Handle an outcome in the transaction in which its id is added."""
    with database:
        outcome = first_outcome(settled(), store)
        if outcome is not None:
            database.execute("INSERT INTO done VALUES (?)", (outcome.subject,))
        if crash:
            raise KeyboardInterrupt


def test_a_database_handles_each_outcome_once(tmp_path):
    """In one transaction with the effect, a crash undoes both and a repeat
    neither loses nor doubles it.
    """
    file = tmp_path / "outcomes.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE done (subject TEXT)")
    store = SqliteStore(database)
    with pytest.raises(KeyboardInterrupt):
        consume(database, store, crash=True)
    for _ in range(2):
        consume(database, store, crash=False)
    database.close()
    again = sqlite3.connect(file)
    done = again.execute("SELECT subject FROM done").fetchall()
    again.close()
    assert done == [("fhm4k9v2c7t1x5n8w3qd/1",)]
