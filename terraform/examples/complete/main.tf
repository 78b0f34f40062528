# Everything that can be chosen, chosen: several folders, limits, HTTP behind a gateway, and
# an authorizer in front of it.

module "nic" {
  source = "../.."

  folder_id = var.folder_id
  name      = "nic-production"
  labels    = { team = "network" }
  bundle    = var.bundle

  instance_folder_ids = concat([var.folder_id], var.other_folder_ids)
  network_folder_ids  = var.network_folder_ids
  public_addresses    = true

  policies = [
    {
      name  = "mgmt"
      match = { labels = { nic = { in = ["mgmt", "both"] } }, causes = ["stopped", "preempted", "scheduled"] }
      attachment = {
        networkInterfaceIndex = "1"
        subnetIds             = var.subnet_ids
        securityGroupIds      = var.security_group_ids
      }
    },
    {
      name  = "data"
      match = { labels = { nic = "both" }, namePattern = "db-*" }
      attachment = {
        networkInterfaceIndex = "2"
        subnetIds             = var.subnet_ids
        securityGroupIds      = var.security_group_ids
        primaryV4AddressSpec  = { oneToOneNatSpec = { ipVersion = "IPV4" } }
      }
      options = { finalPower = "running" }
    },
  ]

  limits = {
    subnetIds         = values(var.subnet_ids)
    securityGroupIds  = var.security_group_ids
    onePublicAddress  = true
    instancesPerSweep = 50
  }

  memory          = 256
  timeout         = 60
  instances_limit = 3
  requests_limit  = 20
  tasks_at_once   = 20
  deliveries      = 10
  fifo_results    = true
  schedule        = "*/10 * * * ? *"
  log_level       = "WARN"
  log_retention   = "720h"

  http = {
    gateway = { authorizer_function_id = yandex_function.authorizer.id }
    callers = var.callers
  }
}

# Who may call the gateway is this function's to say.  This one lets nobody in: put your own
# check into authorizer.py.
resource "yandex_iam_service_account" "authorizer" {
  folder_id   = var.folder_id
  name        = "nic-production-authorizer"
  description = "Lets callers of the gateway in."
}

resource "yandex_function" "authorizer" {
  folder_id          = var.folder_id
  name               = "nic-production-authorizer"
  description        = "Lets callers of the gateway in."
  runtime            = "python312"
  entrypoint         = "authorizer.handle"
  memory             = 128
  execution_timeout  = "5"
  service_account_id = yandex_iam_service_account.authorizer.id
  user_hash          = filesha256(var.authorizer)

  content {
    zip_filename = var.authorizer
  }
}
