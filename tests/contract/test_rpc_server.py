"""The server starts on ports of its choice or ours, and stops cleanly."""

from datetime import timedelta

import grpc
import pytest
from yandex.cloud.endpoint.api_endpoint_service_pb2 import ListApiEndpointsRequest
from yandex.cloud.endpoint.api_endpoint_service_pb2_grpc import ApiEndpointServiceStub

from fakes.chance import Chance
from fakes.clock import SystemClock
from fakes.faults import Faults
from fakes.gateway import Gateway
from fakes.iam import Iam
from fakes.routes import ENDPOINT_IDS, endpoint_routes
from fakes.rpc.server import RpcServer
from tests.rpc_bench import Loop


@pytest.fixture
def loop():
    loop = Loop()
    yield loop
    loop.close()


def server(**ports) -> RpcServer:
    chance = Chance(1)
    gateway = Gateway(
        endpoint_routes(lambda: "localhost:1"),
        iam=Iam(chance),
        faults=Faults(),
        clock=SystemClock(),
        chance=chance,
    )
    return RpcServer(gateway, **ports)


def discovered(channel: grpc.Channel) -> list[str]:
    with channel:
        endpoints = ApiEndpointServiceStub(channel)
        answer = endpoints.List(ListApiEndpointsRequest(), timeout=10)
    return [endpoint.id for endpoint in answer.endpoints]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_tls_is_trusted_by_the_authority_alone(loop, host):
    """With its certificate, both names of the loopback work."""
    served = server()
    loop.run(served.start())
    address = f"{host}:{served.tls_port}"
    ours = grpc.ssl_channel_credentials(served.ca_pem)
    assert discovered(grpc.secure_channel(address, ours)) == list(ENDPOINT_IDS)
    other = grpc.ssl_channel_credentials(server().ca_pem)
    with pytest.raises(grpc.RpcError) as refused:
        discovered(grpc.secure_channel(address, other))
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    loop.run(served.stop(timedelta(seconds=1)))


def test_a_server_comes_back_to_its_ports(loop):
    """Stopped and started again, ports and authority are the same."""
    served = server()
    loop.run(served.start())
    before = (served.tls_port, served.plain_port, served.ca_pem)
    loop.run(served.stop())
    loop.run(served.start())
    assert (served.tls_port, served.plain_port, served.ca_pem) == before
    address = f"127.0.0.1:{served.plain_port}"
    assert discovered(grpc.insecure_channel(address)) == list(ENDPOINT_IDS)
    loop.run(served.stop())


def test_a_port_that_is_taken_is_an_error(loop):
    """Two servers never share a port; the one that failed can be stopped."""
    first = server()
    loop.run(first.start())
    second = server(plain_port=first.plain_port)
    with pytest.raises(RuntimeError, match="bind"):
        loop.run(second.start())
    for one in (first, second, second):
        loop.run(one.stop())
