# Every other variable that is wrong fails at plan, too; many at a time, for a plan takes a
# while.

variables {
  folder_id = "b1g2pd49or1j1masvgv9"
  bundle    = "versions.tf" # any file that is there
}

run "wrong_in_the_first_way" {
  command = plan

  variables {
    # a folder that is no id
    folder_id = "my-folder"
    # a name with capitals
    name = "Nic"
    # an object without a digest
    bundle        = null
    bundle_object = { bucket = "b", object = "o", sha256 = "abc" }
    # a memory that is no multiple
    memory = 200
    # a timeout that is too short
    timeout = 10
    # no instances
    instances_limit = 0
    # a batch of nothing
    tasks_at_once = 0
    # one delivery
    deliveries = 1
    # a queue without an arn
    queues = { tasks = { url = "https://q/t", arn = "nic-tasks" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
    # a schedule of five fields
    schedule = "*/10 * * * ?"
    # http that nobody can call
    http = {}
    # a folder of instances that is no id
    instance_folder_ids = ["all"]
    # a folder of networks that is no id
    network_folder_ids = ["all"]
    # an endpoint with a scheme
    endpoints = { compute = "https://compute" }
    # a level that is not logged
    log_level = "DEBUG"
    # a retention in days
    log_retention = "7d"
    # a label with capitals
    labels = { Team = "network" }
    # a folder of a log group that is no id
    audit_log_group = { id = "e231b7s4f9k2d6x8w5vj", folder_id = "mine" }
  }

  expect_failures = [
    var.folder_id,
    var.name,
    var.bundle_object,
    var.memory,
    var.timeout,
    var.instances_limit,
    var.tasks_at_once,
    var.deliveries,
    var.queues,
    var.schedule,
    var.http,
    var.instance_folder_ids,
    var.network_folder_ids,
    var.endpoints,
    var.log_level,
    var.log_retention,
    var.labels,
    var.audit_log_group,
  ]
}

run "wrong_in_the_second_way" {
  command = plan

  variables {
    # a name that ends in a dash
    name = "nic-"
    # a bundle and an object
    bundle_object = { bucket = "b", object = "o", sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    # a timeout that is too long
    timeout = 601
    # fewer requests than instances
    instances_limit = 5
    requests_limit  = 4
    # a queue without a url
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
    # a schedule without a question mark
    schedule = "*/10 * * * * *"
    # a public function
    http = { callers = { all = "system:allUsers" } }
    # a folder of instances twice
    instance_folder_ids = ["b1g2pd49or1j1masvgv9", "b1g2pd49or1j1masvgv9"]
    # a folder of networks twice
    network_folder_ids = ["b1g2pd49or1j1masvgv9", "b1g2pd49or1j1masvgv9"]
    # a log group that nobody reads
    events          = false
    audit_log_group = { id = "e231b7s4f9k2d6x8w5vj" }
  }

  expect_failures = [
    var.name,
    var.bundle_object,
    var.timeout,
    var.requests_limit,
    var.queues,
    var.schedule,
    var.http,
    var.instance_folder_ids,
    var.network_folder_ids,
    var.audit_log_group,
  ]
}

run "wrong_in_the_third_way" {
  command = plan

  variables {
    # a fifo queue under a trigger
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t.fifo" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
    # a schedule of words
    schedule = "every hour ? * * *"
  }

  expect_failures = [
    var.queues,
    var.schedule,
  ]
}

run "wrong_in_the_fourth_way" {
  command = plan

  variables {
    # one queue for two things
    queues = { tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [
    var.queues,
  ]
}

run "wrong_in_the_fifth_way" {
  command = plan

  variables {
    # a folder of queues that is no id
    queues = { folder_id = "mine", tasks = { url = "https://q/t", arn = "yrn:yc:ymq:ru-central1:b1g:t" }, dead = { url = "https://q/d", arn = "yrn:yc:ymq:ru-central1:b1g:d" }, results = { url = "https://q/r", arn = "yrn:yc:ymq:ru-central1:b1g:r" } }
  }

  expect_failures = [
    var.queues,
  ]
}
