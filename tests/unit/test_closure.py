"""What code imports is found without running it, and no more than that."""

import pytest

from cli.closure import Closure

FILES = {
    "main.py": "import pkg.used\nfrom pkg import names, thing\n",
    "pkg/__init__.py": "",
    "pkg/used.py": "from . import near\nfrom ..pkg.far import x\nimport json\n",
    "pkg/near.py": "def f():\n    from pkg import late\n",
    "pkg/far.py": "x = 1\n",
    "pkg/late.py": "",
    "pkg/names.py": "",
    "pkg/unused.py": "import lib\n",
    "lazy.py": "def f():\n    import lib.core\n",
    "types.py": "if TYPE_CHECKING:\n    import lib.core\n",
    "typed.py": "if typing.TYPE_CHECKING:\n    import lib.core\n",
    "tries.py": "try:\n    import lib.core\nexcept ImportError:\n    import pkg.far\n",
    "tries_all.py": "try:\n    import lib\nexcept:\n    pass\n",
    "no_help.py": "try:\n    import lib\nexcept KeyError:\n    pass\n",
    "old.py": "if sys.version_info < (3, 9):\n    import lib.core\n",
    "lib/__init__.py": "",
    "lib/core.py": "import lib.speed\nimport other\n\ndef f():\n    import third\n",
    "lib/speed.cpython-312-x86_64-linux-gnu.so": "\0lib.hidden\0nothing.here\0",
    "lib/hidden.py": "try:\n    import lib.maybe, third\nexcept ImportError: ...\n",
    "lib/maybe.py": "",
    "other.py": "",
    "third.py": "",
    "lib/notes.txt": "no module",
}
ORIGINS = {path: "lib.whl" for path in FILES if path.startswith("lib/")} | {
    "other.py": "other.whl",
    "third.py": "third.whl",
}
LIB = {
    "lib/__init__.py",
    "lib/core.py",
    "lib/hidden.py",
    "lib/maybe.py",
    "lib/speed.cpython-312-x86_64-linux-gnu.so",
    "other.py",
}


def closure(*roots):
    files = {path: content.encode() for path, content in FILES.items()}
    return set(Closure(files, ORIGINS).of(roots))


def test_imports_are_followed_by_all_their_names():
    """Packages, modules, names that are modules, dots, and imports within functions."""
    assert closure("main.py") == {
        "main.py",
        "pkg/__init__.py",
        "pkg/used.py",
        "pkg/near.py",
        "pkg/far.py",
        "pkg/late.py",
        "pkg/names.py",
    }


def test_a_library_comes_with_what_it_needs():
    """With what its compiled modules name, and what it tries of its own; without what
    it could use of another library.
    """
    assert closure("lazy.py") == {"lazy.py"} | LIB
    assert "third.py" not in closure("lazy.py")


@pytest.mark.parametrize("root", ["types.py", "typed.py", "old.py", "tries_all.py"])
def test_what_may_be_missing_brings_no_library(root):
    """What type checkers, other Pythons and tries import."""
    assert closure(root) == {root}


def test_what_stands_in_is_needed():
    """What is imported if something else cannot be."""
    assert closure("tries.py") == {"tries.py", "pkg/__init__.py", "pkg/far.py"}


def test_another_error_makes_no_try():
    """Who catches something else needs what is imported."""
    assert "lib/__init__.py" in closure("no_help.py")
