"""What single values must look like: each check returns the problem, or None.

Limits are those of the Compute API's documentation; where it gives none, the
bound only keeps a value from being mistaken for something else on its way
(a header, a path, a line of a log).
"""

import ipaddress
import re

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
# As long as a deduplication id may be (yandex-cloud/docs: en/message-queue/
# api-ref/message/SendMessage.md).
LONGEST_REQUEST_ID = 128
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:/-]{1,128}", re.ASCII)
AUTO = "auto"  # the lowest free index
_INDEX = re.compile(r"0|[1-9][0-9]?", re.ASCII)
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_FQDN = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?", re.ASCII)
_LONGEST_FQDN = 254  # 253 characters and the root's dot


def resource_id(value: str) -> str | None:
    """Check the id of a cloud resource."""
    return None if _ID.fullmatch(value) else "must be a resource's id"


def request_id(value: str) -> str | None:
    """Check the id of a request: it names messages and deduplicates them."""
    if _REQUEST_ID.fullmatch(value):
        return None
    return "must be 1 to 128 letters, digits or any of _ . : / -"


def interface_index(value: str) -> str | None:
    """Check the index of an interface: a decimal number in a string, or `auto`."""
    if value == AUTO or _INDEX.fullmatch(value):
        return None
    return "must be a number like '1', or 'auto'"


def ipv4(value: str) -> str | None:
    """Check an IPv4 address in dotted decimals."""
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return "must be an IPv4 address"
    return None


def fqdn(value: str) -> str | None:
    """Check a domain name, absolute or relative to its zone."""
    if len(value) <= _LONGEST_FQDN and _FQDN.fullmatch(value):
        return None
    return "must be a domain name"
