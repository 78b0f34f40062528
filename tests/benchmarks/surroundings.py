"""Where the functions are measured: what they would find on the platform, no more.

A fresh process sees the standard library, the packages that `requirements.txt`
pins, and the package of the functions.  The packages are those of the environment
that the tests run in, of the same versions, linked into a folder of their own.
"""

import compileall
import contextlib
import importlib.metadata
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cli.package import lay_out
from tests.benchmarks.processes import ROOT, started, wait_for_line

SUBJECTS = Path(__file__).with_name("subjects")
# What a client of the queue brings along, for who uses one.
BOTO = ("boto3", "botocore", "jmespath", "s3transfer", "python-dateutil")
_PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", re.MULTILINE)
_PATIENCE = 120


def pinned():
    """Yield the distributions that a function is deployed with."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for name, version, _ in _PINNED.findall(text):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            if importlib.metadata.version(name) == version:
                yield name


def link(names, folder):
    """Fill *folder* with what these distributions consist of."""
    folder.mkdir()
    for name in names:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files:
            top = file.parts[0]
            target = folder / top
            if top not in ("..", "__pycache__") and not target.is_symlink():
                _merge(Path(distribution.locate_file(top)), target)


def _merge(source, target):
    # Namespace packages, google for one, have parts of several distributions.
    if source.is_dir() and not (source / "__init__.py").exists():
        target.mkdir(exist_ok=True)
        for one in source.iterdir():
            if not (target / one.name).exists():
                (target / one.name).symlink_to(one)
    elif not target.exists():
        target.symlink_to(source)


@dataclass(frozen=True, slots=True)
class Place:
    """Folders to run subjects in, and what they are told."""

    folder: Path
    ground: Path
    _used: Iterator[int] = field(default_factory=itertools.count)

    def run(self, subject, job, instances=1, *, compiled=True):
        """Return what a subject tells of itself after such a job.

        It gets so many instances that nobody had before.  Unless *compiled*, the
        package is as it comes out of its zip; what was installed is compiled.
        """
        first = next(itertools.islice(self._used, instances - 1, None)) - instances + 1
        more = [self.folder / "boto"] if subject == "naive" else []
        package = self.folder / ("package" if compiled else "unpacked")
        path = [package, self.folder / "site", *more]
        command = (sys.executable, "-S", SUBJECTS / f"{subject}.py", job, self.ground)
        done = subprocess.run(  # noqa: S603 - our own program
            [*map(str, (*command, first, first + instances))],
            cwd=package,
            env={
                "PYTHONPATH": ":".join(map(str, path)),
                "PYTHONDONTWRITEBYTECODE": "" if compiled else "1",
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
        if done.returncode:
            msg = f"{subject} {job}: {done.stderr[-2000:]}"
            raise RuntimeError(msg)
        return json.loads(done.stderr.splitlines()[-1])


@contextlib.contextmanager
def surroundings(count, attach_ms=0, latency_ms=0):
    """Yield a place to run subjects in, with so many stopped instances.

    There an attach takes so long, and every answer comes so late.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in ("package", "unpacked"):
            lay_out(folder / package)
        compileall.compile_dir(folder / "package", quiet=1)
        link(pinned(), folder / "site")
        link(BOTO, folder / "boto")
        command = (sys.executable, "-m", "tests.benchmarks.ground", folder)
        wishes = (count, attach_ms, latency_ms)
        with started(*command, *wishes, stdout=subprocess.PIPE) as process:
            wait_for_line(process, "ready")
            yield Place(folder, folder / "ground.json")
