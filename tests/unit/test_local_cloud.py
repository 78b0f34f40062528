"""The local cloud as one thing that runs, or does not."""

import asyncio

import pytest

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.serverless.instance import Code
from fakes.triggers.runner import FunctionError


class Unlucky(LocalCloud):
    """A cloud that cannot go on."""

    async def run(self):
        msg = "out of luck"
        raise RuntimeError(msg)


async def use(cloud, body):
    async with cloud.running():
        await body()


async def for_ever():
    await asyncio.Event().wait()


async def wrongly():
    msg = "not like that"
    raise ValueError(msg)


def test_who_uses_a_cloud_that_cannot_go_on_learns_of_it():
    """The body is cancelled, and the cloud's own error comes out."""
    with pytest.raises(RuntimeError, match="out of luck"):
        asyncio.run(use(Unlucky(SystemClock()), for_ever))


def test_an_error_of_the_user_is_the_users():
    """What the body raises comes out as it is, and the cloud is stopped."""
    cloud = LocalCloud(SystemClock())
    with pytest.raises(ValueError, match="not like that"):
        asyncio.run(use(cloud, wrongly))


def test_a_function_that_cannot_be_started_is_a_failed_call(tmp_path):
    """The batch comes back, as after any failure."""
    cloud = LocalCloud(SystemClock())
    nowhere = Code(folder=tmp_path / "nowhere", entrypoint="a.b", environment={})
    function = cloud.functions.deploy("lost", nowhere)

    async def invoke():
        async with cloud.running():
            await function.invoke({})

    with pytest.raises(FunctionError, match="cannot be started"):
        asyncio.run(invoke())
