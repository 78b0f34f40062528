"""Runs Terraform, with the local cloud as its provider."""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import click

MODULE: Final = Path(__file__).parent.parent / "terraform"
"""The module of this checkout."""

_INHERITED: Final = ("PATH", "HOME", "TMPDIR")
_ENVIRONMENT: Final = {
    "CHECKPOINT_DISABLE": "1",  # nobody is asked for a newer Terraform
    "TF_CLI_CONFIG_FILE": os.devnull,
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terraform:
    """A folder with a configuration, and where its provider is.

    Attributes:
        folder: The folder; state is kept in it, too.
        provider: The variables with which Terraform finds the provider.
        on_line: Gets each line that Terraform prints.
    """

    folder: Path
    provider: Mapping[str, str]
    on_line: Callable[[str], object] = field(default=lambda _line: None)

    async def run(self, *arguments: str) -> str:
        """Return what `terraform` with *arguments* printed.

        Raises:
            click.ClickException: If it failed, with what it printed of errors, or if
                there is none on this machine.
        """
        program = shutil.which("terraform")
        if program is None:
            msg = "there is no terraform on this machine: it has to be on the PATH"
            raise click.ClickException(msg)
        process = await asyncio.create_subprocess_exec(
            program,
            f"-chdir={self.folder}",
            *arguments,
            "-no-color",
            env={**_inherited(), **_ENVIRONMENT, **self.provider},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        stdout = cast("asyncio.StreamReader", process.stdout)
        stderr = cast("asyncio.StreamReader", process.stderr)
        printed, errors = await asyncio.gather(self._told(stdout), stderr.read())
        if await process.wait():
            msg = f"terraform {arguments[0]} failed:\n{errors.decode().strip()}"
            raise click.ClickException(msg)
        return printed

    async def _told(self, stream: asyncio.StreamReader) -> str:
        lines = []
        async for line in stream:
            lines.append(line.decode())
            self.on_line(lines[-1].rstrip())
        return "".join(lines)


def _inherited() -> dict[str, str]:
    found = ((name, os.environ.get(name)) for name in _INHERITED)  # noqa: TID251
    return {name: value for name, value in found if value is not None}
