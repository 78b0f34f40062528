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

  # Without a word on folders in policies and limits, sweeps would look into folder_id alone.
  limits = merge(var.limits, {
    for name in length(var.instance_folder_ids) > 0 && try(var.limits.folderIds, null) == null ? ["folderIds"] : [] :
    name => var.instance_folder_ids
  })

  # Policies and limits as the functions read them; Terraform's JSON is compact, and has as
  # many bytes as characters where only what policies may consist of is in it.
  policies_json = jsonencode({ policies = var.policies, limits = local.limits })

  # Folders that are asked for, and in which the functions may do nothing.
  closed_folders = try(setsubtract(
    flatten([try(coalescelist(var.limits.folderIds), []), [for one in var.policies : try(coalescelist(one.match.folderIds), [])]]),
    local.instance_folders
  ), [])

  # The rest of a function's environment.  Queues' URLs and the static key are not known
  # before they are made: 600 bytes are kept for them, the digest, and the names of all that
  # is always there (cli/policies.py keeps as much); endpoints come on top.
  environment_others = 600 + sum(concat([0], [
    for name, where in var.endpoints : length("${name}_ENDPOINT") + length(where) if where != null
  ]))
  environment_bytes = var.policies_in_bundle ? local.environment_others : length(local.policies_json) + local.environment_others

  bundle_path   = var.bundle == null ? "${path.module}/nic-attach.zip" : var.bundle
  bundle_there  = var.bundle_object != null ? true : fileexists(local.bundle_path)
  bundle_sha256 = var.bundle_object != null ? var.bundle_object.sha256 : local.bundle_there ? filesha256(local.bundle_path) : ""
  # Terraform knows no size of a file; base64 has four characters for three bytes.
  bundle_bytes = var.bundle_object != null || !local.bundle_there ? 0 : floor(length(trim(filebase64(local.bundle_path), "=")) * 3 / 4)
  # The provider's bound for a zip that is not uploaded through a bucket.
  bundle_most = 3670016
}
