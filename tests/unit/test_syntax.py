"""Each check takes what the API documents, and refuses its nearest neighbours."""

import pytest

from events import syntax


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (syntax.resource_id, "a"),
        (syntax.resource_id, "fhm4k9v2c7t1x5n8w3qd"),
        (syntax.resource_id, "a-b_C9"),
        (syntax.resource_id, "a" * 64),
        (syntax.request_id, "-"),
        (syntax.request_id, "a/b:c.d_e-F9"),
        (syntax.request_id, "a" * 128),
        (syntax.interface_index, "0"),
        (syntax.interface_index, "9"),
        (syntax.interface_index, "10"),
        (syntax.interface_index, "99"),
        (syntax.ipv4, "0.0.0.0"),  # noqa: S104 - nothing is bound
        (syntax.ipv4, "255.255.255.255"),
        (syntax.fqdn, "host"),
        (syntax.fqdn, "host.example.com."),
        (syntax.fqdn, "_srv.a-b.c"),
        (syntax.fqdn, "a" * 63),
        (syntax.fqdn, ".".join(["a" * 63] * 3 + ["a" * 61, ""])),
        (syntax.label_name, "a"),
        (syntax.label_name, "a-_./\\@9"),
        (syntax.label_name, "a" * 63),
        (syntax.label_value, ""),
        (syntax.label_value, "9-_./\\@a"),
        (syntax.label_value, "a" * 63),
        (syntax.brief, ""),
        (syntax.brief, "\n" * 300),
    ],
)
def test_takes(check, value):
    """What is documented passes, up to its longest."""
    assert check(value) is None


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (syntax.resource_id, ""),
        (syntax.resource_id, "-a"),
        (syntax.resource_id, "a" * 65),
        (syntax.resource_id, "a/b"),
        (syntax.resource_id, "a\n"),
        (syntax.resource_id, "\u0430"),
        (syntax.request_id, ""),
        (syntax.request_id, "a b"),
        (syntax.request_id, "a\n"),
        (syntax.request_id, "a" * 129),
        (syntax.interface_index, ""),
        (syntax.interface_index, "-1"),
        (syntax.interface_index, "01"),
        (syntax.interface_index, "100"),
        (syntax.interface_index, "1\n"),
        (syntax.interface_index, "\u0661"),
        (syntax.ipv4, "1.2.3"),
        (syntax.ipv4, "1.2.3.256"),
        (syntax.ipv4, "01.2.3.4"),
        (syntax.ipv4, "1.2.3.4/32"),
        (syntax.ipv4, "::1"),
        (syntax.ipv4, "\u0661.2.3.4"),
        (syntax.fqdn, ""),
        (syntax.fqdn, "."),
        (syntax.fqdn, "a..b"),
        (syntax.fqdn, "-a"),
        (syntax.fqdn, "a-.b"),
        (syntax.fqdn, "a" * 64),
        (syntax.fqdn, "a b"),
        (syntax.fqdn, "*.example.com"),
        (syntax.fqdn, ".".join(["a" * 63] * 3 + ["a" * 62, ""])),
        (syntax.label_name, ""),
        (syntax.label_name, "9"),
        (syntax.label_name, "_a"),
        (syntax.label_name, "A"),
        (syntax.label_name, "a b"),
        (syntax.label_name, "a" * 64),
        (syntax.label_name, "a\n"),
        (syntax.label_value, "A"),
        (syntax.label_value, "a b"),
        (syntax.label_value, "a" * 64),
        (syntax.label_value, "\n"),
        (syntax.brief, "a" * 301),
    ],
)
def test_refuses(check, value):
    """What is not documented is a problem, told as a clause."""
    assert check(value).startswith(("must be ", "must name ", "is too long"))
