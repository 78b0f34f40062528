"""What types of resources do in the local cloud."""

from fakes.terraform.kind import Kind
from fakes.terraform.kinds.accounts import ServiceAccounts, StaticKeys
from fakes.terraform.kinds.dashboards import Dashboards
from fakes.terraform.kinds.functions import Functions, ScalingPolicies
from fakes.terraform.kinds.gateways import Gateways
from fakes.terraform.kinds.logs import LogGroups, Trails
from fakes.terraform.kinds.members import Members
from fakes.terraform.kinds.queues import Queues
from fakes.terraform.kinds.secrets import Secrets, SecretVersions
from fakes.terraform.kinds.serverless_triggers import ServerlessTriggers
from fakes.terraform.kinds.site import Site
from fakes.terraform.kinds.triggers import FunctionTriggers

__all__ = ["Site", "kinds_at"]


def kinds_at(site: Site) -> dict[str, Kind]:
    """Return what each type of resource does at *site*, by its name.

    What they make is theirs: a cloud that is cleared has none of it any more.
    """
    return {
        "yandex_api_gateway": Gateways(site),
        "yandex_audit_trails_trail": Trails(site),
        "yandex_function": Functions(site),
        "yandex_function_iam_member": Members(site, "function_id"),
        "yandex_function_scaling_policy": ScalingPolicies(site),
        "yandex_function_trigger": FunctionTriggers(site),
        "yandex_iam_service_account": ServiceAccounts(site),
        "yandex_iam_service_account_static_access_key": StaticKeys(site),
        "yandex_lockbox_secret": Secrets(site),
        "yandex_lockbox_secret_iam_member": Members(site, "secret_id"),
        "yandex_lockbox_secret_version": SecretVersions(site),
        "yandex_logging_group": LogGroups(site),
        "yandex_message_queue": Queues(site),
        "yandex_monitoring_dashboard": Dashboards(site),
        "yandex_resourcemanager_folder_iam_member": Members(site, "folder_id"),
        "yandex_serverless_triggers": ServerlessTriggers(site),
    }
