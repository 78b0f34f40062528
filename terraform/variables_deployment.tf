# What runs, and with how much.

variable "labels" {
  description = "Labels of everything that can have labels."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(var.labels) <= 64 && alltrue([
      for name, value in var.labels :
      can(regex("^[a-z][-_./\\\\@0-9a-z]{0,62}$", name)) && can(regex("^[-_./\\\\@0-9a-z]{0,63}$", value))
    ])
    error_message = "labels must be at most 64, from 1 to 63 of a-z 0-9 - _ . / \\ @, a letter first, to up to 63 of them."
  }
}

variable "bundle" {
  description = "Path of the zip that `nic bundle` writes; by default nic-attach.zip beside this module."
  type        = string
  default     = null
}

variable "bundle_object" {
  description = "Instead of bundle, for one of more than 3.5 MB (nic bundle --vendored): where it lies in Object Storage, and its SHA-256 in hexadecimal, as nic bundle tells it."
  type        = object({ bucket = string, object = string, sha256 = string })
  default     = null

  validation {
    condition     = var.bundle_object == null || can(regex("^[0-9a-f]{64}$", var.bundle_object.sha256))
    error_message = "bundle_object.sha256 must be 64 hexadecimal digits, as nic bundle tells them."
  }
  validation {
    condition     = var.bundle_object == null || var.bundle == null
    error_message = "Give bundle or bundle_object, not both."
  }
}

variable "memory" {
  description = "Memory of each function, in MB; its share of a processor grows with it."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory >= 128 && var.memory <= 8192 && var.memory % 128 == 0
    error_message = "memory must be a multiple of 128 from 128 to 8192, in MB."
  }
}

variable "timeout" {
  description = "After so many seconds a call of a function is ended.  Visibility timeouts follow from it."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.timeout >= 20 && var.timeout <= 600 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 20 (below, a call gives its deliveries back) to 600 (beyond, functions must be long-lived)."
  }
}

variable "instances_limit" {
  description = "How many instances of each function may run in a zone at once: what a mistake can do is bounded by it."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.instances_limit >= 1 && var.instances_limit <= 10 && floor(var.instances_limit) == var.instances_limit
    error_message = "instances_limit must be a whole number from 1 to 10, the default quota of a cloud."
  }
}

variable "requests_limit" {
  description = "How many calls of each function may run or wait in a zone at once."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.requests_limit >= var.instances_limit && var.requests_limit <= 100 && floor(var.requests_limit) == var.requests_limit
    error_message = "requests_limit must be a whole number from instances_limit to 100."
  }
}

variable "tasks_at_once" {
  description = "How many messages of the tasks queue a call gets at most."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.tasks_at_once >= 1 && var.tasks_at_once <= 100 && floor(var.tasks_at_once) == var.tasks_at_once
    error_message = "tasks_at_once must be a whole number from 1 to 100."
  }
}

variable "deliveries" {
  description = "How often a task is delivered before it is a dead letter."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.deliveries >= 3 && var.deliveries <= 100 && floor(var.deliveries) == var.deliveries
    error_message = "deliveries must be a whole number from 3 to 100: a crash or two must not bury a task."
  }
}

variable "log_level" {
  description = "The least level of the functions' log lines that are kept."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be INFO, WARN or ERROR: the functions log nothing below."
  }
}

variable "log_retention" {
  description = "How long the functions' logs are kept, in hours, like \"168h\"."
  type        = string
  default     = "168h"
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]{0,3}h$", var.log_retention))
    error_message = "log_retention must be hours, like \"168h\"."
  }
}

variable "dashboard" {
  description = "Whether a Monitoring dashboard is made."
  type        = bool
  default     = true
  nullable    = false
}
