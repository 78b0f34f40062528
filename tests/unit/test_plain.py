"""What is deployed is the source, line for line, without its documentation."""

import ast

import pytest

from cli.plain import without_docstrings

SOURCE = b'''"""A module
of two lines."""

NAME = "not a docstring"


class Empty:
    """Only this."""


async def f(x):  # the sign \xc3\xbc
    """Sum.

    Long.
    """
    return """kept""" + x


def g(): """Short."""
'''


def test_docstrings_go_and_lines_stay():
    """Every line has its number still, and what is left means the same."""
    plain = without_docstrings(SOURCE)
    assert plain.count(b"\n") == SOURCE.count(b"\n")
    for word in (b"two lines", b"Only this", b"Long.", b"Short"):
        assert word not in plain
    for word in (b"not a docstring", b'"""kept"""', "the sign ü".encode()):
        assert plain.splitlines().index(
            _line(plain, word)
        ) == SOURCE.splitlines().index(_line(SOURCE, word))
    assert {type(one) for one in ast.parse(plain).body} == {
        ast.Expr,
        ast.Assign,
        ast.ClassDef,
        ast.AsyncFunctionDef,
        ast.FunctionDef,
    }


def _line(source, word):
    return next(one for one in source.splitlines() if word in one)


@pytest.mark.parametrize("source", [b"", b"x = 1\n", b"def f():\n    return 1\n"])
def test_what_has_no_docstrings_stays_as_it_is(source):
    """To the byte."""
    assert without_docstrings(source) == source
