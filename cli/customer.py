"""What somebody with the official SDK does: creates an instance, stops it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import yandexcloud
from yandex.cloud.compute.v1 import instance_pb2, instance_service_pb2
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

_PATIENCE = timedelta(seconds=60)
_GIB = 1 << 30


class Customer:
    """A client of the local cloud through the unmodified SDK.

    Args:
        endpoints: As `nic cloud --endpoints` writes them.
        roots: PEM of the certificate to trust.
    """

    def __init__(self, endpoints: Mapping[str, Any], roots: bytes) -> None:
        self._endpoints = endpoints
        self._sdk = yandexcloud.SDK(  # type: ignore[attr-defined]  # public, though its module does not say so
            iam_token=endpoints["iam_token"],
            endpoint=endpoints["grpc"],
            root_certificates=roots,
        )
        self._instances = self._sdk.client(InstanceServiceStub)

    def create_instance(
        self, name: str, zone_id: str, labels: Mapping[str, str]
    ) -> instance_pb2.Instance:
        """Return a new instance, running, with one interface."""
        spec = instance_service_pb2.NetworkInterfaceSpec(
            subnet_id=self._endpoints["subnets"][zone_id],
            primary_v4_address_spec=instance_service_pb2.PrimaryAddressSpec(),
            security_group_ids=[self._endpoints["security_group_id"]],
        )
        disk = instance_service_pb2.AttachedDiskSpec.DiskSpec(size=10 * _GIB)
        operation = self._instances.Create(
            instance_service_pb2.CreateInstanceRequest(
                folder_id=self._endpoints["folder_id"],
                name=name,
                zone_id=zone_id,
                labels=labels,
                platform_id="standard-v3",
                resources_spec=instance_service_pb2.ResourcesSpec(
                    memory=2 * _GIB, cores=2
                ),
                boot_disk_spec=instance_service_pb2.AttachedDiskSpec(disk_spec=disk),
                network_interface_specs=[spec],
            )
        )
        instance: instance_pb2.Instance = self._wait(operation, instance_pb2.Instance)
        return instance

    def stop(self, instance_id: str) -> None:
        """Stop an instance."""
        request = instance_service_pb2.StopInstanceRequest(instance_id=instance_id)
        self._wait(self._instances.Stop(request))

    def _wait(self, operation: Any, response_type: Any = None) -> Any:
        result: Any = self._sdk.wait_operation_and_get_result(
            operation,
            response_type=response_type,
            timeout=_PATIENCE.total_seconds(),
        )
        # Annotated as result or error, but an error is raised, never returned.
        return result.response
