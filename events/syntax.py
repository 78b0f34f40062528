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
LONGEST_REASON = 300
AUTO = "auto"  # the lowest free index
_INDEX = re.compile(r"0|[1-9][0-9]?", re.ASCII)
# yandex.cloud.compute.v1.CreateInstanceRequest.labels
_LABEL_NAME = re.compile(r"[a-z][-_./\\@0-9a-z]{0,62}", re.ASCII)
_LABEL_VALUE = re.compile(r"[-_./\\@0-9a-z]{0,63}", re.ASCII)
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


def label_name(value: str) -> str | None:
    """Check the name of a label."""
    if _LABEL_NAME.fullmatch(value):
        return None
    return "must name a label: 1 to 63 of a-z 0-9 - _ . / \\ @, a letter first"


def label_value(value: str) -> str | None:
    """Check the value of a label, which may be empty."""
    if _LABEL_VALUE.fullmatch(value):
        return None
    return "must be a label's value: up to 63 of a-z 0-9 - _ . / \\ @"


def fqdn(value: str) -> str | None:
    """Check a domain name, absolute or relative to its zone."""
    if len(value) <= _LONGEST_FQDN and _FQDN.fullmatch(value):
        return None
    return "must be a domain name"


def brief(value: str) -> str | None:
    """Check what is carried on: unbounded, it would outgrow what messages hold."""
    return None if len(value) <= LONGEST_REASON else "is too long"
