"""A local cloud as tests see it that are not asynchronous; see `pytest_plugin`."""

from fakes.sandbox.clock import SandboxClock
from fakes.sandbox.cloud import Sandbox
from fakes.sandbox.queues import SandboxQueues

__all__ = ["Sandbox", "SandboxClock", "SandboxQueues"]
