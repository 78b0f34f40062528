output "tasks_queue" {
  description = "Where producers send requests."
  value       = module.nic.tasks_queue
}

output "results_queue" {
  description = "Where consumers receive outcomes."
  value       = module.nic.results_queue
}
