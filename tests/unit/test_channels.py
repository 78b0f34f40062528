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
