# The way of an event to its trigger: a trail, limited to the instances' folders, writes
# audit events into a log group that has no other writers.

locals {
  trail              = var.events && var.audit_log_group == null
  audit_folder       = coalesce(try(var.audit_log_group.folder_id, null), var.folder_id)
  audit_log_group_id = var.audit_log_group != null ? var.audit_log_group.id : one(yandex_logging_group.audit[*].id)
}

resource "yandex_logging_group" "audit" {
  count = local.trail ? 1 : 0

  folder_id        = var.folder_id
  name             = "${var.name}-audit"
  description      = "Audit events of the instances' folders, for ${var.name}."
  retention_period = "24h" # on_event needs them for seconds; people look into the bucket of their own trail
  labels           = var.labels
}

resource "yandex_audit_trails_trail" "this" {
  count = local.trail ? 1 : 0

  folder_id          = var.folder_id
  name               = "${var.name}-trail"
  description        = "Lets ${var.name} know of stopped instances."
  labels             = var.labels
  service_account_id = yandex_iam_service_account.duty["trail"].id

  logging_destination {
    log_group_id = yandex_logging_group.audit[0].id
  }

  # The provider lets nobody choose events by their type; the trigger's filter does.
  filtering_policy {
    management_events_filter {
      dynamic "resource_scope" {
        for_each = local.instance_folders
        content {
          resource_id   = resource_scope.value
          resource_type = "resource-manager.folder"
        }
      }
    }
  }

  depends_on = [yandex_resourcemanager_folder_iam_member.duty]
}
