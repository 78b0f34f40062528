# One service account for each duty, with the least of roles that are documented for it.
# Roles for queues, logs and trails can be had on a folder only (yandex-cloud/docs:
# en/message-queue/security/index.md): for the strictest separation, deploy into a folder of
# its own and name the instances' folders in instance_folder_ids.

locals {
  duties = setunion(local.functions, toset(concat(
    ["queue-user", "queue-trigger"],
    var.events ? ["events-trigger"] : [],
    var.schedule != null ? ["timer-trigger"] : [],
    var.events || var.schedule != null ? ["dead-letters"] : [],
    local.trail ? ["trail"] : [],
    local.gateway ? ["gateway"] : [],
  )))

  # Duty, role, folder.  Places in lists name what is made, for ids may not be known at plan.
  folder_roles = merge(
    # To see instances is all that events and sweeps need.
    { for pair in setproduct(setintersection(local.functions, ["on_event", "on_schedule"]), range(length(local.instance_folders))) :
    "${pair[0]} sees instances ${pair[1]}" => { duty = pair[0], role = "compute.viewer", folder = local.instance_folders[pair[1]] } },
    # Nothing less lets anybody attach, stop and start.
    { for pair in setproduct(local.attaching, range(length(local.instance_folders))) :
    "${pair[0]} attaches ${pair[1]}" => { duty = pair[0], role = "compute.editor", folder = local.instance_folders[pair[1]] } },
    { for pair in setproduct(local.attaching, range(length(var.network_folder_ids))) :
    "${pair[0]} uses networks ${pair[1]}" => { duty = pair[0], role = "vpc.user", folder = var.network_folder_ids[pair[1]] } },
    { for pair in setproduct(var.public_addresses ? local.attaching : [], range(length(local.instance_folders))) :
    "${pair[0]} gives addresses ${pair[1]}" => { duty = pair[0], role = "vpc.publicAdmin", folder = local.instance_folders[pair[1]] } },
    {
      "queue-user sends"       = { duty = "queue-user", role = "ymq.writer", folder = local.queue_folder }
      "queue-trigger receives" = { duty = "queue-trigger", role = "ymq.reader", folder = local.queue_folder }
    },
    var.events ? { "events-trigger reads" = { duty = "events-trigger", role = "logging.reader", folder = local.audit_folder } } : {},
    contains(local.duties, "dead-letters") ? { "dead-letters sends" = { duty = "dead-letters", role = "ymq.writer", folder = local.queue_folder } } : {},
    local.trail ? { "trail writes" = { duty = "trail", role = "logging.writer", folder = var.folder_id } } : {},
    { for place, folder in local.trail ? local.instance_folders : [] :
    "trail collects ${place}" => { duty = "trail", role = "audit-trails.viewer", folder = folder } },
  )

  # Who calls which function.
  invokers = merge(
    { for name in ["on_task", "on_dead_letter"] : "queue-trigger ${name}" => { duty = "queue-trigger", function = name } },
    var.events ? { "events-trigger on_event" = { duty = "events-trigger", function = "on_event" } } : {},
    var.schedule != null ? { "timer-trigger on_schedule" = { duty = "timer-trigger", function = "on_schedule" } } : {},
    local.gateway ? { "gateway on_http" = { duty = "gateway", function = "on_http" } } : {},
  )
}

resource "yandex_iam_service_account" "duty" {
  for_each = local.duties

  folder_id   = var.folder_id
  name        = "${var.name}-${replace(each.key, "_", "-")}"
  description = "Of ${var.name}, for ${each.key}."
}

# Members, never bindings: those take roles away from everybody else.
resource "yandex_resourcemanager_folder_iam_member" "duty" {
  for_each = local.folder_roles

  folder_id = each.value.folder
  role      = each.value.role
  member    = "serviceAccount:${yandex_iam_service_account.duty[each.value.duty].id}"
}

resource "yandex_function_iam_member" "invoker" {
  for_each = local.invokers

  function_id = yandex_function.this[each.value.function].id
  role        = "functions.functionInvoker"
  member      = "serviceAccount:${yandex_iam_service_account.duty[each.value.duty].id}"
}

resource "yandex_function_iam_member" "caller" {
  for_each = var.http == null ? {} : var.http.callers

  function_id = yandex_function.this["on_http"].id
  role        = "functions.functionInvoker"
  member      = each.value
}
