"""Serves the gateway over gRPC on loopback, with TLS and without."""

import asyncio
from datetime import timedelta
from typing import Final

import grpc
import trustme
from google.protobuf.descriptor import ServiceDescriptor
from yandex.cloud.compute.v1 import instance_service_pb2
from yandex.cloud.endpoint import api_endpoint_service_pb2
from yandex.cloud.iam.v1 import iam_token_service_pb2
from yandex.cloud.operation import operation_service_pb2
from yandex.cloud.vpc.v1 import (
    address_service_pb2,
    network_service_pb2,
    security_group_service_pb2,
    subnet_service_pb2,
)

from fakes.gateway import Gateway
from fakes.rpc.handlers import Skin

_SERVICES: Final[tuple[ServiceDescriptor, ...]] = tuple(
    service
    for file in (
        address_service_pb2.DESCRIPTOR,
        api_endpoint_service_pb2.DESCRIPTOR,
        iam_token_service_pb2.DESCRIPTOR,
        instance_service_pb2.DESCRIPTOR,
        network_service_pb2.DESCRIPTOR,
        operation_service_pb2.DESCRIPTOR,
        security_group_service_pb2.DESCRIPTOR,
        subnet_service_pb2.DESCRIPTOR,
    )
    for service in file.services_by_name.values()
)
# Another process on the same port must be an error, not half of the calls.
_OPTIONS: Final = (("grpc.so_reuseport", 0),)
# Without any, idle clients would tell their users of an error.
_GRACE: Final = timedelta(seconds=0.2)


class RpcServer:
    """Two ports on 127.0.0.1: one with TLS and tokens, one with neither.

    On the plaintext port a missing token is accepted, a wrong one is not.  Both
    stay the same from the first `start` to the last `stop`.

    Attributes:
        ca_pem: The certificate of the authority that signed ours: what
            `SDK(root_certificates=...)` takes.
        tls_port: 0 until started, unless given.
        plain_port: Likewise.
    """

    def __init__(
        self, gateway: Gateway, *, tls_port: int = 0, plain_port: int = 0
    ) -> None:
        self._skin = Skin(gateway)
        self._authority = trustme.CA()
        self._servers: tuple[grpc.aio.Server, ...] = ()
        self.ca_pem = self._authority.cert_pem.bytes()
        self.tls_port = tls_port
        self.plain_port = plain_port

    @property
    def endpoint(self) -> str:
        """What `SDK(endpoint=...)` takes: `localhost:port`, with TLS."""
        return f"localhost:{self.tls_port}"

    def show(self, gateway: Gateway) -> None:
        """Answer by *gateway* from now on; break off what is being answered."""
        self._skin.gateway.show(gateway)

    async def start(self) -> None:
        """Accept calls from now on, until `stop`.

        Raises:
            RuntimeError: If a port that was asked for is taken; `stop` frees the
                other one.
        """
        tls, plain = self._server(trusted=False), self._server(trusted=True)
        self._servers = (tls, plain)
        self.tls_port = tls.add_secure_port(
            f"127.0.0.1:{self.tls_port}", self._credentials()
        )
        self.plain_port = plain.add_insecure_port(f"127.0.0.1:{self.plain_port}")
        for server in self._servers:
            await server.start()

    async def stop(self, grace: timedelta = _GRACE) -> None:
        """Refuse new calls, and break off after *grace* what is still answered.

        Is idempotent.
        """
        ending = (server.stop(grace.total_seconds()) for server in self._servers)
        await asyncio.gather(*ending)
        self._servers = ()

    def _server(self, *, trusted: bool) -> grpc.aio.Server:
        server = grpc.aio.server(options=_OPTIONS)
        server.add_generic_rpc_handlers(
            [self._skin.handler(service, trusted=trusted) for service in _SERVICES]
        )
        return server

    def _credentials(self) -> grpc.ServerCredentials:
        ours = self._authority.issue_cert("localhost", "127.0.0.1")
        chain = b"".join(one.bytes() for one in ours.cert_chain_pems)
        return grpc.ssl_server_credentials([(ours.private_key_pem.bytes(), chain)])
