# One policy: stopped instances with the label nic=mgmt get interface 1.

module "nic" {
  source = "../.."

  folder_id = var.folder_id
  bundle    = var.bundle

  policies = [{
    name  = "mgmt"
    match = { labels = { nic = "mgmt" } }
    attachment = {
      networkInterfaceIndex = "1"
      subnetIds             = { "ru-central1-a" = var.subnet_id }
      securityGroupIds      = [var.security_group_id]
    }
  }]
}
