"""Source code as it is deployed: without docstrings, line for line the same."""

import ast
from collections.abc import Iterator

_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def without_docstrings(source: bytes) -> bytes:
    r"""Return *source* with `""` in the place of each docstring.

    A third of what is to be uploaded, and read at every cold start, is documentation.
    All lines keep their numbers, so that a traceback means the same.
    """
    lines = source.splitlines(keepends=True)
    for text in sorted(_docstrings(ast.parse(source)), key=_line, reverse=True):
        first, last = text.lineno - 1, (text.end_lineno or text.lineno) - 1
        before = lines[first][: text.col_offset]
        after = lines[last][text.end_col_offset :]
        lines[first : last + 1] = [before + b'""' + after, *[b"\n"] * (last - first)]
    return b"".join(lines)


def _docstrings(tree: ast.AST) -> Iterator[ast.Expr]:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False):
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield first


def _line(node: ast.Expr) -> int:
    return node.lineno
