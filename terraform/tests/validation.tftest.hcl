# Whatever is wrong fails at plan: each validation of the variables, and each precondition.

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

run "a_folder_that_is_no_id" {
  command = plan

  variables {
    folder_id = "my-folder"
  }

  expect_failures = [var.folder_id]
}

run "a_name_with_capitals" {
  command = plan

  variables {
    name = "Nic"
  }

  expect_failures = [var.name]
}

run "a_policy_with_a_mistyped_field" {
  command = plan

  variables {
    policies = [{ name = "a", macth = {}, attachment = { networkInterfaceIndex = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
  }

  expect_failures = [var.policies]
}

run "a_match_with_a_mistyped_field" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { lables = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "an_attachment_with_a_mistyped_field" {
  command = plan

  variables {
    policies = [{ name = "a", attachment = { index = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
  }

  expect_failures = [var.policies]
}

run "options_with_a_mistyped_field" {
  command = plan

  variables {
    policies = [{ name = "a", options = { stop = true }, attachment = { networkInterfaceIndex = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
  }

  expect_failures = [var.policies]
}

run "policies_that_are_no_list" {
  command = plan

  variables {
    policies = "mgmt"
  }

  expect_failures = [var.policies]
}

run "two_policies_of_one_name" {
  command = plan

  variables {
    policies = concat([{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }], [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }])
  }

  expect_failures = [var.policies]
}

run "a_policy_with_a_name_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "a b", attachment = { networkInterfaceIndex = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_without_security_groups" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = [] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_six_security_groups" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["a", "b", "c", "d", "e", "f"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_without_subnets" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = {}, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_a_number_as_index" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = 1, subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_an_index_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "first", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_a_pattern_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { namePattern = "Web *" }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_an_unknown_cause" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { causes = ["started"] }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_a_label_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { Nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_policy_with_a_rule_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = { out = ["mgmt"] } } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "limits_with_a_mistyped_field" {
  command = plan

  variables {
    limits = { subnets = [] }
  }

  expect_failures = [var.limits]
}

run "limits_with_something_that_is_no_id" {
  command = plan

  variables {
    limits = { subnetIds = ["a subnet"] }
  }

  expect_failures = [var.limits]
}

run "a_public_address_that_is_neither" {
  command = plan

  variables {
    limits = { onePublicAddress = "maybe" }
  }

  expect_failures = [var.limits]
}

run "a_sweep_of_too_many" {
  command = plan

  variables {
    limits = { instancesPerSweep = 1001 }
  }

  expect_failures = [var.limits]
}

run "an_opt_out_that_is_no_label" {
  command = plan

  variables {
    limits = { optOutLabel = "No Nic" }
  }

  expect_failures = [var.limits]
}

run "policies_here_and_in_the_bundle" {
  command = plan

  variables {
    policies_in_bundle = true
    policies           = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies_in_bundle]
}

run "an_object_without_a_digest" {
  command = plan

  variables {
    bundle        = null
    bundle_object = { bucket = "b", object = "o", sha256 = "abc" }
  }

  expect_failures = [var.bundle_object]
}

run "a_bundle_and_an_object" {
  command = plan

  variables {
    bundle_object = { bucket = "b", object = "o", sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }

  expect_failures = [var.bundle_object]
}

run "a_memory_that_is_no_multiple" {
  command = plan

  variables {
    memory = 200
  }

  expect_failures = [var.memory]
}

run "a_timeout_that_is_too_short" {
  command = plan

  variables {
    timeout = 10
  }

  expect_failures = [var.timeout]
}

run "a_timeout_that_is_too_long" {
  command = plan

  variables {
    timeout = 601
  }

  expect_failures = [var.timeout]
}

run "no_instances" {
  command = plan

  variables {
    instances_limit = 0
  }

  expect_failures = [var.instances_limit]
}

run "fewer_requests_than_instances" {
  command = plan

  variables {
    instances_limit = 5
    requests_limit  = 4
  }

  expect_failures = [var.requests_limit]
}

run "a_batch_of_nothing" {
  command = plan

  variables {
    tasks_at_once = 0
  }

  expect_failures = [var.tasks_at_once]
}

run "one_delivery" {
  command = plan

  variables {
    deliveries = 1
  }

  expect_failures = [var.deliveries]
}

run "a_queue_without_an_arn" {
  command = plan

  variables {
    queues = { tasks = { url = "https://q/t", arn = "nic-tasks" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [var.queues]
}

run "a_queue_without_a_url" {
  command = plan

  variables {
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [var.queues]
}

run "a_fifo_queue_under_a_trigger" {
  command = plan

  variables {
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t.fifo" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [var.queues]
}

run "one_queue_for_two_things" {
  command = plan

  variables {
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [var.queues]
}

run "a_schedule_of_five_fields" {
  command = plan

  variables {
    schedule = "*/10 * * * ?"
  }

  expect_failures = [var.schedule]
}

run "a_schedule_without_a_question_mark" {
  command = plan

  variables {
    schedule = "*/10 * * * * *"
  }

  expect_failures = [var.schedule]
}

run "http_that_nobody_can_call" {
  command = plan

  variables {
    http = {}
  }

  expect_failures = [var.http]
}

run "a_public_function" {
  command = plan

  variables {
    http = { callers = { all = "system:allUsers" } }
  }

  expect_failures = [var.http]
}

run "a_folder_of_instances_that_is_no_id" {
  command = plan

  variables {
    instance_folder_ids = ["all"]
  }

  expect_failures = [var.instance_folder_ids]
}

run "a_folder_of_networks_that_is_no_id" {
  command = plan

  variables {
    network_folder_ids = ["all"]
  }

  expect_failures = [var.network_folder_ids]
}

run "an_endpoint_with_a_scheme" {
  command = plan

  variables {
    endpoints = { compute = "https://compute" }
  }

  expect_failures = [var.endpoints]
}

run "a_level_that_is_not_logged" {
  command = plan

  variables {
    log_level = "DEBUG"
  }

  expect_failures = [var.log_level]
}

run "a_retention_in_days" {
  command = plan

  variables {
    log_retention = "7d"
  }

  expect_failures = [var.log_retention]
}

run "a_bundle_that_is_not_there" {
  command = plan

  variables {
    bundle = "nowhere.zip"
  }

  expect_failures = [yandex_function.this]
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

  expect_failures = [yandex_function.this]
}

