output "nic" {
  description = "All that the module tells."
  value       = module.nic
}
