"""An API that was never published: each kind of field, each kind of annotation."""

from google.api import annotations_pb2
from google.protobuf import (
    duration_pb2,
    field_mask_pb2,
    struct_pb2,
    text_format,
    timestamp_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import Default
from google.protobuf.message_factory import GetMessageClass

from fakes.gateway import Route
from fakes.http.rest_bindings import Bindings

SERVICE = "library.v1.LibraryService"
_SHAPES = {
    "string": "type: TYPE_STRING",
    "bytes": "type: TYPE_BYTES",
    "bool": "type: TYPE_BOOL",
    "int32": "type: TYPE_INT32",
    "int64": "type: TYPE_INT64",
    "uint32": "type: TYPE_UINT32",
    "uint64": "type: TYPE_UINT64",
    "float": "type: TYPE_FLOAT",
    "double": "type: TYPE_DOUBLE",
    "Kind": 'type: TYPE_ENUM type_name: ".library.v1.Kind"',
}
_BOOK = """
    string title; int64 pages; bool lent; Kind kind; bytes cover; float weight;
    double price; int32 shelf; uint32 copies; uint64 code; *string tags; *int64 years;
    Author author; *Author editors; *Book.LabelsEntry labels; *Book.HeldEntry held;
    *Book.FlagsEntry flags; google.protobuf.Timestamp printed;
    google.protobuf.Duration read; google.protobuf.FieldMask mask;
    google.protobuf.BoolValue rare; google.protobuf.Struct notes;
    string isbn/source; string url/source
"""
_BINDINGS = {
    "Get": 'get: "/v1/{name=shelves/*/books/*}" additional_bindings '
    '{ get: "/v1/{name=rest/**}:read" }',
    "Put": 'put: "/v1/{shelf}/{book.author.name}:put" body: "book"',
    "Find": 'custom: { kind: "FIND" path: "/v1/books" }',
    "Add": 'post: "/v1/books" body: "*"',
    "Hidden": "",
}


def _fields(text: str) -> str:
    lines = []
    for number, line in enumerate(text.split(";"), start=1):
        kind, name = line.split()
        repeated, kind = kind.startswith("*"), kind.removeprefix("*")
        name, _, group = name.partition("/")
        package = "" if kind.startswith("google.") else ".library.v1."
        message = f'type: TYPE_MESSAGE type_name: "{package}{kind}"'
        lines.append(
            f'field {{ name: "{name}" number: {number} {_SHAPES.get(kind, message)} '
            f"label: LABEL_{'REPEATED' if repeated else 'OPTIONAL'}"
            f"{' oneof_index: 0' if group else ''} }}"
        )
    return "\n".join(lines)


def _entry(name: str, key: str, value: str) -> str:
    fields = _fields(f"{key} key; {value} value")
    return f'nested_type {{ name: "{name}" {fields} options {{ map_entry: true }} }}'


def _file() -> FileDescriptorProto:
    methods = (
        f'method {{ name: "{name}" input_type: ".library.v1.Request" '
        f'output_type: ".library.v1.Book" options {{ {annotation} }} }}'
        for name, rule in _BINDINGS.items()
        for annotation in [f"[google.api.http] {{ {rule} }}" if rule else ""]
    )
    needed = (duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2)
    imports = [one.DESCRIPTOR.name for one in (*needed, annotations_pb2)]
    text = f"""
        name: "library.proto" package: "library.v1" syntax: "proto3"
        {" ".join(f'dependency: "{one}"' for one in imports)}
        enum_type {{ name: "Kind" value {{ name: "KIND_UNSPECIFIED" number: 0 }}
            value {{ name: "NOVEL" number: 1 }} value {{ name: "POEM" number: 2 }} }}
        message_type {{ name: "Author" {_fields("string name; *int32 awards")} }}
        message_type {{ name: "Book" {_fields(_BOOK)} oneof_decl {{ name: "source" }}
            {_entry("LabelsEntry", "string", "string")}
            {_entry("HeldEntry", "int32", "Author")}
            {_entry("FlagsEntry", "bool", "int64")} }}
        message_type {{ name: "Request" {
        _fields("string name; int32 shelf; Book book; string query; int64 page_size")
    } }}
        service {{ name: "LibraryService" {" ".join(methods)} }}"""
    return text_format.Parse(text, FileDescriptorProto())


Default().Add(_file())
Book, Request = (
    GetMessageClass(Default().FindMessageTypeByName(f"library.v1.{name}"))
    for name in ("Book", "Request")
)


def bindings():
    """Return how the library's methods are called; who answers does not matter."""
    return Bindings([Route(service=SERVICE, method="Get", answer=lambda *_: Book())])
