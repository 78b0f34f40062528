variable "folder_id" {
  description = "The folder that has it all."
  type        = string
}

variable "audit_log_group_id" {
  description = "The log group that the folder's trail writes into, and nobody else."
  type        = string
}

variable "subnet_id" {
  description = "The one subnet that interfaces may be put into."
  type        = string
}

variable "bundle" {
  description = "The zip that `nic bundle` wrote; by default nic-attach.zip in the module's folder."
  type        = string
  default     = null
}
