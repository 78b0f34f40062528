"""A local cloud with very many instances, in a process of its own.

Run by `instances` as `python -m tests.benchmarks.crowd COUNT`; tells in one line
where it is.
"""

import asyncio
import json
import sys
from datetime import timedelta

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import GetInstanceRequest

from fakes.caller import Call
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance

A_DAY = timedelta(days=1)


def model(cloud):
    """Return an instance as the cloud creates them."""
    now = cloud.clock.now()
    begun = cloud.compute.begin(small_instance(cloud.world, name="web"), now, Call())
    instance_id = begun.metadata.value.decode()[2:]
    cloud.compute.advance(now + A_DAY)
    request = GetInstanceRequest(instance_id=instance_id)
    return cloud.compute.get(request, now + A_DAY)


def copies(one, count):
    """Yield so many instances, every other one in another zone."""
    for number in range(count):
        copy = Instance()
        copy.CopyFrom(one)
        copy.id, copy.name = f"fhmcrowd{number:012}", f"crowd-{number}"
        copy.zone_id = ("ru-central1-a", "ru-central1-b")[number % 2]
        yield copy


async def main():
    cloud = LocalCloud(SystemClock())
    cloud.compute.populate(copies(model(cloud), int(sys.argv[1])))
    await cloud.start()
    found = [cloud.rpc.plain_port, cloud.world.folder_id]
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
