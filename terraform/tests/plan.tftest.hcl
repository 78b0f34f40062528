# What is planned follows from the variables; what does not fit together fails at plan.

variables {
  folder_id = "b1g2pd49or1j1masvgv9"
  bundle    = "versions.tf" # any file that is there
}

run "what_is_right_passes" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = { in = ["a", "b"] }, old = { exists = false } }, namePattern = "web-*", causes = ["stopped"] }, attachment = { networkInterfaceIndex = "auto", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
    limits   = { subnetIds = ["e9b6h3q8r2m5y7c4z1ka"], onePublicAddress = true, instancesPerSweep = 1000, optOutLabel = "no-nic" }
    schedule = "*/10 * ? * MON *"
    http     = { callers = { orders = "serviceAccount:aje1b7s4f9k2d6x8w5vj" } }
  }
}

run "by_default_everything_but_http" {
  command = plan

  assert {
    condition     = keys(yandex_function.this) == ["on_dead_letter", "on_event", "on_schedule", "on_task"]
    error_message = "There must be a function for each trigger."
  }
  assert {
    condition     = length(yandex_audit_trails_trail.this) == 1 && length(yandex_logging_group.audit) == 1
    error_message = "Events need a trail and a log group."
  }
  assert {
    condition     = length(yandex_api_gateway.this) == 0 && length(yandex_function_iam_member.caller) == 0
    error_message = "Nobody may call."
  }
  assert {
    condition     = alltrue([for one in values(yandex_function.this) : one.environment.ALLOW_ANONYMOUS == "no"])
    error_message = "Nobody unknown may call."
  }
  assert {
    condition     = length(yandex_monitoring_dashboard.this) == 1
    error_message = "There must be a dashboard."
  }
}

run "what_is_not_wanted_is_not_there" {
  command = plan

  variables {
    events    = false
    schedule  = null
    dashboard = false
  }

  assert {
    condition     = keys(yandex_function.this) == ["on_dead_letter", "on_task"]
    error_message = "Only tasks and dead letters need functions."
  }
  assert {
    condition     = length(yandex_audit_trails_trail.this) + length(yandex_serverless_triggers.events) + length(yandex_function_trigger.schedule) == 0
    error_message = "Nothing but the queues may call."
  }
  assert {
    condition     = !contains(keys(yandex_iam_service_account.duty), "dead-letters") && !contains(keys(yandex_iam_service_account.duty), "trail")
    error_message = "Nobody may have an account without a duty."
  }
  assert {
    condition     = length(yandex_monitoring_dashboard.this) == 0
    error_message = "There must be no dashboard."
  }
}

run "times_follow_from_the_timeout" {
  command = plan

  variables {
    timeout    = 120
    deliveries = 7
  }

  assert {
    condition     = alltrue([for one in values(yandex_function.this) : one.execution_timeout == "120"])
    error_message = "Each function must have the timeout."
  }
  assert {
    condition     = yandex_message_queue.tasks[0].visibility_timeout_seconds == 240 && yandex_message_queue.dead[0].visibility_timeout_seconds == 240
    error_message = "Messages must be hidden for twice the timeout."
  }
  assert {
    condition     = alltrue([for one in values(yandex_function_trigger.queue) : one.message_queue[0].visibility_timeout == "240"])
    error_message = "Triggers must hide messages for twice the timeout."
  }
  assert {
    condition     = alltrue([for one in [yandex_message_queue.dead[0], yandex_message_queue.parked[0], yandex_message_queue.results[0]] : one.message_retention_seconds == 1209600])
    error_message = "Nothing that waits for people may be lost within two weeks."
  }
}

run "a_queue_in_order" {
  command = plan

  variables {
    fifo_results = true
  }

  assert {
    condition     = yandex_message_queue.results[0].fifo_queue && yandex_message_queue.results[0].name == "nic-attach-results.fifo"
    error_message = "The results queue must be FIFO."
  }
  assert {
    condition     = !yandex_message_queue.tasks[0].fifo_queue && !yandex_message_queue.dead[0].fifo_queue
    error_message = "Triggers read standard queues only."
  }
}

run "queues_and_a_log_group_of_others" {
  command = plan

  variables {
    queues          = { folder_id = "b1gqueues00000000000", tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
    audit_log_group = { id = "e231b7s4f9k2d6x8w5vj", folder_id = "b1glogs0000000000000" }
  }

  assert {
    condition     = length(yandex_message_queue.tasks) + length(yandex_message_queue.dead) + length(yandex_message_queue.results) + length(yandex_message_queue.parked) == 0
    error_message = "No queue may be made."
  }
  assert {
    condition     = yandex_function.this["on_task"].environment.TASKS_QUEUE_URL == "https://q/t" && yandex_function.this["on_task"].environment.RESULTS_QUEUE_URL == "https://q/r"
    error_message = "Functions must use the queues that are there."
  }
  assert {
    condition     = yandex_function_trigger.queue["on_task"].message_queue[0].queue_id == "yrn:yc:ymq:ru-central1:b1g:t"
    error_message = "Triggers must read the queues that are there."
  }
  assert {
    condition     = length(yandex_audit_trails_trail.this) == 0 && yandex_serverless_triggers.events[0].source.logging.log_group_id == "e231b7s4f9k2d6x8w5vj"
    error_message = "Events must come from the log group that is there."
  }
  assert {
    condition = alltrue([
      for key, one in yandex_resourcemanager_folder_iam_member.duty :
      one.folder_id == (startswith(one.role, "ymq.") ? "b1gqueues00000000000" : one.role == "logging.reader" ? "b1glogs0000000000000" : "b1g2pd49or1j1masvgv9")
    ])
    error_message = "Roles must be where queues and logs are."
  }
}

run "instances_of_other_folders" {
  command = plan

  variables {
    instance_folder_ids = ["b1gweb00000000000000", "b1gdata0000000000000"]
    public_addresses    = true
  }

  assert {
    condition     = toset([for one in yandex_audit_trails_trail.this[0].filtering_policy[0].management_events_filter[0].resource_scope : one.resource_id]) == toset(var.instance_folder_ids)
    error_message = "The trail must collect from these folders, and no others."
  }
  assert {
    condition = toset([
      for key, one in yandex_resourcemanager_folder_iam_member.duty : one.folder_id if startswith(one.role, "compute.") || startswith(one.role, "vpc.")
    ]) == toset(var.instance_folder_ids)
    error_message = "Instances are touched in these folders, and no others."
  }
  assert {
    condition     = anytrue([for key, one in yandex_resourcemanager_folder_iam_member.duty : one.role == "vpc.publicAdmin"])
    error_message = "Public addresses need a role."
  }
  assert {
    condition     = jsondecode(yandex_function.this["on_schedule"].environment.POLICIES).limits.folderIds == ["b1gweb00000000000000", "b1gdata0000000000000"]
    error_message = "Sweeps must look into these folders."
  }
}

run "http_for_members" {
  command = plan

  variables {
    http = { callers = { orders = "serviceAccount:aje1b7s4f9k2d6x8w5vj" } }
  }

  assert {
    condition     = yandex_function.this["on_http"].environment.ALLOW_ANONYMOUS == "url"
    error_message = "At the function's URL, IAM has asked who it is."
  }
  assert {
    condition     = yandex_function_iam_member.caller["orders"].member == "serviceAccount:aje1b7s4f9k2d6x8w5vj" && yandex_function_iam_member.caller["orders"].role == "functions.functionInvoker"
    error_message = "The caller must be let in, to this function."
  }
}

run "http_behind_a_gateway" {
  command = plan

  variables {
    http = { gateway = { authorizer_function_id = "d4e1b7s4f9k2d6x8w5vj" } }
  }

  assert {
    condition     = yandex_function.this["on_http"].environment.ALLOW_ANONYMOUS == "no"
    error_message = "Nobody may come past the authorizer."
  }
  assert {
    condition     = yandex_function_iam_member.authorizer[0].function_id == "d4e1b7s4f9k2d6x8w5vj"
    error_message = "The gateway must be able to ask the authorizer."
  }
}

run "policies_in_the_bundle" {
  command = plan

  variables {
    policies_in_bundle = true
    policies           = []
  }

  assert {
    condition     = alltrue([for one in values(yandex_function.this) : one.environment.POLICIES_FILE == "policies.json" && !contains(keys(one.environment), "POLICIES")])
    error_message = "Policies must come from the file."
  }
}

run "a_bundle_in_a_bucket" {
  command = plan

  variables {
    bundle        = null
    bundle_object = { bucket = "b", object = "o.zip", sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }

  assert {
    condition     = alltrue([for one in values(yandex_function.this) : length(one.content) == 0 && one.package[0].object_name == "o.zip" && one.user_hash == var.bundle_object.sha256])
    error_message = "Functions must be made from the object."
  }
}

run "a_bundle_that_is_not_there" {
  command = plan

  variables {
    bundle = "nowhere.zip"
  }

  expect_failures = [yandex_logging_group.functions]
}

run "policies_that_are_too_large" {
  command = plan

  variables {
    policies = [for number in range(20) : {
      name       = "policy-${number}"
      match      = { labels = { nic = "number-${number}" } }
      attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] }
    }]
  }

  expect_failures = [yandex_logging_group.functions]
}

run "endpoints_that_leave_no_room" {
  command = plan

  variables {
    endpoints = { compute = "${join(".", [for number in range(40) : "compute-${number}"])}:443" }
    policies = [for number in range(17) : {
      name       = "policy-${number}"
      match      = { labels = { nic = "number-${number}" } }
      attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] }
    }]
  }

  expect_failures = [yandex_logging_group.functions]
}

run "policies_that_contradict_each_other" {
  command = plan

  variables {
    policies = [
      { name = "web", match = { namePattern = "web-1" }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } },
      { name = "all", match = { namePattern = "web-*" }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } },
    ]
  }

  expect_failures = [yandex_logging_group.functions]
}

run "a_policy_for_a_folder_without_roles" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { folderIds = ["b1gother000000000000"] }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [yandex_logging_group.functions]
}
