# What is around the functions: queues, events, callers, folders, endpoints.

variable "queues" {
  description = "Queues that are there already, for tasks, dead letters and results; by default they are made.  tasks must have a redrive to dead, dead one to a queue for an operator, and both a visibility timeout of twice `timeout` at least.  folder_id tells where they are, if not in the module's folder_id."
  type = object({
    tasks     = object({ url = string, arn = string })
    dead      = object({ url = string, arn = string })
    results   = object({ url = string, arn = string })
    folder_id = optional(string)
  })
  default = null

  validation {
    condition = var.queues == null ? true : alltrue([
      for one in [var.queues.tasks, var.queues.dead, var.queues.results] : startswith(one.arn, "yrn:yc:ymq:") && can(regex("^https?://", one.url))
    ])
    error_message = "Each queue needs its url (https://…) and its arn (yrn:yc:ymq:…)."
  }
  validation {
    condition     = var.queues == null ? true : !endswith(var.queues.tasks.arn, ".fifo") && !endswith(var.queues.dead.arn, ".fifo")
    error_message = "The queues for tasks and dead letters must be standard ones: a trigger reads no other."
  }
  validation {
    condition     = var.queues == null ? true : length(distinct([for one in [var.queues.tasks, var.queues.dead, var.queues.results] : one.arn])) == 3
    error_message = "Tasks, dead letters and results need a queue each."
  }
  validation {
    condition     = try(var.queues.folder_id, null) == null ? true : can(regex("^[a-z0-9]{20}$", var.queues.folder_id))
    error_message = "queues.folder_id must be a folder's id: 20 lower-case letters and digits."
  }
}

variable "fifo_results" {
  description = "True for a results queue that keeps the order of each instance's outcomes and drops repeats; triggers cannot read such a queue."
  type        = bool
  default     = false
  nullable    = false
}

variable "events" {
  description = "Whether stops are answered as they happen, which needs a trail; without, the schedule alone finds what is missing."
  type        = bool
  default     = true
  nullable    = false
}

# An object, as others below: that it is given is known at plan, even if its id is not.
variable "audit_log_group" {
  description = "A log group that a trail writes to already, with no other writers; by default a trail and a group are made.  folder_id tells where it is, if not in the module's folder_id."
  type        = object({ id = string, folder_id = optional(string) })
  default     = null

  validation {
    condition     = try(var.audit_log_group.folder_id, null) == null ? true : can(regex("^[a-z0-9]{20}$", var.audit_log_group.folder_id))
    error_message = "audit_log_group.folder_id must be a folder's id: 20 lower-case letters and digits."
  }
  validation {
    condition     = var.audit_log_group == null || var.events
    error_message = "audit_log_group is of use with events only."
  }
}

variable "schedule" {
  description = "When sweeps look for what events missed, as a cron expression of six fields in UTC: minutes, hours, days, months, weekdays, years; null for never."
  type        = string
  default     = "15 * ? * * *"

  validation {
    condition = var.schedule == null ? true : (
      can(regex("^[0-9*,/-]+ [0-9*,/-]+ ([?]|[0-9*,/LW-]+) [0-9A-Z*,/-]+ ([?]|[0-9A-Z*,/#-]+) [0-9*,/-]+$", var.schedule)) &&
      length(regexall("[?]", var.schedule)) == 1
    )
    error_message = "schedule must have six fields, and ? either for the days or for the weekdays, like \"15 * ? * * *\"."
  }
}

variable "http" {
  description = "Whom on_http answers: `gateway` puts an API Gateway before it, which lets in whom the function authorizer_function_id lets in, if that answers with a context, too; `callers` are members (serviceAccount:…), by names of your choice, that may call its URL.  By default there is no on_http."
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
  description = "The folders whose instances get interfaces; by default folder_id alone.  Trail, sweeps and roles follow from it, and limits.folderIds if those name none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(distinct(var.instance_folder_ids)) == length(var.instance_folder_ids)
    error_message = "instance_folder_ids must name each folder once."
  }
  validation {
    condition     = alltrue([for one in var.instance_folder_ids : can(regex("^[a-z0-9]{20}$", one))])
    error_message = "instance_folder_ids must be ids of folders: 20 lower-case letters and digits."
  }
}

variable "network_folder_ids" {
  description = "Other folders that subnets and security groups are in."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(distinct(var.network_folder_ids)) == length(var.network_folder_ids)
    error_message = "network_folder_ids must name each folder once."
  }
  validation {
    condition     = alltrue([for one in var.network_folder_ids : can(regex("^[a-z0-9]{20}$", one))])
    error_message = "network_folder_ids must be ids of folders: 20 lower-case letters and digits."
  }
}

variable "public_addresses" {
  description = "Whether interfaces may be asked for with public addresses, which takes another role."
  type        = bool
  default     = false
  nullable    = false
}

variable "endpoints" {
  description = "Where the API is, as host:port, if not at Yandex Cloud's usual place: another region's, or a local cloud's."
  type = object({
    compute   = optional(string)
    operation = optional(string)
    vpc       = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for one in values(var.endpoints) : one == null ? true : can(regex("^[a-z0-9.-]+:[0-9]{1,5}$", one))])
    error_message = "endpoints must be host:port."
  }
}
