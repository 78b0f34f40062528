# What others need to know.  No secret is among it: the queue's key is in Lockbox.

output "tasks_queue" {
  description = "Where producers send requests: url and arn."
  value       = local.queues.tasks
}

output "results_queue" {
  description = "Where consumers receive outcomes: url and arn."
  value       = local.queues.results
}

output "dead_queue" {
  description = "Where tasks and events go that were delivered too often: url and arn."
  value       = local.queues.dead
}

output "parked_queue" {
  description = "Where dead letters go that nobody could turn into outcomes: url and arn; null where the queues were there already."
  value       = one([for one in yandex_message_queue.parked : { url = one.id, arn = one.arn }])
}

output "functions" {
  description = "Id of each function, by its name in the code."
  # Not its version: the provider lets Terraform know of a new one only at the next plan.
  value = { for name, one in yandex_function.this : name => one.id }
}

output "service_accounts" {
  description = "Id of the service account of each duty."
  value       = { for duty, one in yandex_iam_service_account.duty : duty => one.id }
}

output "url" {
  description = "Where callers with functions.functionInvoker reach on_http; null without it."
  value       = var.http == null ? null : "https://functions.yandexcloud.net/${yandex_function.this["on_http"].id}"
}

output "gateway_domain" {
  description = "Where everybody reaches on_http whom the authorizer lets in; null without a gateway."
  value       = one(yandex_api_gateway.this[*].domain)
}

output "log_groups" {
  description = "Ids of the log groups: of the functions, and of audit events (null without events)."
  value       = { functions = yandex_logging_group.functions.id, audit = var.events ? local.audit_log_group_id : null }
}

output "dashboard_id" {
  description = "Id of the Monitoring dashboard; null without."
  value       = one(yandex_monitoring_dashboard.this[*].id)
}

output "bundle_sha256" {
  description = "SHA-256 of the bundle that runs."
  value       = local.bundle_sha256
}
