"""Many instances at once, as if they had always been there."""

from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.compute.model import Mishap


def crowd(
    stage,
    count,
    *,
    first=0,
    status=Instance.Status.STOPPED,
    labels=(("nic", "mgmt"),),
):
    """Put so many copies of the stage's instance beside it; return their ids.

    They are numbered from *first*.
    """
    model, copies = stage.see(), []
    for number in range(first, first + count):
        one = Instance()
        one.CopyFrom(model)
        one.id, one.name = f"fhmcrowd{number:012}", f"crowd-{number}"
        one.status = status
        one.labels.clear()
        one.labels.update(dict(labels))
        [interface] = one.network_interfaces
        interface.mac_address = f"d0:0d:{number:08x}"
        interface.primary_v4_address.address = f"10.200.{number // 256}.{number % 256}"
        copies.append(one)
    stage.thread.call(stage.cloud.compute.populate, copies)
    return [one.id for one in copies]


def preempt(stage, instance_ids):
    """Take the power from all of them in the same moment."""

    def happen():
        for one in instance_ids:
            stage.cloud.compute.happen(Mishap.PREEMPT, one, stage.clock.now())

    stage.thread.call(happen)
