# What a deployment can be told.  Whatever is wrong fails at plan, before anything is made.

variable "folder_id" {
  description = "The folder that holds the functions, the queues and the instances."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{20}$", var.folder_id))
    error_message = "folder_id must be a folder's id: 20 lower-case letters and digits."
  }
}

variable "name" {
  description = "Prefix of the names of everything that is created."
  type        = string
  default     = "nic-attach"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name must be 2 to 31 lower-case letters, digits and dashes, a letter first."
  }
}

# An object type would drop in silence what it does not know, so that a mistyped
# condition would mean all instances; and policies with different rules for
# labels would have no common type.  Hence `any`, and all that HCL can check.
variable "policies" {
  description = "Which interface instances should have: a list of policies; see README.md, Policies, and events/schemas/policies.schema.json."
  type        = any
  default     = []

  validation {
    condition = try(alltrue([
      for one in var.policies :
      length(setsubtract(keys(one), ["name", "match", "attachment", "options"])) == 0 &&
      length(setsubtract(try(one.match, null) == null ? [] : keys(one.match), ["folderIds", "zoneIds", "namePattern", "labels", "causes"])) == 0 &&
      length(setsubtract(keys(one.attachment), ["networkInterfaceIndex", "subnetIds", "securityGroupIds", "primaryV4AddressSpec"])) == 0 &&
      length(setsubtract(try(one.options, null) == null ? [] : keys(one.options), ["stopIfRunning", "finalPower", "timeout", "dryRun"])) == 0
    ]), false)
    error_message = "Policies must be a list of objects with name, match, attachment and options, and with no field that README.md does not name."
  }

  validation {
    condition = try(
      length(distinct([for one in var.policies : one.name])) == length(var.policies) &&
      length(var.policies) <= 200 &&
      alltrue([for one in var.policies : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", one.name))]),
      false
    )
    error_message = "At most 200 policies, with different names of 1 to 64 letters, digits, - and _."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      length(one.attachment.securityGroupIds) >= 1 && length(one.attachment.securityGroupIds) <= 5
    ]), false)
    error_message = "A policy must name one to five security groups."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      length(one.attachment.subnetIds) >= 1 && length(keys(one.attachment.subnetIds)) <= 200
    ]), false)
    error_message = "A policy must name a subnet for one zone at least: subnetIds is an object from zone to subnet."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      can(regex("^\"(0|[1-9][0-9]?|auto)\"$", jsonencode(one.attachment.networkInterfaceIndex)))
    ]), false)
    error_message = "A policy's networkInterfaceIndex must be a number in a string, like \"1\", or \"auto\"."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      try(one.match.namePattern, null) == null || can(regex("^[a-z0-9_*?-]{1,63}$", one.match.namePattern))
    ]), false)
    error_message = "A policy's namePattern must be an instance's name, with * and ? as wildcards."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for cause in try(coalesce(one.match.causes), []) :
        contains(["stopped", "guest-stopped", "preempted", "crashed", "detached", "scheduled", "requested"], cause)
      ]
    ])), false)
    error_message = "A policy's causes must be among stopped, guest-stopped, preempted, crashed, detached, scheduled and requested."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for name, rule in try(coalesce(one.match.labels), {}) : [
          can(regex("^[a-z][-_./\\\\@0-9a-z]{0,62}$", name)),
          anytrue([
            try(startswith(jsonencode(rule), "\"") && can(regex("^[-_./\\\\@0-9a-z]{0,63}$", rule)), false),
            try(jsonencode(keys(rule)) == jsonencode(["in"]) && length(rule.in) >= 1 && length(rule.in) <= 50, false),
            try(jsonencode(keys(rule)) == jsonencode(["exists"]) && contains(["true", "false"], jsonencode(rule.exists)), false),
          ])
        ]
      ]
    ])), false)
    error_message = "A policy's labels must be from a label's name to a value, { in = [...] } or { exists = true or false }."
  }
}

variable "limits" {
  description = "What may be touched at all, whoever asks, and how much at once; an empty list allows all."
  type        = any
  default     = {}

  validation {
    condition = try(length(setsubtract(keys(var.limits), [
      "folderIds", "subnetIds", "securityGroupIds", "onePublicAddress", "instancesPerSweep", "optOutLabel"
    ])) == 0, false)
    error_message = "Limits must have no field that README.md does not name: a mistyped one would forbid nothing."
  }

  validation {
    condition = alltrue([
      for name in ["folderIds", "subnetIds", "securityGroupIds"] :
      try(var.limits[name], null) == null ? true : try(
        alltrue([for id in var.limits[name] : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", id))]),
        false
      )
    ])
    error_message = "The folders, subnets and security groups of limits must be lists of ids."
  }

  validation {
    condition     = contains(["true", "false", "null"], jsonencode(try(var.limits.onePublicAddress, null)))
    error_message = "onePublicAddress must be true or false."
  }

  validation {
    condition = try(var.limits.instancesPerSweep, null) == null ? true : try(
      contains(range(1, 1001), tonumber(var.limits.instancesPerSweep)),
      false
    )
    error_message = "instancesPerSweep must be a whole number from 1 to 1000."
  }

  validation {
    condition = try(var.limits.optOutLabel, null) == null ? true : can(
      regex("^[a-z][-_./\\\\@0-9a-z]{0,62}$", var.limits.optOutLabel)
    )
    error_message = "optOutLabel must be a label's name."
  }
}

variable "policies_in_bundle" {
  description = "True if the bundle holds policies.json (nic bundle --policies), for more of them than a function's environment can; policies and limits are then left empty here."
  type        = bool
  default     = false

  validation {
    condition     = !var.policies_in_bundle || (try(length(var.policies), 1) == 0 && try(length(keys(var.limits)), 1) == 0)
    error_message = "Policies and limits are either here or in the bundle: with policies_in_bundle both must be left empty."
  }
}
