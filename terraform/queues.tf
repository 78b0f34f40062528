# The queues.  They are managed with the provider's own static key (YC_MESSAGE_QUEUE_ACCESS_KEY
# and YC_MESSAGE_QUEUE_SECRET_KEY in the environment), so that no secret gets into the state.
# Assumption: they are made in the folder of the service account that the key is of.

# Dead letters that nobody could turn into outcomes, for an operator to look at.
resource "yandex_message_queue" "parked" {
  count = var.queues == null ? 1 : 0

  name                      = "${var.name}-parked"
  message_retention_seconds = local.two_weeks
  tags                      = var.labels
}

# What was delivered too often: tasks, and events that on_event or on_schedule failed over.
resource "yandex_message_queue" "dead" {
  count = var.queues == null ? 1 : 0

  name                       = "${var.name}-dead"
  visibility_timeout_seconds = local.visibility
  message_retention_seconds  = local.two_weeks
  redrive_policy = jsonencode({
    deadLetterTargetArn = yandex_message_queue.parked[0].arn
    maxReceiveCount     = local.burials
  })
  tags = var.labels
}

# Requests of producers, and tasks that go on later.
resource "yandex_message_queue" "tasks" {
  count = var.queues == null ? 1 : 0

  name                       = "${var.name}-tasks"
  visibility_timeout_seconds = local.visibility
  message_retention_seconds  = local.two_weeks
  redrive_policy = jsonencode({
    deadLetterTargetArn = yandex_message_queue.dead[0].arn
    maxReceiveCount     = var.deliveries
  })
  tags = var.labels
}

# Outcomes, for consumers.
resource "yandex_message_queue" "results" {
  count = var.queues == null ? 1 : 0

  name                      = var.fifo_results ? "${var.name}-results.fifo" : "${var.name}-results"
  fifo_queue                = var.fifo_results
  message_retention_seconds = local.two_weeks
  tags                      = var.labels
}

locals {
  queue_folder = coalesce(try(var.queues.folder_id, null), var.folder_id)

  queues = var.queues != null ? { for name in ["tasks", "dead", "results"] : name => var.queues[name] } : {
    tasks   = { url = yandex_message_queue.tasks[0].id, arn = yandex_message_queue.tasks[0].arn }
    dead    = { url = yandex_message_queue.dead[0].id, arn = yandex_message_queue.dead[0].arn }
    results = { url = yandex_message_queue.results[0].id, arn = yandex_message_queue.results[0].arn }
  }
}
