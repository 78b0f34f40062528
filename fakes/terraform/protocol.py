"""The messages of Terraform's plugin protocol, read from their description."""

from collections.abc import Mapping
from typing import Any, Final

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass

# No generated code to keep: the SDK brings the compiler (grpcio-tools), and a
# description this small is compiled within milliseconds.
messages: Final[Any] = grpc.protos("fakes/terraform/tfplugin6.proto")

_SERVICE: Final[ServiceDescriptor] = messages.DESCRIPTOR.services_by_name["Provider"]


def handler_of(answers: Mapping[str, Any]) -> grpc.GenericRpcHandler:
    """Return what lets a gRPC server answer Terraform.

    Args:
        answers: A coroutine function for each method of the service, by its name: it
            takes the request and the call's context, and returns the response.
    """
    methods = {
        method.name: grpc.unary_unary_rpc_method_handler(
            answers[method.name],
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
        for method in _SERVICE.methods
    }
    return grpc.method_handlers_generic_handler(_SERVICE.full_name, methods)
