"""Which HTTP request is which call, by the annotations in the descriptors.

(googleapis: google/api/http.proto) says what an annotation means.  What the
API's own gateway does beyond that, such as to answer a known path with another
HTTP method by 501, is assumed to be what grpc-gateway does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from google.api.annotations_pb2 import http  # type: ignore[import-untyped]
from google.api.http_pb2 import HttpRule  # type: ignore[import-untyped]
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from fakes.errors import ApiError, Code
from fakes.gateway import Route
from fakes.http.rest_fields import (
    BODY,
    read_field,
    read_json,
    read_message,
    type_of,
)
from fakes.http.rest_query import QUERY, read_query
from fakes.http.rest_scalars import from_text, refusal
from fakes.http.rest_template import Template

_ALL: Final = "*"
# The documentation has POST (yandex-cloud/docs: en/api-design-guide/concepts/
# operation.md) where the annotation has GET.
_DOCUMENTED: Final[Mapping[str, tuple[HttpRule, ...]]] = {
    "yandex.cloud.operation.OperationService.Cancel": (
        HttpRule(post="/operations/{operation_id}:cancel"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One way to call a method over HTTP.

    Attributes:
        call: The method, as `fakes.gateway` knows it.
        verb: GET, POST and their like.
        template: What the path looks like.
        body: Which field the body is; `*` for all that the path is not, empty
            if there is no body.
        input_type: The type of the request.
    """

    call: str
    verb: str
    template: Template
    body: str
    input_type: Descriptor

    def request(self, parts: list[str], query: bytes, body: bytes) -> Message:
        """Return the request that a path, a query and a body are.

        A field that the path has may be in the query or the body too, if it is
        the same there: that it is refused otherwise is an assumption.  A body
        may be labelled as anything, for the documentation sends JSON as a form
        (yandex-cloud/docs: en/_includes/iam/create-iam-token-api-steps.md).

        Raises:
            ApiError: INVALID_ARGUMENT, with the name of what does not fit.
        """
        message = GetMessageClass(self.input_type)()
        self._read_body(message, read_json(body))
        if self.body != _ALL:
            read_query(message, query)
        elif query:
            raise refusal(QUERY, "no parameters here; all fields are in the body")
        for variable in self.template.variables:
            try:
                text = variable.read(parts)
            except ValueError:
                raise refusal(variable.field, "not UTF-8") from None
            _bind(message, variable.field, text)
        return message

    def _read_body(self, message: Message, content: object) -> None:
        if self.body == _ALL:
            read_message(message, content)
        elif self.body:
            field = type_of(message).fields_by_name[self.body]
            read_field(message, field, content, BODY)
        elif content != {}:
            raise refusal(BODY, "there must be none")


class Bindings:
    """All bindings of the services that are served.

    Of a service, all methods are known: those without a route are there, but
    not implemented.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        services = dict.fromkeys(route.service for route in routes)
        self._bindings = [
            binding
            for service in services
            for method in Default().FindServiceByName(service).methods
            for binding in bindings_of(method)
        ]
        # `x:stop` may be an id only where no method is called so.
        self._bindings.sort(key=lambda one: not one.template.verb)

    def find(self, verb: str, path: str) -> tuple[Binding, list[str]]:
        """Return what a request is bound to, and the segments of its path.

        Args:
            verb: GET, POST and their like.
            path: As sent.

        Raises:
            ApiError: NOT_FOUND, or UNIMPLEMENTED if the path is known with
                other verbs.
        """
        known = False
        for binding in self._bindings:
            parts = binding.template.match(path)
            if parts is None:
                continue
            if binding.verb == verb:
                return binding, parts
            known = True
        if known:
            raise ApiError(Code.UNIMPLEMENTED, "Method Not Allowed")
        raise ApiError(Code.NOT_FOUND, "Not Found")


def bindings_of(method: MethodDescriptor) -> Iterator[Binding]:
    """Yield the ways to call *method*; none if it is for gRPC alone."""
    rule = method.GetOptions().Extensions[http]
    rules = [rule, *rule.additional_bindings, *_DOCUMENTED.get(method.full_name, ())]
    for one in rules:
        kind = one.WhichOneof("pattern")
        if kind is None:
            continue
        pattern = getattr(one, kind)
        custom = kind == "custom"
        yield Binding(
            call=f"/{method.containing_service.full_name}/{method.name}",
            verb=pattern.kind if custom else kind.upper(),
            template=Template.parse(pattern.path if custom else pattern),
            body=one.body,
            input_type=method.input_type,
        )


def _bind(message: Message, name: str, text: str) -> None:
    """Put what a path says into the field called *name*."""
    *outer, last = name.split(".")
    for step in outer:
        message = getattr(message, step)
    field = type_of(message).fields_by_name[last]
    before = getattr(message, last)
    read_field(message, field, from_text(field, text), name)
    if before not in (field.default_value, getattr(message, last)):
        raise refusal(name, "the path has another one")
