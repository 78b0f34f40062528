"""Every method of a service as a gRPC handler, by the service's descriptor."""

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import RequestInfo
from google.rpc.status_pb2 import Status

from fakes.errors import ApiError, Code
from fakes.gateway import Gateway, Origin
from fakes.shown import BrokenOffError, Shown

_CODES = {code.value[0]: code for code in grpc.StatusCode}
_Context = grpc.aio.ServicerContext[Message, Message]


class Skin:
    """Turns gRPC calls into calls of the gateway, and its errors into statuses.

    Attributes:
        gateway: What is shown; a call that is broken off answers UNAVAILABLE.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = Shown(gateway)

    def handler(
        self, service: ServiceDescriptor, *, trusted: bool
    ) -> grpc.GenericRpcHandler:
        """Return a handler for all methods of *service*.

        Args:
            service: What the gateway has no route for answers UNIMPLEMENTED.
            trusted: True if a missing token is accepted.
        """
        return grpc.method_handlers_generic_handler(
            service.full_name,
            {method.name: self._method(method, trusted) for method in service.methods},
        )

    def _method(
        self, method: MethodDescriptor, trusted: bool
    ) -> "grpc.RpcMethodHandler[bytes, Message]":
        path = f"/{method.containing_service.full_name}/{method.name}"
        kind = GetMessageClass(method.input_type)

        async def behave(data: bytes, context: _Context) -> Message:
            try:
                request = kind.FromString(data)
            except DecodeError:
                # As gRPC's servers in Go and Java say; Python's would say UNKNOWN.
                await context.abort(grpc.StatusCode.INTERNAL, "unreadable request")
            try:
                with self.gateway.call() as gateway:
                    return await _answer(gateway, path, request, context, trusted)
            except BrokenOffError:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "broken off")

        return grpc.unary_unary_rpc_method_handler(
            behave,
            response_serializer=lambda response: response.SerializeToString(),
        )


async def _answer(
    gateway: Gateway, path: str, request: Message, context: _Context, trusted: bool
) -> Message:
    origin = Origin(
        headers={
            name: str(value) for name, value in context.invocation_metadata() or ()
        },
        request_id=gateway.chance.uuid(),
        connection=context.peer(),
        trusted=trusted,
    )
    try:
        return await gateway.answer(path, request, origin)
    except ApiError as error:
        return await _abort(context, error, origin.request_id)


async def _abort(context: _Context, error: ApiError, request_id: str) -> Message:
    """End the call with the error, and the request's id as its detail.

    (yandex-cloud/docs: en/_includes/errors-handling.md) shows that detail.
    """
    status = Status(code=error.code, message=error.message)
    status.details.add().Pack(RequestInfo(request_id=request_id))
    await context.abort(
        _status_code(error.code),
        error.message,
        (("grpc-status-details-bin", status.SerializeToString()),),
    )


def _status_code(code: Code) -> grpc.StatusCode:
    return _CODES[code.value]
