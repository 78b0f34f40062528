"""The deployed function `on_task`, called as the platform calls it."""

import os

from meter import Context, asked, event, request, spent, tell

JOB, GROUND, IDS = asked()
os.environ.update(GROUND["variables"])  # noqa: TID251 - as the platform sets them

from on_task import handle as on_task  # noqa: E402 - the environment comes first

context = Context(GROUND["token"])


def handle(one):
    on_task(one, context)


def recorded(work):
    """Return what *work* returns, and the messages that it sent on."""
    from functions._queue import QueueMailbox  # noqa: PLC0415 - not imported before

    sent, send = [], QueueMailbox.send

    def noting(self, body, **more):
        sent.append(body)
        send(self, body, **more)

    QueueMailbox.send = noting
    found = work()
    QueueMailbox.send = send
    return found, sent


events = [event([request(GROUND, one)]) for one in IDS]
if JOB == "rpc":
    from functions._follow import log
    from functions._wiring import warm

    warm().compute(context).instance(IDS[0])
    log.info("looked")
elif JOB == "event":
    tell(calls=spent(handle, events))
elif JOB == "warm":
    handle(events[0])
    begun, sent = recorded(lambda: spent(handle, events[1:]))
    tell(calls=begun, settled=spent(handle, [event([one]) for one in sent]))
else:
    size = int(JOB)
    handle(events[0])
    bodies = [request(GROUND, one) for one in IDS[1:]]
    batches = [event(bodies[at : at + size]) for at in range(0, len(bodies), size)]
    tell(calls=spent(handle, batches))
tell()
