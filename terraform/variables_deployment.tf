# How a deployment is made: what runs, with how much, and who may ask for what.

variable "labels" {
  description = "Labels of everything that can have labels."
  type        = map(string)
  default     = {}
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

  validation {
    condition     = var.memory >= 128 && var.memory <= 8192 && var.memory % 128 == 0
    error_message = "memory must be a multiple of 128 from 128 to 8192, in MB."
  }
}

variable "timeout" {
  description = "After so many seconds a call of a function is ended.  Visibility timeouts follow from it."
  type        = number
  default     = 30

  validation {
    condition     = var.timeout >= 20 && var.timeout <= 600 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 20 (below, a call gives its deliveries back) to 600 (beyond, functions must be long-lived)."
  }
}

variable "instances_limit" {
  description = "How many instances of each function may run in a zone at once: what a mistake can do is bounded by it."
  type        = number
  default     = 2

  validation {
    condition     = var.instances_limit >= 1 && var.instances_limit <= 10 && floor(var.instances_limit) == var.instances_limit
    error_message = "instances_limit must be a whole number from 1 to 10, the default quota of a cloud."
  }
}

variable "requests_limit" {
  description = "How many calls of each function may run or wait in a zone at once."
  type        = number
  default     = 10

  validation {
    condition     = var.requests_limit >= var.instances_limit && var.requests_limit <= 100 && floor(var.requests_limit) == var.requests_limit
    error_message = "requests_limit must be a whole number from instances_limit to 100."
  }
}

variable "tasks_at_once" {
  description = "How many messages of the tasks queue a call gets at most."
  type        = number
  default     = 10

  validation {
    condition     = var.tasks_at_once >= 1 && var.tasks_at_once <= 100 && floor(var.tasks_at_once) == var.tasks_at_once
    error_message = "tasks_at_once must be a whole number from 1 to 100."
  }
}

variable "deliveries" {
  description = "How often a task is delivered before it is a dead letter."
  type        = number
  default     = 5

  validation {
    condition     = var.deliveries >= 3 && var.deliveries <= 100 && floor(var.deliveries) == var.deliveries
    error_message = "deliveries must be a whole number from 3 to 100: a crash or two must not bury a task."
  }
}

variable "queues" {
  description = "Queues that are there already, for tasks, dead letters and results; by default they are made.  tasks must have a redrive to dead, and both a visibility timeout of twice `timeout` at least."
  type = object({
    tasks   = object({ url = string, arn = string })
    dead    = object({ url = string, arn = string })
    results = object({ url = string, arn = string })
  })
  default = null

  validation {
    condition = var.queues == null ? true : alltrue([
      for one in values(var.queues) : startswith(one.arn, "yrn:yc:ymq:") && can(regex("^https?://", one.url))
    ])
    error_message = "Each queue needs its url (https://…) and its arn (yrn:yc:ymq:…)."
  }
  validation {
    condition     = var.queues == null ? true : !endswith(var.queues.tasks.arn, ".fifo") && !endswith(var.queues.dead.arn, ".fifo")
    error_message = "The queues for tasks and dead letters must be standard ones: a trigger reads no other."
  }
  validation {
    condition     = var.queues == null ? true : length(distinct([for one in values(var.queues) : one.arn])) == 3
    error_message = "Tasks, dead letters and results need a queue each."
  }
}

variable "fifo_results" {
  description = "True for a results queue that keeps the order of each instance's outcomes and drops repeats; triggers cannot read such a queue."
  type        = bool
  default     = false
}

variable "events" {
  description = "Whether stops are answered as they happen, which needs a trail; without, the schedule alone finds what is missing."
  type        = bool
  default     = true
}

# An object, as others below: that it is given is known at plan, even if its id is not.
variable "audit_log_group" {
  description = "A log group that a trail writes to already, with no other writers; by default a trail and a group are made."
  type        = object({ id = string })
  default     = null
}

variable "schedule" {
  description = "When sweeps look for what events missed, as a cron expression of six fields in UTC: minutes, hours, days, months, weekdays, years; null for never."
  type        = string
  default     = "15 * ? * * *"

  validation {
    condition     = var.schedule == null ? true : length(split(" ", var.schedule)) == 6 && strcontains(var.schedule, "?")
    error_message = "schedule must have six fields, with ? for the days or the weekdays, like \"15 * ? * * *\"."
  }
}

variable "http" {
  description = "Whom on_http answers: `gateway` puts an API Gateway before it, which lets in whom the function authorizer_function_id lets in; `callers` are members (serviceAccount:…), by names of your choice, that may call its URL.  By default there is no on_http."
  type = object({
    gateway = optional(object({ authorizer_function_id = string }))
    callers = optional(map(string), {})
  })
  default = null

  validation {
    condition     = var.http == null ? true : var.http.gateway != null || length(var.http.callers) > 0
    error_message = "http needs a gateway, callers, or both: nobody could call it."
  }
  validation {
    condition     = var.http == null ? true : alltrue([for one in values(var.http.callers) : can(regex("^(serviceAccount|userAccount|federatedUser|group):", one))])
    error_message = "callers must be members like serviceAccount:<id>; a function that attaches interfaces is never public."
  }
}

variable "instance_folder_ids" {
  description = "The folders whose instances get interfaces; by default folder_id alone.  Trail, sweeps and roles follow from it."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.instance_folder_ids : can(regex("^[a-z0-9]{20}$", one))])
    error_message = "instance_folder_ids must be ids of folders: 20 lower-case letters and digits."
  }
}

variable "network_folder_ids" {
  description = "Other folders that subnets and security groups are in."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.network_folder_ids : can(regex("^[a-z0-9]{20}$", one))])
    error_message = "network_folder_ids must be ids of folders: 20 lower-case letters and digits."
  }
}

variable "public_addresses" {
  description = "Whether interfaces may be asked for with public addresses, which takes another role."
  type        = bool
  default     = false
}

variable "endpoints" {
  description = "Where the API is, as host:port, if not at Yandex Cloud's usual place: another region's, or a local cloud's."
  type = object({
    compute   = optional(string)
    operation = optional(string)
    vpc       = optional(string)
  })
  default = {}

  validation {
    condition     = alltrue([for one in values(var.endpoints) : one == null ? true : can(regex("^[a-z0-9.-]+:[0-9]{1,5}$", one))])
    error_message = "endpoints must be host:port."
  }
}

variable "log_level" {
  description = "The least level of the functions' log lines that are kept."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level must be INFO, WARN or ERROR: the functions log nothing below."
  }
}

variable "log_retention" {
  description = "How long the functions' logs are kept, in hours, like \"168h\"."
  type        = string
  default     = "168h"

  validation {
    condition     = can(regex("^[1-9][0-9]{0,3}h$", var.log_retention))
    error_message = "log_retention must be hours, like \"168h\"."
  }
}

variable "dashboard" {
  description = "Whether a Monitoring dashboard is made."
  type        = bool
  default     = true
}
