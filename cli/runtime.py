"""The Python that runs functions, and the machine it runs on."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

# Ubuntu 22.04 on x86_64 (yandex-cloud/docs: en/functions/concepts/runtime/index.md) has
# glibc 2.35: it takes wheels of all these, and pip there may choose any of them.
PLATFORMS: Final = (
    ("manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64"),
)

_TELL: Final = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A runtime of Cloud Functions.

    Attributes:
        name: Its id, as `python312`.
    """

    name: str

    @classmethod
    def running(cls) -> "Runtime":
        """Return the one that is like the Python that runs this."""
        return cls(f"python{sys.version_info.major}{sys.version_info.minor}")

    @property
    def version(self) -> str:
        """Its Python, as `3.12`."""
        digits = self.name.removeprefix("python")
        return f"{digits[0]}.{digits[1:]}"

    @property
    def tag(self) -> str:
        """How its Python marks compiled files, as `cpython-312`."""
        return f"cpython-{self.name.removeprefix('python')}"

    def interpreter(self, given: Path | None) -> str:
        """Return a Python of its version: *given*, the running one, or from the PATH.

        Raises:
            click.ClickException: If that is none: what is compiled by another one
                cannot be read.
        """
        if given is None and self == Runtime.running():
            return sys.executable
        program = str(given or f"python{self.version}")
        found = _version_of(program)
        if found != self.version:
            what = f"is Python {found}" if found else "cannot be run"
            msg = (
                f"{program} {what}: to compile for {self.name} takes a Python"
                f" {self.version} (--python)"
            )
            raise click.ClickException(msg)
        return program


def _version_of(program: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a Python that the user names
            [program, "-I", "-c", _TELL], check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
