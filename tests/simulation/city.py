"""`nic cloud` with the functions, whose processes are killed while others go on."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from cli.consumer import delete, receive
from fakes.clock import SystemClock
from functions._ports import QueueError
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey

# Time runs so much faster, from a moment on that all runs of the cloud have in common.
SPEED = 20
PROGRAM = """
import sys
from datetime import UTC, datetime, timedelta
import cli.cloud
from cli.main import nic
from tests.hurried_clock import HurriedClock
begun = datetime.fromtimestamp(float(sys.argv.pop(1)), UTC)
# Signatures by the time of day are believed for 15 minutes before and after.
behind = timedelta(minutes=13)
cli.cloud.SystemClock = lambda: HurriedClock({speed}, begun, behind)
nic()
"""
ROOT = Path(__file__).parents[2]
PATIENCE = 30


class City:
    """A cloud in a process of its own, with a state that outlives it.

    Args:
        folder: An empty folder.
        world: What there is at the beginning, as JSON.
        faults: What goes wrong in every run.
    """

    def __init__(self, folder, world, faults):
        self._endpoints = folder / "cloud.json"
        (folder / "world.json").write_text(json.dumps(world))
        (folder / "faults.json").write_text(json.dumps(faults))
        self._begun = time.time()  # noqa: TID251 - the time of day
        self._arguments = [
            *("--functions", "--state", folder / "state"),
            *("--world", folder / "world.json", "--faults", folder / "faults.json"),
            *("--endpoints", self._endpoints),
        ]
        self.deaths = []
        self.lines = []

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *_error):
        self.client.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stdout.close()

    def _start(self):
        program = PROGRAM.format(speed=SPEED)
        command = [sys.executable, "-c", program, str(self._begun), "cloud"]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, *map(str, self._arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(ready,))
        self._reader.start()
        assert ready.wait(PATIENCE), self.lines
        self.known = json.loads(self._endpoints.read_text())
        key = StaticKey(
            id=self.known["access_key_id"], secret=self.known["secret_access_key"]
        )
        self.client = QueueClient(key, SystemClock().now, time.monotonic)

    def _read(self, ready):
        for line in self._process.stdout:
            self.lines.append(line)
            if line.startswith("ready"):
                ready.set()

    def send(self, bodies):
        """Put requests on the tasks queue, each until that is certain."""
        tasks = QueueMailbox(self.client, self.known["tasks_queue"])
        for body in bodies:
            sent = False
            while not sent:
                with contextlib.suppress(QueueError):
                    tasks.send(json.dumps(body))
                    sent = True

    def outcomes(self):
        """Return what is on the results queue now, and take it away."""
        url, found = self.known["results_queue"], []
        with contextlib.suppress(QueueError):
            for message in receive(self.client, url):
                found.append(json.loads(message.body))
                delete(self.client, url, message)
        return found

    def kill_a_function(self, dice):
        """Kill one of the functions' processes, whatever it does."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(dice.choice(children)), signal.SIGKILL)
                self.deaths.append("function")

    def kill_the_cloud(self):
        """Kill the cloud, whatever it does, and start it again from its state."""
        self.client.close()
        self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stdout.close()
        self.deaths.append("cloud")
        self._start()
