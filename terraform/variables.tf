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
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 31 lower-case letters, digits and dashes, a letter first and no dash last."
  }
}

# An object type would drop in silence what it does not know, so that a mistyped
# condition would mean all instances; and policies with different rules for
# labels would have no common type.  Hence `any`, and the checks of events/policy.py.
# What is text, a list or an object shows in how Terraform writes it as JSON.
variable "policies" {
  description = "Which interface instances should have: a list of policies; see README.md, Policies, and events/schemas/policies.schema.json."
  type        = any
  default     = []
  nullable    = false

  validation {
    condition = try(startswith(jsonencode(var.policies), "[") && alltrue([
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
      alltrue([for one in var.policies : can(regex("^\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"$", jsonencode(one.name)))]),
      false
    )
    error_message = "At most 200 policies, with different names of 1 to 64 letters, digits, - and _."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      can(regex("^\\[\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"(,\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"){0,4}]$", jsonencode(one.attachment.securityGroupIds))) &&
      length(distinct(one.attachment.securityGroupIds)) == length(one.attachment.securityGroupIds)
    ]), false)
    error_message = "A policy must name one to five security groups, each once."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      length(one.attachment.subnetIds) >= 1 && length(keys(one.attachment.subnetIds)) <= 200 &&
      alltrue([for id in concat(keys(one.attachment.subnetIds), values(one.attachment.subnetIds)) : can(regex("^\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"$", jsonencode(id)))])
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
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for spec in [try(one.attachment.primaryV4AddressSpec, null)] : [
          length(setsubtract(keys(spec), ["address", "oneToOneNatSpec", "dnsRecordSpecs"])) == 0,
          length(setsubtract(try(spec.oneToOneNatSpec, null) == null ? [] : keys(spec.oneToOneNatSpec), ["address", "ipVersion", "dnsRecordSpecs"])) == 0,
          can(regex("^(null|\"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])([.]|\"$)){4})$", jsonencode(try(spec.address, null)))),
          can(regex("^(null|\"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])([.]|\"$)){4})$", jsonencode(try(spec.oneToOneNatSpec.address, null)))),
          contains(["null", "\"IPV4\""], jsonencode(try(spec.oneToOneNatSpec.ipVersion, null))),
          contains([jsonencode(try(spec.oneToOneNatSpec.address, null)), jsonencode(try(spec.oneToOneNatSpec.ipVersion, null))], "null"),
        ] if spec != null
      ]
    ])), false)
    error_message = "A policy's primaryV4AddressSpec may have address (IPv4), dnsRecordSpecs, and oneToOneNatSpec: with address or ipVersion = \"IPV4\", not both, and dnsRecordSpecs."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for records in [try(one.attachment.primaryV4AddressSpec.dnsRecordSpecs, null), try(one.attachment.primaryV4AddressSpec.oneToOneNatSpec.dnsRecordSpecs, null)] : concat(
          [startswith(jsonencode(records), "["), length(records) <= 32],
          [for record in records : [
            length(setsubtract(keys(record), ["fqdn", "dnsZoneId", "ttl", "ptr"])) == 0,
            length(record.fqdn) <= 254,
            can(regex("^\"([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?[.])*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?[.]?\"$", jsonencode(record.fqdn))),
            can(regex("^(null|\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\")$", jsonencode(try(record.dnsZoneId, null)))),
            can(regex("^(null|\"?[0-9]{1,5}\"?)$", jsonencode(try(record.ttl, null)))) && try(tonumber(record.ttl) <= 86400, true),
            contains(["true", "false", "null"], jsonencode(try(record.ptr, null))),
          ]]
        ) if records != null
      ]
    ])), false)
    error_message = "A policy's dnsRecordSpecs must be a list of at most 32 objects: fqdn, and if need be dnsZoneId, ttl (0 to 86400) and ptr (true or false)."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      contains(["true", "false", "null"], jsonencode(try(one.options.stopIfRunning, null))) &&
      contains(["true", "false", "null"], jsonencode(try(one.options.dryRun, null))) &&
      contains(["as-found", "running", "stopped", "null"], trim(jsonencode(try(one.options.finalPower, null)), "\"")) &&
      can(regex("^(null|\"[1-9][0-9]{0,4}s\")$", jsonencode(try(one.options.timeout, null)))) &&
      try(tonumber(trimsuffix(one.options.timeout, "s")) <= 86400, true)
    ]), false)
    error_message = "A policy's options must be stopIfRunning and dryRun (true or false), finalPower (as-found, running or stopped) and timeout (\"1s\" to \"86400s\")."
  }

  validation {
    condition = try(alltrue([
      for one in var.policies :
      can(regex("^(null|\"[a-z0-9_*?-]{1,63}\")$", jsonencode(try(one.match.namePattern, null))))
    ]), false)
    error_message = "A policy's namePattern must be an instance's name, with * and ? as wildcards."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for ids in [try(one.match.folderIds, null), try(one.match.zoneIds, null)] : [
          startswith(jsonencode(ids), "["),
          length(ids) <= 200,
          length(distinct(ids)) == length(ids),
          alltrue([for id in ids : can(regex("^\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"$", jsonencode(id)))]),
        ] if ids != null
      ]
    ])), false)
    error_message = "A policy's folderIds and zoneIds must be lists of ids, each once."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for causes in [try(one.match.causes, null)] : concat(
          [startswith(jsonencode(causes), "["), length(distinct(causes)) == length(causes)],
          [for cause in causes : contains(["stopped", "guest-stopped", "preempted", "crashed", "detached", "scheduled", "requested"], cause)]
        ) if causes != null
      ]
    ])), false)
    error_message = "A policy's causes must be among stopped, guest-stopped, preempted, crashed, detached, scheduled and requested, each once."
  }

  validation {
    condition = try(alltrue(flatten([
      for one in var.policies : [
        for labels in [try(one.match.labels, null)] : concat(
          [length(keys(labels)) <= 64],
          [for name, rule in labels : [
            can(regex("^[a-z][-_./\\\\@0-9a-z]{0,62}$", name)),
            anytrue([
              try(startswith(jsonencode(rule), "\"") && can(regex("^[-_./\\\\@0-9a-z]{0,63}$", rule)), false),
              try(
                jsonencode(keys(rule)) == jsonencode(["in"]) && startswith(jsonencode(rule.in), "[") &&
                length(rule.in) >= 1 && length(rule.in) <= 50 && length(distinct(rule.in)) == length(rule.in) &&
                alltrue([for value in rule.in : startswith(jsonencode(value), "\"") && can(regex("^[-_./\\\\@0-9a-z]{0,63}$", value))]),
                false
              ),
              try(jsonencode(keys(rule)) == jsonencode(["exists"]) && contains(["true", "false"], jsonencode(rule.exists)), false),
            ])
          ]]
        ) if labels != null
      ]
    ])), false)
    error_message = "A policy's labels must be from a label's name to a value, { in = [...] } or { exists = true or false }."
  }
}

variable "limits" {
  description = "What may be touched at all, whoever asks, and how much at once; an empty list allows all."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition = try(length(setsubtract(keys(var.limits), [
      "folderIds", "subnetIds", "securityGroupIds", "onePublicAddress", "instancesPerSweep", "optOutLabel"
    ])) == 0, false)
    error_message = "Limits must have no field that README.md does not name: a mistyped one would forbid nothing."
  }

  validation {
    condition = try(alltrue(flatten([
      for ids in [try(var.limits.folderIds, null), try(var.limits.subnetIds, null), try(var.limits.securityGroupIds, null)] : [
        startswith(jsonencode(ids), "["),
        length(ids) <= 200,
        length(distinct(ids)) == length(ids),
        alltrue([for id in ids : can(regex("^\"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\"$", jsonencode(id)))]),
      ] if ids != null
    ])), false)
    error_message = "The folders, subnets and security groups of limits must be lists of ids, at most 200, each once."
  }

  validation {
    condition     = contains(["true", "false", "null"], jsonencode(try(var.limits.onePublicAddress, null)))
    error_message = "onePublicAddress must be true or false."
  }

  validation {
    condition = (
      can(regex("^(null|\"?[0-9]{1,4}\"?)$", jsonencode(try(var.limits.instancesPerSweep, null)))) &&
      try(tonumber(coalesce(var.limits.instancesPerSweep)) >= 1 && tonumber(var.limits.instancesPerSweep) <= 1000, true)
    )
    error_message = "instancesPerSweep must be a whole number from 1 to 1000."
  }

  validation {
    condition = try(var.limits.optOutLabel, null) == null ? true : (
      startswith(jsonencode(var.limits.optOutLabel), "\"") && can(regex("^[a-z][-_./\\\\@0-9a-z]{0,62}$", var.limits.optOutLabel))
    )
    error_message = "optOutLabel must be a label's name."
  }
}

variable "policies_in_bundle" {
  description = "True if the bundle holds policies.json (nic bundle --policies), for more of them than a function's environment can; policies and limits are then left empty here."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.policies_in_bundle || (try(length(var.policies), 1) == 0 && try(length(keys(var.limits)), 1) == 0)
    error_message = "Policies and limits are either here or in the bundle: with policies_in_bundle both must be left empty."
  }
}
