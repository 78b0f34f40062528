"""An attachment: one interface, wanted on one instance.

The shape is the API's own REST body plus the instance's id (yandex-cloud/docs:
en/compute/api-ref/Instance/attachNetworkInterface.md); `tests/contract`
compares it with the SDK's protobuf messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from events import syntax
from events.reading import Document

MOST_GROUPS = 5  # yandex-cloud/docs: en/_includes/compute-limits.md
MOST_DNS_RECORDS = 32  # ours: the documentation gives no limit
LONGEST_TTL = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """A name for an address.

    Attributes:
        fqdn: The name; relative ones belong to the zone.
        dns_zone_id: The zone; '' for the private one.
        ttl: Time to live in seconds, 0 to 86400; 0 is the zone's default.
        ptr: Whether the reverse record is made too.
    """

    fqdn: str
    dns_zone_id: str = ""
    ttl: int = 0
    ptr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """An external address: a given static one, or any of a version.

    Attributes:
        address: A static address, by value; '' for any.
        ip_version: `IPV4`, or '' to leave it to the cloud.
        dns_records: External names.
    """

    address: str = ""
    ip_version: str = ""
    dns_records: tuple[DnsRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSpec:
    """The primary IPv4 address: a given one, or '' for any unused one."""

    address: str = ""
    nat: Nat | None = None
    dns_records: tuple[DnsRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One interface wanted on one instance.

    Attributes:
        instance_id: The instance.
        index: The interface's place, a decimal number as the API has it, or
            `auto` for the lowest free one.
        subnet_id: The subnet; it must be in the instance's zone.
        security_group_ids: One to five distinct groups of the subnet's network.
        address: The address asked for; None leaves the field out of the call.
    """

    instance_id: str
    index: str
    subnet_id: str
    security_group_ids: tuple[str, ...]
    address: AddressSpec | None = None

    @property
    def subject(self) -> str:
        """The instance and the index: `fhm…/1`."""
        return f"{self.instance_id}/{self.index}"


def read_attachment(document: Document, instance_id: str = "") -> Attachment:
    """Take an attachment's fields from *document*, noting violations there.

    With *instance_id*, the instance is named elsewhere and must not be here.
    """
    if instance_id and document.take("instanceId") is not None:
        document.wrong("instanceId", "must be absent where instanceIds is given")
    groups = document.texts("securityGroupIds", syntax.resource_id, most=MOST_GROUPS)
    if not groups:
        document.wrong("securityGroupIds", "is required")
    return Attachment(
        instance_id=instance_id
        or document.text("instanceId", syntax.resource_id, required=True),
        index=document.text(
            "networkInterfaceIndex", syntax.interface_index, required=True
        ),
        subnet_id=document.text("subnetId", syntax.resource_id, required=True),
        security_group_ids=groups,
        address=read_address(document),
    )


def read_address(document: Document) -> AddressSpec | None:
    """Take `primaryV4AddressSpec` from *document*; None if it is absent."""
    spec = document.object("primaryV4AddressSpec")
    if spec is None:
        return None
    found = AddressSpec(
        address=spec.text("address", syntax.ipv4),
        nat=_read_nat(spec),
        dns_records=_read_dns_records(spec),
    )
    spec.close()
    return found


def _read_nat(document: Document) -> Nat | None:
    spec = document.object("oneToOneNatSpec")
    if spec is None:
        return None
    address = spec.text("address", syntax.ipv4)
    version = spec.text("ipVersion", _ip_version)
    if address and version:
        spec.wrong("ipVersion", "must be absent where address is given")
    records = _read_dns_records(spec)
    spec.close()
    return Nat(
        address=address,
        ip_version=version,
        dns_records=records,
    )


def _ip_version(value: str) -> str | None:
    match value:
        case "IPV4":
            return None
        case "IPV6":
            return "IPV6 is not available yet"
        case _:
            return "must be IPV4"


def _read_dns_records(document: Document) -> tuple[DnsRecord, ...]:
    records = []
    for item in document.objects("dnsRecordSpecs", MOST_DNS_RECORDS):
        record = DnsRecord(
            fqdn=item.text("fqdn", syntax.fqdn, required=True),
            dns_zone_id=item.text("dnsZoneId", syntax.resource_id),
            ttl=item.integer("ttl", 0, LONGEST_TTL),
            ptr=item.flag("ptr"),
        )
        item.close()
        records.append(record)
    return tuple(records)


def render_attachment(attachment: Attachment) -> dict[str, Any]:
    """Return the JSON that `read_attachment` reads; absent fields are absent."""
    found: dict[str, Any] = {
        "instanceId": attachment.instance_id,
        "networkInterfaceIndex": attachment.index,
        "subnetId": attachment.subnet_id,
        "securityGroupIds": list(attachment.security_group_ids),
    }
    if attachment.address is not None:
        found["primaryV4AddressSpec"] = _render_address(attachment.address)
    return found


def _render_address(spec: AddressSpec) -> dict[str, Any]:
    nat = spec.nat and _present(
        address=spec.nat.address,
        ipVersion=spec.nat.ip_version,
        dnsRecordSpecs=_render_dns_records(spec.nat.dns_records),
    )
    found = _present(
        address=spec.address, dnsRecordSpecs=_render_dns_records(spec.dns_records)
    )
    # An empty object asks for an external address; leaving it out asks for none.
    return found if nat is None else {**found, "oneToOneNatSpec": nat}


def _render_dns_records(records: Sequence[DnsRecord]) -> list[dict[str, Any]]:
    return [
        _present(
            fqdn=record.fqdn,
            dnsZoneId=record.dns_zone_id,
            ttl=str(record.ttl or ""),
            ptr=record.ptr,
        )
        for record in records
    ]


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
