"""What every subject tells of itself: CPU time since its start, memory, modules.

Subjects are scripts, run as the platform runs a function: a fresh process with what
`requirements.txt` brings and nothing else.
"""

import json
import os
import re
import sys
import time


class Context:
    """What the platform hands over beside the event."""

    def __init__(self, token):
        self.token = {"access_token": token, "token_type": "Bearer"}
        self.request_id = "call-1"

    def get_remaining_time_in_millis(self):
        return 3_600_000


def asked():
    """Return what the subject is to do, and with what."""
    job, file, *places = sys.argv[1:]
    with open(file, encoding="utf-8") as given:  # noqa: PTH123 - pathlib is dear
        ground = json.load(given)
    return job, ground, ground["instances"][slice(*map(int, places))]


def event(bodies):
    """Return a queue trigger's event with these messages."""
    kind = "yandex.cloud.events.messagequeue.QueueMessage"
    return {
        "messages": [
            {
                "event_metadata": {"event_id": f"message-{place}", "event_type": kind},
                "details": {"message": {"message_id": str(place), "body": body}},
            }
            for place, body in enumerate(bodies)
        ]
    }


def request(ground, instance_id):
    """Return a message of a producer."""
    wanted = {
        "instanceId": instance_id,
        "networkInterfaceIndex": "1",
        "subnetId": ground["subnet"],
        "securityGroupIds": [ground["group"]],
        "primaryV4AddressSpec": {},
    }
    return json.dumps(wanted)


def spent(handle, events):
    """Return the CPU seconds and the seconds of each call."""
    found = []
    for one in events:
        cpu, wall = time.process_time(), time.perf_counter()
        handle(one)
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return found


def tell(**more):
    """Print the figures; the CPU time first, before anything is done for them."""
    cpu, resident = time.process_time(), None
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            resident = int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024
    figures = {"cpu": cpu, "resident": resident, "modules": [*sys.modules], **more}
    sys.stderr.write(json.dumps(figures) + "\n")
    sys.stderr.flush()
    # What happens at the end is no part of it, and threads may not end by themselves.
    sys.stdout.flush()
    os._exit(0)
