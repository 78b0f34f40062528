# What follows from the variables, so that it fits together by construction.

locals {
  # Whoever works on a message has ended, or was ended, when it shows up again: a call may
  # begin late in the life of its batch.
  visibility = 2 * var.timeout

  # A message that nobody could bury in so many deliveries waits for an operator: with the
  # visibility timeout's default, after 16 hours.
  burials = 1000

  two_weeks = 14 * 24 * 60 * 60

  instance_folders = length(var.instance_folder_ids) > 0 ? var.instance_folder_ids : [var.folder_id]

  # The entry point of each function is <name>.handle.
  functions = toset(concat(
    ["on_task", "on_dead_letter"],
    var.events ? ["on_event"] : [],
    var.schedule != null ? ["on_schedule"] : [],
    var.http != null ? ["on_http"] : [],
  ))

  # Those that begin operations.
  attaching = setintersection(local.functions, ["on_task", "on_http"])

  gateway = var.http == null ? false : var.http.gateway != null

  # Policies and limits as the functions read them; Terraform's JSON is compact.
  policies_json = jsonencode({ policies = var.policies, limits = var.limits })

  # The rest of a function's environment: two URLs of queues, the static key, the digest,
  # and the names of all of them (cli/policies.py reserves as much).
  environment_others = 600
  environment_bytes  = var.policies_in_bundle ? local.environment_others : length(local.policies_json) + local.environment_others

  bundle_path   = var.bundle == null ? "${path.module}/nic-attach.zip" : var.bundle
  bundle_there  = var.bundle_object != null ? true : fileexists(local.bundle_path)
  bundle_sha256 = var.bundle_object != null ? var.bundle_object.sha256 : local.bundle_there ? filesha256(local.bundle_path) : ""
  # Terraform knows no size of a file; base64 has four characters for three bytes.
  bundle_bytes = var.bundle_object != null || !local.bundle_there ? 0 : length(filebase64(local.bundle_path)) * 3 / 4
  # The provider's bound for a zip that is not uploaded through a bucket.
  bundle_most = 3670016
}
