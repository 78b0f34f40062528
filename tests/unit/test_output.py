"""Lines are told apart, whatever is written to the pipe, and memory is weighed."""

import asyncio
import os
import subprocess
import sys

import pytest

from fakes.serverless.output import Output, Scales

PATIENCE = 20
LONG = 1024 * 1024
linux = pytest.mark.skipif(sys.platform != "linux", reason="others do not tell")


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def taken(*texts):
    """Write each of *texts*; return the lines that were taken after each, and told."""

    async def story():
        told = []
        reading, writing = os.pipe()
        output = Output(reading, told.append)
        found = []
        for text in texts:
            os.write(writing, text)
            found.append(output.take())
        os.close(writing)
        output.close()
        return found, told

    return run(story())


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([b"a\nb\n"], [("a", "b")]),
        ([b""], [()]),
        ([b"\n\n"], [("", "")]),
        ([b"a\r\nb\rc\n"], [("a\r", "b\rc")]),
        (["ы\n".encode(), b"\xff\n"], [("ы",), ("\ufffd",)]),
        ([b"a\nno end", b"new\n"], [("a", "no end"), ("new",)]),
    ],
)
def test_lines_are_told_apart(texts, lines):
    """By their ends, and by who takes them; each is told once."""
    assert taken(*texts) == (lines, [one for some in lines for one in some])


def test_the_newest_lines_are_kept():
    """All are told, and 1,000 are there to be taken."""
    [lines], told = taken(b"".join(b"%d\n" % one for one in range(1001)))
    assert (len(told), len(lines), lines[0]) == (1001, 1000, "1")


def test_a_line_without_an_end_is_told_in_pieces():
    """Or one who never ends it would fill the memory."""

    async def story():
        told = []
        reading, writing = os.pipe()
        output = Output(reading, told.append)
        with os.fdopen(writing, "wb") as stream:
            await asyncio.to_thread(stream.write, b"x" * (LONG + 5))
            await asyncio.to_thread(stream.flush)
        output.close()
        return told, output.take()

    told, taken = run(story())
    assert [set(one) for one in told] == [{"x"}] * 2
    assert sum(map(len, told)) == LONG + 5
    assert tuple(told) == taken


def test_the_end_is_told_once():
    """A pipe that nobody writes to any more does not keep the loop busy."""

    async def story():
        reading, writing = os.pipe()
        output = Output(reading, print)
        os.close(writing)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        is_watched = asyncio.get_running_loop().remove_reader(reading)
        output.close()
        output.close()
        return is_watched, output.take()

    assert run(story()) == (False, ())


@linux
def test_memory_is_weighed():
    """This process has had some millions of bytes."""
    scales = Scales(os.getpid())
    assert scales.weigh() > 1_000_000
    scales.close()
    scales.close()
    assert scales.weigh() is None


def test_a_process_that_is_not_there_weighs_nothing():
    """No process has this number."""
    assert Scales(2**31 - 1).weigh() is None


@linux
def test_a_process_that_ended_weighs_nothing():
    """Though it has its number still."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        scales = Scales(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert scales.weigh() is None
    scales.close()
