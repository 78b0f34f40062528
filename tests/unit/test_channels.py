"""Connections to the API are shared by all threads of a call."""

import threading

from functions._channels import Channels, Endpoints
from functions._parallel import in_parallel


def test_threads_share_a_connection():
    """Whoever comes first makes it; nobody makes another that nobody closes."""
    channels = Channels(Endpoints(), None, lambda: 0.0)
    met = threading.Barrier(8)

    def meet(_):
        met.wait(10)
        return channels.to("localhost:1")

    found = in_parallel(range(8), meet)
    channels.close()
    assert found == [found[0]] * 8


class Stub:
    """As much of a generated stub as counts here."""

    def __init__(self, channel):
        self.channel = channel


def test_a_stub_is_kept_with_its_connection():
    """One of each kind; forgotten together, once, whoever asks for it again."""
    channels = Channels(Endpoints(), None, lambda: 0.0)
    first = channels.stub("localhost:1", Stub)
    assert channels.stub("localhost:1", Stub) is first
    assert channels.stub("localhost:2", Stub) is not first
    channels.forget("localhost:1", first)
    second = channels.stub("localhost:1", Stub)
    channels.forget("localhost:1", first)
    assert channels.stub("localhost:1", Stub) is second is not first
    channels.close()


def test_who_closes_leaves_other_threads_what_they_have():
    """They may take a new connection at the same moment."""
    channels = Channels(Endpoints(), None, lambda: 0.0)

    def use(place):
        if place % 2:
            channels.close()
        return channels.to("localhost:1")

    assert len(in_parallel(range(200), use)) == 200
    channels.close()
