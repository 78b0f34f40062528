# Policies and limits that the functions would not work with fail at plan.  What exactly
# is refused, place by place, is held to the code by tests/terraform/test_refusals.py.

variables {
  folder_id = "b1g2pd49or1j1masvgv9"
  bundle    = "versions.tf" # any file that is there
}

run "a_policy_with_a_mistyped_field_and_limits_with_a_mistyped_field" {
  command = plan

  variables {
    policies = [{ name = "a", macth = {}, attachment = { networkInterfaceIndex = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
    limits   = { subnets = [] }
  }

  expect_failures = [var.policies, var.limits]
}

run "policies_that_are_no_list_and_limits_with_something_that_is_no_id" {
  command = plan

  variables {
    policies = "mgmt"
    limits   = { subnetIds = ["a subnet"] }
  }

  expect_failures = [var.policies, var.limits]
}

run "a_policy_with_a_name_that_is_none_and_a_public_address_that_is_neither" {
  command = plan

  variables {
    policies = [{ name = "a b", attachment = { networkInterfaceIndex = "1", subnetIds = { a = "b" }, securityGroupIds = ["c"] } }]
    limits   = { onePublicAddress = "maybe" }
  }

  expect_failures = [var.policies, var.limits]
}

run "a_policy_without_security_groups_and_a_sweep_of_too_many" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = [] } }]
    limits   = { instancesPerSweep = 1001 }
  }

  expect_failures = [var.policies, var.limits]
}

run "a_policy_without_subnets_and_an_opt_out_that_is_no_label" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = {}, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
    limits   = { optOutLabel = "No Nic" }
  }

  expect_failures = [var.policies, var.limits]
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

run "a_policy_with_a_rule_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { labels = { nic = { out = ["mgmt"] } } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "an_external_address_with_its_version" {
  command = plan

  variables {
    policies = [{ name = "mgmt", attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"], primaryV4AddressSpec = { oneToOneNatSpec = { address = "198.51.100.7", ipVersion = "IPV4" } } } }]
  }

  expect_failures = [var.policies]
}

run "a_record_that_lives_too_long" {
  command = plan

  variables {
    policies = [{ name = "mgmt", attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"], primaryV4AddressSpec = { dnsRecordSpecs = [{ fqdn = "web", ttl = 86401 }] } } }]
  }

  expect_failures = [var.policies]
}

run "a_final_power_that_is_none" {
  command = plan

  variables {
    policies = [{ name = "mgmt", options = { finalPower = "off" }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "a_match_with_a_zone_twice" {
  command = plan

  variables {
    policies = [{ name = "mgmt", match = { zoneIds = ["ru-central1-a", "ru-central1-a"] }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies]
}

run "policies_here_and_in_the_bundle" {
  command = plan

  variables {
    policies_in_bundle = true
    policies           = [{ name = "mgmt", match = { labels = { nic = "mgmt" } }, attachment = { networkInterfaceIndex = "1", subnetIds = { ru-central1-a = "e9b6h3q8r2m5y7c4z1ka" }, securityGroupIds = ["enp1b7s4f9k2d6x8w5vj"] } }]
  }

  expect_failures = [var.policies_in_bundle]
}
