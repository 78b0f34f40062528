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

variable "policies" {
  description = "Which interface instances should have; see README.md, Policies."
  type = list(object({
    name = string
    match = optional(object({
      folderIds = optional(list(string))
      zoneIds   = optional(list(string))
      labels    = optional(map(string))
      causes    = optional(list(string))
    }))
    attachment = object({
      networkInterfaceIndex = string
      subnetIds             = map(string)
      securityGroupIds      = list(string)
      primaryV4AddressSpec  = optional(any)
    })
    options = optional(object({
      stopIfRunning = optional(bool)
      finalPower    = optional(string)
      timeout       = optional(string)
      dryRun        = optional(bool)
    }))
  }))
  default = []

  validation {
    condition     = length(distinct([for one in var.policies : one.name])) == length(var.policies)
    error_message = "Policies must have different names."
  }

  validation {
    condition = alltrue([
      for one in var.policies :
      length(one.attachment.securityGroupIds) >= 1 && length(one.attachment.securityGroupIds) <= 5
    ])
    error_message = "A policy must name one to five security groups."
  }
}

variable "limits" {
  description = "Ids that may be touched at all, whoever asks; an empty list allows all."
  type = object({
    folderIds        = optional(list(string), [])
    subnetIds        = optional(list(string), [])
    securityGroupIds = optional(list(string), [])
    onePublicAddress = optional(bool, false)
  })
  default = {}
}
