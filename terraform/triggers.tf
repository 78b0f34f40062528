# What calls the functions.  A queue's trigger has no retries of its own: a failed call
# leaves its messages in the queue, and the queue's redrive buries them.

resource "yandex_function_trigger" "queue" {
  for_each = {
    on_task        = { queue = local.queues.tasks.arn, batch = var.tasks_at_once }
    on_dead_letter = { queue = local.queues.dead.arn, batch = 1 }
  }

  folder_id   = var.folder_id
  name        = "${var.name}-${replace(each.key, "_", "-")}"
  description = "Hands messages to ${each.key}."
  labels      = var.labels

  message_queue {
    queue_id           = each.value.queue
    service_account_id = yandex_iam_service_account.duty["queue-trigger"].id
    batch_size         = tostring(each.value.batch)
    batch_cutoff       = "1"
    visibility_timeout = tostring(local.visibility)
  }
  function {
    id                 = yandex_function.this[each.key].id
    service_account_id = yandex_iam_service_account.duty["queue-trigger"].id
  }

  depends_on = [yandex_function_iam_member.invoker, yandex_resourcemanager_folder_iam_member.duty]
}

resource "yandex_function_trigger" "schedule" {
  count = var.schedule == null ? 0 : 1

  folder_id   = var.folder_id
  name        = "${var.name}-on-schedule"
  description = "Begins sweeps."
  labels      = var.labels

  timer {
    cron_expression = var.schedule
  }
  function {
    id                 = yandex_function.this["on_schedule"].id
    service_account_id = yandex_iam_service_account.duty["timer-trigger"].id
    retry_attempts     = "5"
    retry_interval     = "10"
  }
  dlq {
    queue_id           = local.queues.dead.arn
    service_account_id = yandex_iam_service_account.duty["dead-letters"].id
  }

  depends_on = [yandex_function_iam_member.invoker, yandex_resourcemanager_folder_iam_member.duty]
}

# The newer kind of trigger: it alone filters what it hands over, so that not every call of
# the API in the folder is a call of the function.
resource "yandex_serverless_triggers" "events" {
  count = var.events ? 1 : 0

  folder_id   = var.folder_id
  name        = "${var.name}-on-event"
  description = "Hands audit events of instances to on_event."
  labels      = var.labels

  source = {
    logging = {
      log_group_id   = local.audit_log_group_id
      batch_settings = { cutoff = "2s", max_count = 100 }
    }
  }

  action = [{
    filter = { jq = local.events_filter }
    invoke_function = {
      function_id        = yandex_function.this["on_event"].id
      service_account_id = yandex_iam_service_account.duty["events-trigger"].id
    }
    retry_policy = { interval = "10s", retry_attempts = 5 }
    dead_letter = {
      dead_letter_queue = {
        queue_arn          = local.queues.dead.arn
        service_account_id = yandex_iam_service_account.duty["dead-letters"].id
      }
    }
  }]

  depends_on = [yandex_function_iam_member.invoker, yandex_resourcemanager_folder_iam_member.duty]
}

locals {
  # What `.` is in a filter of batched log entries is not documented: an event's type is
  # looked for at any depth, in both spellings.  on_event looks again; this only saves calls.
  events_filter = join(" | ", [
    "[..",
    "objects",
    "(.event_type // .eventType // empty)",
    "strings",
    "test(\"^yandex[.]cloud[.]audit[.]compute[.]((Stop|GuestStop|Preempt|Crash)Instance|(Attach|Detach)InstanceNetworkInterface)$\")]",
    "any",
  ])
}
