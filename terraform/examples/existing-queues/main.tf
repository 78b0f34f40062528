# Into a folder that has a trail's log group and queues already.  The queues here stand for
# yours: what the module asks of them is that tasks has a redrive to the dead letters, and
# both a visibility timeout of twice the functions' timeout at least.

locals {
  timeout = 30
}

resource "yandex_message_queue" "lost" {
  name                      = "orders-lost"
  message_retention_seconds = 1209600
}

resource "yandex_message_queue" "dead" {
  name                       = "orders-dead"
  visibility_timeout_seconds = 2 * local.timeout
  redrive_policy = jsonencode({
    deadLetterTargetArn = yandex_message_queue.lost.arn
    maxReceiveCount     = 1000
  })
}

resource "yandex_message_queue" "tasks" {
  name                       = "orders-tasks"
  visibility_timeout_seconds = 2 * local.timeout
  redrive_policy = jsonencode({
    deadLetterTargetArn = yandex_message_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "yandex_message_queue" "results" {
  name = "orders-results"
}

module "nic" {
  source = "../.."

  folder_id       = var.folder_id
  name            = "orders"
  bundle          = var.bundle
  timeout         = local.timeout
  audit_log_group = { id = var.audit_log_group_id }
  schedule        = null

  queues = {
    for name, one in {
      tasks   = yandex_message_queue.tasks
      dead    = yandex_message_queue.dead
      results = yandex_message_queue.results
    } : name => { url = one.id, arn = one.arn }
  }

  # No policies: only what producers ask for, within these limits.
  limits = { subnetIds = [var.subnet_id] }
}
