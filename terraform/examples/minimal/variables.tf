variable "folder_id" {
  description = "The folder with the instances; all is made in it."
  type        = string
}

variable "subnet_id" {
  description = "The subnet that interfaces are put into, in ru-central1-a."
  type        = string
}

variable "security_group_id" {
  description = "The security group that interfaces get."
  type        = string
}

variable "bundle" {
  description = "The zip that `nic bundle` wrote; by default nic-attach.zip in the module's folder."
  type        = string
  default     = null
}
