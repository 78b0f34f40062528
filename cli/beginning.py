"""What `nic cloud` begins with: a world file, a state, or neither."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from fakes.clock import Clock
from fakes.estate import Estate, Found, new_estate
from fakes.queue import Manners
from fakes.start import Start, WrongWorldError, read_start
from fakes.state import KeptEstates, StateError, StateFile


def read_world(file: BinaryIO | None, clock: Clock) -> Start:
    """Return what a world file says; exit if it is not said right."""
    if file is None:
        return Start()
    try:
        return read_start(file.read(), clock.now())
    except WrongWorldError as error:
        problems = [f"  {one}" for one in error.problems]
        msg = "\n".join([f"the world in {file.name} is wrong:", *problems])
        raise click.ClickException(msg) from None


@contextlib.contextmanager
def opened(path: Path | None) -> Iterator[StateFile | None]:
    """Yield the state in a file, None without one; exit if it cannot be used."""
    if path is None:
        yield None
        return
    try:
        with contextlib.closing(StateFile(path)) as file:
            yield file
    except StateError as error:
        raise click.ClickException(str(error)) from None


def estates(
    start: Start, file: StateFile | None, manners: Manners
) -> Callable[[int | None], Estate]:
    """Return what makes estates, from a seed: that of *file* first, if there is one.

    What changes in it without anybody being told is written soon, by the running
    event loop.
    """

    def begin(seed: int | None) -> Estate:
        estate = new_estate(seed, manners=manners, found=start.found)
        start.furnish(estate)
        return estate

    def resume(seed: int | None, found: Found) -> Estate:
        return new_estate(seed, manners=manners, found=found)

    if file is None:
        return begin
    file.on_change(lambda: asyncio.get_running_loop().call_soon(file.commit))
    return KeptEstates(file, begin, resume)


def tell(file: StateFile | None, world: BinaryIO | None) -> None:
    """Say so if there is a world file that nobody needs."""
    if file is not None and world is not None and not file.is_new:
        click.echo(f"{file.path} has a world already: {world.name} was not used")
