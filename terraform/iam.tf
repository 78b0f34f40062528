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

  # Duty, role, folder.
  folder_roles = concat(
    # To see instances is all that events and sweeps need.
    [for pair in setproduct(setintersection(local.functions, ["on_event", "on_schedule"]), local.instance_folders) :
    { duty = pair[0], role = "compute.viewer", folder = pair[1] }],
    # Nothing less lets anybody attach, stop and start.
    [for pair in setproduct(local.attaching, local.instance_folders) :
    { duty = pair[0], role = "compute.editor", folder = pair[1] }],
    [for pair in setproduct(local.attaching, var.network_folder_ids) :
    { duty = pair[0], role = "vpc.user", folder = pair[1] }],
    [for pair in setproduct(var.public_addresses ? local.attaching : [], local.instance_folders) :
    { duty = pair[0], role = "vpc.publicAdmin", folder = pair[1] }],
    [
      { duty = "queue-user", role = "ymq.writer", folder = var.folder_id },
      { duty = "queue-trigger", role = "ymq.reader", folder = var.folder_id },
    ],
    var.events ? [{ duty = "events-trigger", role = "logging.reader", folder = var.folder_id }] : [],
    contains(local.duties, "dead-letters") ? [{ duty = "dead-letters", role = "ymq.writer", folder = var.folder_id }] : [],
    local.trail ? [{ duty = "trail", role = "logging.writer", folder = var.folder_id }] : [],
    [for folder in local.trail ? local.instance_folders : [] :
    { duty = "trail", role = "audit-trails.viewer", folder = folder }],
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
  for_each = { for one in local.folder_roles : "${one.duty} ${one.role} ${one.folder}" => one }

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
  for_each = var.http == null ? toset([]) : var.http.callers

  function_id = yandex_function.this["on_http"].id
  role        = "functions.functionInvoker"
  member      = each.value
}
