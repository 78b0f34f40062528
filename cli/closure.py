"""Which modules code imports, directly and through others; none of it is run."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_SUFFIXES: Final = (".py", "/__init__.py")
# A compiled module names those that it imports, among much else.
_DOTTED: Final = re.compile(rb"[a-z_]+(?:\.[a-zA-Z_0-9]+)+")
_EXTENSION: Final = re.compile(r"\.(?:cpython-\d+|abi3)[^/]*\.so$")
_CAUGHT: Final = {"ImportError", "ModuleNotFoundError", "Exception"}


@dataclass(frozen=True, slots=True)
class Import:
    """A module that may be imported: what `import a.b` or `from a.b import c` names.

    Attributes:
        name: As `a.b.c`, where `c` may be no module.
        optional: True if the code may do without it.
    """

    name: str
    optional: bool


@dataclass(slots=True)
class Closure:
    """All that is imported from a number of files.

    What may be done without is taken if it comes with something else that is needed,
    from the same wheel; not if it would bring another one.

    Args:
        files: Contents by their paths, all that there is.
        origins: Which wheel a file is from, by its path; '' for none.
    """

    files: Mapping[str, bytes]
    origins: Mapping[str, str]
    _modules: dict[str, str] = field(default_factory=dict)
    _found: dict[str, None] = field(default_factory=dict)
    _tried: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.files:
            name = _module_of(path)
            if name:
                self._modules.setdefault(name, path)

    def of(self, roots: Iterable[str]) -> list[str]:
        """Return the paths of what the files *roots* need, those among them, sorted."""
        self._follow(list(roots))
        while True:
            wheels = {self.origins.get(path, "") for path in self._found}
            more = [
                path
                for path in self._tried
                if path not in self._found and self.origins.get(path, "") in wheels
            ]
            if not more:
                return sorted(self._found)
            self._follow(more)

    def _follow(self, paths: list[str]) -> None:
        while paths:
            path = paths.pop()
            if path in self._found:
                continue
            self._found[path] = None
            for one in self._imports(path):
                for needed in self._paths(one.name):
                    if one.optional:
                        self._tried[needed] = None
                    else:
                        paths.append(needed)

    def _imports(self, path: str) -> Iterator[Import]:
        content = self.files[path]
        if path.endswith(".py"):
            package = _module_of(path) or ""
            if not path.endswith("/__init__.py"):
                package = package.rpartition(".")[0]
            reader = _Reader(package, foreign=bool(self.origins.get(path)))
            yield from reader.read(ast.parse(content))
            return
        for name in set(_DOTTED.findall(content)):
            yield Import(name.decode(), optional=True)

    def _paths(self, name: str) -> Iterator[str]:
        """Yield the files of a module and of all packages that it is in."""
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            path = self._modules.get(".".join(parts[:end]))
            if path is not None:
                yield path


def _module_of(path: str) -> str | None:
    """Return the name of the module in the file at *path*, None if there is none."""
    extension = _EXTENSION.search(path)
    if extension:
        return path[: extension.start()].replace("/", ".")
    if not path.endswith(".py"):
        return None
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds what a module imports.

    Optional is what is tried only, within `try … except ImportError`; what depends on
    a condition when the module is imported, for another version of Python would need
    it; and what a library imports only when it is called: the code that calls it would
    need the other library anyway.

    Attributes:
        package: The package that the module is in.
        foreign: True if it is not ours.
    """

    package: str
    foreign: bool

    def read(
        self, node: ast.AST, *, optional: bool = False, called: bool = False
    ) -> Iterator[Import]:
        """Yield what is imported in *node*, a part of the module."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, optional)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, self.package)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", optional)
        elif not _is_for_checkers(node):
            called = called or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            tried = _tried(node, called=called)
            for child in ast.iter_child_nodes(node):
                may_lack = optional or child in tried or (self.foreign and called)
                yield from self.read(child, optional=may_lack, called=called)


def _tried(node: ast.AST, *, called: bool) -> list[ast.stmt]:
    """Return the statements in *node* that a module may do without."""
    if isinstance(node, ast.Try) and _catches_imports(node):
        return node.body
    if isinstance(node, ast.If) and not called:
        return [*node.body, *node.orelse]
    return []


def _base(node: ast.ImportFrom, package: str) -> str:
    """Return the module that `from … import` names, dots or not."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _catches_imports(node: ast.Try) -> bool:
    names = {
        one.id
        for handler in node.handlers
        for one in ast.walk(handler.type or ast.Name("Exception"))
        if isinstance(one, ast.Name)
    }
    return bool(names & _CAUGHT)


def _is_for_checkers(node: ast.AST) -> bool:
    """Tell whether it is what only type checkers look at."""
    if not isinstance(node, ast.If):
        return False
    names = [one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)]
    names += [one.attr for one in ast.walk(node.test) if isinstance(one, ast.Attribute)]
    return "TYPE_CHECKING" in names
