variable "folder_id" {
  description = "The folder that all is made in."
  type        = string
}

variable "other_folder_ids" {
  description = "Other folders with instances."
  type        = list(string)
  default     = []
}

variable "network_folder_ids" {
  description = "Other folders that the subnets and security groups are in."
  type        = list(string)
  default     = []
}

variable "subnet_ids" {
  description = "A subnet for each zone."
  type        = map(string)
}

variable "security_group_ids" {
  description = "The security groups that interfaces get, five at most."
  type        = list(string)
}

variable "callers" {
  description = "Who may call on_http by its URL: serviceAccount:<id>, by names of your choice."
  type        = map(string)
  default     = {}
}

variable "bundle" {
  description = "The zip that `nic bundle` wrote; by default nic-attach.zip in the module's folder."
  type        = string
  default     = null
}

variable "authorizer" {
  description = "A zip of authorizer.py."
  type        = string
  default     = "authorizer.zip"
}
