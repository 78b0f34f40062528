"""Requests that create networks, subnets, groups and addresses."""

from yandex.cloud.vpc.v1.address_service_pb2 import (
    CreateAddressRequest,
    ExternalIpv4AddressSpec,
    InternalIpv4AddressSpec,
)
from yandex.cloud.vpc.v1.network_service_pb2 import CreateNetworkRequest
from yandex.cloud.vpc.v1.security_group_service_pb2 import CreateSecurityGroupRequest
from yandex.cloud.vpc.v1.subnet_service_pb2 import CreateSubnetRequest

ZONE = "ru-central1-a"


def network(bench, **fields):
    return CreateNetworkRequest(**({"folder_id": bench.world.folder_id} | fields))


def subnet(bench, **fields):
    some = {
        "folder_id": bench.world.folder_id,
        "network_id": bench.world.networks[0].id,
        "zone_id": ZONE,
        "v4_cidr_blocks": ["10.7.0.0/24"],
    }
    return CreateSubnetRequest(**(some | fields))


def group(bench, **fields):
    some = {
        "folder_id": bench.world.folder_id,
        "network_id": bench.world.networks[0].id,
    }
    return CreateSecurityGroupRequest(**(some | fields))


def made(bench, request, kind):
    resource = kind()
    assert bench.finish(request).response.Unpack(resource)
    return resource


def external(bench, address="", zone_id=ZONE, **fields):
    spec = ExternalIpv4AddressSpec(address=address, zone_id=zone_id)
    folder_id = bench.world.folder_id
    return CreateAddressRequest(
        folder_id=folder_id, external_ipv4_address_spec=spec, **fields
    )


def internal(bench, address="", subnet_id=None, **fields):
    subnet_id = bench.subnet if subnet_id is None else subnet_id
    spec = InternalIpv4AddressSpec(address=address, subnet_id=subnet_id)
    folder_id = bench.world.folder_id
    return CreateAddressRequest(
        folder_id=folder_id, internal_ipv4_address_spec=spec, **fields
    )
