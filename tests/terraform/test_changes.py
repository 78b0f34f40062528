"""What changes in the life of a deployment: drift, keys, ids to come, the end."""

import re

import pytest

from tests.terraform.yard import TerraformError, of_type, resources


def test_what_was_deleted_by_others_is_made_again(own_yard):
    """A plan sees a queue that is gone and a role that was taken, and only those."""
    yard = own_yard
    yard.settings(".", **yard.common())
    yard.apply()
    found = resources(yard.state())
    queue = next(
        one["values"]
        for one in of_type(found, "message_queue")
        if one["values"]["name"] == "nic-attach-parked"
    )
    member = of_type(found, "resourcemanager_folder_iam_member")[0]["values"]
    thread, cloud = yard.thread, yard.cloud
    account = thread.call(cloud.iam.account, member["member"].partition(":")[2])
    thread.call(cloud.iam.revoke, account, member["role"])
    thread.call(cloud.queues.delete, queue["id"], cloud.clock.now())
    changes = [
        one["type"]
        for one in yard.plan()["resource_changes"]
        if one["change"]["actions"] != ["no-op"]
    ]
    assert sorted(changes) == [
        "yandex_message_queue",
        "yandex_message_queue",  # the redrive into it
        "yandex_resourcemanager_folder_iam_member",
    ]


def test_nothing_is_left_behind(own_yard):
    """After a destroy the cloud has what it had before."""
    yard = own_yard
    cloud, thread = yard.cloud, yard.thread

    def there_is():
        accounts = [one.subject.name for one in thread.call(cloud.iam.report)]
        queues = [one.name for one in thread.call(cloud.queues.queues)]
        functions = list(cloud.functions)
        return accounts, queues, functions, cloud.iam.access_keys

    before = there_is()
    yard.settings(".", **yard.common())
    yard.apply()
    assert there_is() != before
    assert "Destroy complete!" in yard.destroy()
    assert there_is() == before


UNKNOWN = """
terraform {
  required_providers {
    yandex = { source = "yandex-cloud/yandex" }
  }
}

variable "given" {
  type = map(string)
}

resource "terraform_data" "folder" {
  input = var.given.folder
}

resource "terraform_data" "made" {
  input = var.given
}

module "nic" {
  source              = "../.."
  folder_id           = terraform_data.folder.output
  bundle              = var.given.bundle
  instance_folder_ids = [terraform_data.folder.output]
  limits              = { subnetIds = [terraform_data.made.output.subnet] }
  policies = [{
    name  = "mgmt"
    match = { folderIds = [terraform_data.folder.output] }
    attachment = {
      networkInterfaceIndex = "1"
      subnetIds             = { ru-central1-a = terraform_data.made.output.subnet }
      securityGroupIds      = [terraform_data.made.output.group]
    }
  }]
}
"""


def test_ids_may_be_of_what_is_not_made_yet(own_yard):
    """A folder, a subnet and a group can be made in the same apply; what is wrong with
    their ids is found as soon as they are known.
    """
    yard, where = own_yard, "examples/unknown"
    world = yard.cloud.world
    given = {
        "folder": world.folder_id,
        "bundle": str(yard.bundle),
        "subnet": world.subnets[0].id,
        "group": world.security_groups[0].id,
    }
    (yard.tree / where).mkdir()
    (yard.tree / where / "main.tf").write_text(UNKNOWN)
    yard.init(where)
    yard.settings(where, given=given | {"subnet": "no id"})
    yard.terraform(where, "plan")
    with pytest.raises(TerraformError, match="must name a subnet"):
        yard.apply(where)
    assert of_type(resources(yard.state(where)), "function") == []
    yard.settings(where, given=given)
    yard.apply(where)
    assert "No changes." in yard.terraform(where, "plan")


def test_a_key_is_replaced_without_a_gap(own_yard):
    """The functions have the new key before the old one is gone."""
    yard = own_yard
    yard.settings(".", **yard.common())
    yard.apply()
    key = "yandex_iam_service_account_static_access_key.queue"
    before = {it.id for it in yard.cloud.iam.access_keys}
    told = yard.terraform(".", "apply", "-auto-approve", f"-replace={key}")
    gone = re.search(rf"{key}.*: Destroying", told).start()
    changed = [
        it.end()
        for it in re.finditer(r"function\.this\S+ Modifications complete", told)
    ]
    assert len(changed) == 4
    assert max(changed) < gone
    after = {it.id for it in yard.cloud.iam.access_keys}
    assert len(before - after) == len(after - before) == 1
    assert "No changes." in yard.terraform(".", "plan")
