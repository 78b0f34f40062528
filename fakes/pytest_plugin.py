"""The local cloud as fixtures, for the tests of whoever installs this package.

Nothing of the cloud is loaded before a test asks for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from yandexcloud import SDK  # type: ignore[attr-defined]  # documented

    from fakes.sandbox import Sandbox, SandboxClock, SandboxQueues

_CLOCKS: Final = ("virtual", "real")
_MARKER: Final = (
    "local_cloud(clock='virtual', seed=1, durations=None, manners=GOOD): "
    "how the local cloud of a test behaves."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the clock be chosen for all tests."""
    parser.addini(
        "local_cloud_clock",
        "The clock of the local cloud: virtual or real.",
        default=_CLOCKS[0],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let it, and more, be chosen for some."""
    config.addinivalue_line("markers", _MARKER)


class _Sandboxes:
    """One cloud for each clock, started when first needed."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self._folder = folder
        self._ends = ends
        self._found: dict[str, Sandbox] = {}

    def with_clock(self, clock: str) -> "Sandbox":
        from fakes.sandbox import Sandbox  # noqa: PLC0415 - few sessions need it

        if clock not in _CLOCKS:
            msg = f"the clock of a local cloud is virtual or real, not {clock!r}"
            raise pytest.UsageError(msg)
        if clock not in self._found:
            folder = self._folder / clock
            folder.mkdir()
            sandbox = Sandbox(folder, virtual=clock == "virtual")
            self._found[clock] = self._ends.enter_context(sandbox)
        return self._found[clock]


@pytest.fixture(scope="session")
def local_clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Sandboxes]:
    """Servers on free ports, which live as long as the session."""
    with ExitStack() as ends:
        yield _Sandboxes(tmp_path_factory.mktemp("local-cloud"), ends)


@pytest.fixture
def cloud(local_clouds: _Sandboxes, request: pytest.FixtureRequest) -> "Sandbox":
    """A local cloud in which nothing has happened yet; see `fakes.sandbox`."""
    from fakes.estate import new_estate  # noqa: PLC0415 - few sessions need it

    marker = request.node.get_closest_marker("local_cloud")
    wishes: dict[str, Any] = {
        "clock": request.config.getini("local_cloud_clock"),
        "seed": 1,
        **(marker.kwargs if marker else {}),
    }
    sandbox = local_clouds.with_clock(wishes.pop("clock"))
    sandbox.reset(new_estate(**wishes))
    return sandbox


@pytest.fixture
def clock(cloud: "Sandbox") -> "SandboxClock":
    """The time of `cloud`: `turn` it, or `wait_for` something."""
    return cloud.clock


@pytest.fixture
def queues(cloud: "Sandbox") -> "SandboxQueues":
    """Message Queue of `cloud`, without signatures."""
    return cloud.queues


@pytest.fixture
def sdk(cloud: "Sandbox") -> "SDK":
    """The Yandex Cloud SDK, connected to `cloud`."""
    return cloud.sdk()
