"""The file of a state: whose it is, what is in it, and when."""

import sqlite3

import pytest

from fakes.state import StateError, StateFile
from fakes.state.file import FORMAT


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state"


def kept(path, kind="things"):
    """Return what the file holds of a kind."""
    file = StateFile(path)
    try:
        return dict(file.table(kind, {}))
    finally:
        file._file.close()


def lose(file):
    """End as a process does that is killed."""
    file._file.close()


def refusal(path):
    with pytest.raises(StateError) as caught:
        StateFile(path)
    return str(caught.value)


def test_a_new_file_takes_what_the_model_has(path):
    """And only then: a file that was used gives what is in it."""
    file = StateFile(path)
    assert file.is_new
    assert file.table("things", {"a": 1, "b": [2]}) == {"a": 1, "b": [2]}
    file.close()
    again = StateFile(path)
    assert not again.is_new
    assert again.table("things", {"c": 3}) == {"a": 1, "b": [2]}
    assert again.table("others", {"c": 3}) == {}
    again.close()


def test_what_was_not_committed_is_lost_as_a_whole(path):
    """One commit is one transaction; what came after the last is not there."""
    file = StateFile(path)
    table = file.table("things", {})
    table["a"] = table["b"] = 1
    file.commit()
    del table["a"]
    table["c"] = 2
    lose(file)
    assert kept(path) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda it: it.pop("a"), {"b": 2}),
        (lambda it: it.pop("x", None), {"a": 1, "b": 2}),
        (lambda it: it.popitem(), {"a": 1}),
        (lambda it: it.clear(), {}),
        (lambda it: it.update(b=3, c=4), {"a": 1, "b": 3, "c": 4}),
        (lambda it: it.setdefault("a", 9), {"a": 1, "b": 2}),
        (lambda it: it.setdefault("c", 9), {"a": 1, "b": 2, "c": 9}),
        (lambda it: it.__ior__({"b": 5}), {"a": 1, "b": 5}),
        (lambda it: it.__delitem__("b"), {"a": 1}),
    ],
)
def test_every_change_of_a_table_is_kept(path, change, expected):
    """Whichever way a dict is changed, the file has it with the next commit."""
    file = StateFile(path)
    table = file.table("things", {"a": 1, "b": 2})
    file.commit()
    change(table)
    assert table == expected
    file.commit()
    lose(file)
    assert kept(path) == expected


def test_taking_out_what_is_not_there_is_an_error(path):
    """As with any dict."""
    file = StateFile(path)
    with pytest.raises(KeyError):
        file.table("things", {}).pop("x")
    file.close()


def test_the_order_and_the_types_of_keys_are_kept(path):
    """Oldest first, though some were put anew; numbers stay numbers."""
    file = StateFile(path)
    names, numbers = file.table("names", {}), file.table("numbers", {})
    for name in ("c", "a", "b"):
        names[name] = 0
    numbers[10] = numbers[9] = "x"
    file.commit()
    names["c"] = 1
    file.close()
    again = StateFile(path)
    assert list(again.table("names", {})) == ["c", "a", "b"]
    assert list(again.table("numbers", {})) == [10, 9]
    again.close()


def test_the_first_change_after_a_commit_is_told(path):
    """Once, so that whoever is told can write all that follows together."""
    file, told = StateFile(path), []
    file.on_change(lambda: told.append("changed"))
    table = file.table("things", {})
    assert told == []
    table["a"] = table["b"] = 1
    assert told == ["changed"]
    file.commit()
    table["a"] = 2
    assert told == ["changed", "changed"]
    file.close()


def test_beginning_anew_replaces_everything_in_one_commit(path):
    """Until then, the file has what it had; old tables change nothing any more."""
    file = StateFile(path)
    old = file.table("things", {"a": 1})
    file.commit()
    file.begin_anew()
    old["b"] = 2
    lose(file)
    assert kept(path) == {"a": 1}
    file = StateFile(path)
    file.begin_anew()
    file.table("things", {"c": 3})
    file.commit()
    lose(file)
    assert kept(path) == {"c": 3}


def test_starts_are_counted(path):
    """Also those that committed nothing."""
    counts = []
    for _ in range(3):
        file = StateFile(path)
        counts.append(file.starts)
        lose(file)
    assert counts == [0, 1, 2]


def test_only_its_owner_may_read_it(path):
    """There are keys and tokens in it."""
    StateFile(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_in_use_is_refused(path):
    """One process has it, from the beginning to the end."""
    file = StateFile(path)
    assert refusal(path) == f"{path} is in use by another process"
    file.close()
    StateFile(path).close()


def test_what_is_no_database_is_refused(path):
    """And stays as it is."""
    path.write_text("something else " * 100)
    assert refusal(path) == (
        f"{path} cannot be used as a state: file is not a database"
    )
    assert path.read_text().startswith("something else")


def test_the_database_of_something_else_is_refused(path):
    """And nothing in it changes, not even how it is journalled."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE things (name)")
    other.close()
    before = path.read_bytes()
    assert refusal(path) == f"{path} is a database, but not of the local cloud"
    assert path.read_bytes() == before


def test_another_format_is_refused(path):
    """With both numbers."""
    StateFile(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    assert refusal(path) == f"{path} has format 99, and this is format {FORMAT}"


def test_a_place_where_no_file_can_be_is_refused(tmp_path):
    """In the words of the system."""
    path = tmp_path / "nowhere" / "state"
    assert refusal(path) == f"{path}: No such file or directory"


def test_a_row_that_cannot_be_understood_is_named(path):
    """With its kind and key, not with what is in it."""
    file = StateFile(path)
    file.table("things", {"a": 1})
    file.close()
    other = sqlite3.connect(path)
    other.execute("""UPDATE entries SET value = '{"value":"Popen","fields":{}}'""")
    other.commit()
    other.close()
    file = StateFile(path)
    with pytest.raises(
        StateError, match="cannot understand 'a' among things: KeyError"
    ):
        file.table("things", {})
    file.close()
