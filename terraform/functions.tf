# The functions: one bundle, an entry point and a service account each.

# Every function needs it: what is wrong with all of them is told here, once.  No role for
# writing into it is documented, but that it has to be in the functions' folder
# (yandex-cloud/docs: en/functions/operations/function/logs-write.md).
resource "yandex_logging_group" "functions" {
  folder_id        = var.folder_id
  name             = "${var.name}-functions"
  description      = "What the functions of ${var.name} log.  No trigger reads it."
  retention_period = var.log_retention
  labels           = var.labels

  lifecycle {
    precondition {
      condition     = local.bundle_there
      error_message = "There is no bundle at ${local.bundle_path}: write one with `nic bundle`, or say where it is (bundle, bundle_object)."
    }
    precondition {
      condition     = local.bundle_bytes <= local.bundle_most
      error_message = "The bundle has more than ${local.bundle_most} bytes: put it into a bucket and use bundle_object."
    }
    precondition {
      condition     = local.environment_bytes <= 4096
      error_message = "Policies and limits take ${length(local.policies_json)} bytes; with the other variables (${local.environment_others}) the environment of a function holds 4096.  Put them into the bundle: nic bundle --policies, and policies_in_bundle = true."
    }
    precondition {
      condition     = length(local.closed_folders) == 0
      error_message = "Policies or limits name the folders ${join(", ", local.closed_folders)}, in which the functions may do nothing: name them in instance_folder_ids, too."
    }
    precondition {
      condition     = length(local.contradictions) == 0
      error_message = "These policies want the same index on the same instances: ${join("; ", local.contradictions)}.  Let their matches, zones or indexes differ."
    }
  }
}

locals {
  environment = merge(
    {
      TASKS_QUEUE_URL   = local.queues.tasks.url
      RESULTS_QUEUE_URL = local.queues.results.url
      FOLDER_ID         = var.folder_id
      ALLOW_ANONYMOUS   = var.http == null ? "no" : length(var.http.callers) > 0 ? "url" : "no"
      BUNDLE_SHA256     = local.bundle_sha256
    },
    var.policies_in_bundle ? { POLICIES_FILE = "policies.json" } : { POLICIES = local.policies_json },
    { for name, where in var.endpoints : "${upper(name)}_ENDPOINT" => where if where != null },
  )
}

resource "yandex_function" "this" {
  for_each = local.functions

  folder_id          = var.folder_id
  name               = "${var.name}-${replace(each.key, "_", "-")}"
  description        = "${each.key} of ${var.name}: attaches network interfaces on events."
  labels             = var.labels
  runtime            = "python312"
  entrypoint         = "${each.key}.handle"
  memory             = var.memory
  execution_timeout  = tostring(var.timeout)
  concurrency        = 1
  service_account_id = yandex_iam_service_account.duty[each.key].id
  environment        = local.environment
  user_hash          = local.bundle_sha256

  dynamic "content" {
    for_each = var.bundle_object == null ? [local.bundle_path] : []
    content {
      zip_filename = content.value
    }
  }

  dynamic "package" {
    for_each = var.bundle_object == null ? [] : [var.bundle_object]
    content {
      bucket_name = package.value.bucket
      object_name = package.value.object
      sha_256     = package.value.sha256
    }
  }

  secrets {
    environment_variable = "QUEUE_KEY_ID"
    id                   = yandex_lockbox_secret.queue_key.id
    version_id           = yandex_iam_service_account_static_access_key.queue.output_to_lockbox_version_id
    key                  = "id"
  }
  secrets {
    environment_variable = "QUEUE_KEY_SECRET"
    id                   = yandex_lockbox_secret.queue_key.id
    version_id           = yandex_iam_service_account_static_access_key.queue.output_to_lockbox_version_id
    key                  = "secret"
  }

  log_options {
    log_group_id = yandex_logging_group.functions.id
    min_level    = var.log_level
  }

  # Tokens come by the context.  Whether that needs the metadata service is not documented,
  # so it stays on; its old form, which answers whoever asks, is off.
  metadata_options {
    gce_http_endpoint    = 1
    aws_v1_http_endpoint = 2
  }

  lifecycle {
    # The provider makes only a warning of a version that could not be made, keeps the new
    # hash in the state, and never tries again.  The environment is read from the version
    # that is live: here the apply fails, and the next one makes the version again.
    postcondition {
      condition     = lookup(coalesce(self.environment, {}), "BUNDLE_SHA256", "") == local.bundle_sha256
      error_message = "${self.name} does not run the bundle ${local.bundle_sha256}: its version could not be made.  The warning above tells why; apply again when that is cured."
    }
  }

  # Without the right to read the key, no version can be made.
  depends_on = [yandex_lockbox_secret_iam_member.reads_key]
}

# A bound for what a mistake can do.
resource "yandex_function_scaling_policy" "this" {
  for_each = local.functions

  function_id = yandex_function.this[each.key].id

  policy {
    tag                  = "$latest"
    zone_instances_limit = var.instances_limit
    zone_requests_limit  = var.requests_limit
  }
}
