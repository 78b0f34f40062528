# The static key with which the functions sign what they send: made by the cloud, put into
# Lockbox by the cloud, and nowhere else; the state holds the version's id only.

resource "yandex_lockbox_secret" "queue_key" {
  folder_id   = var.folder_id
  name        = "${var.name}-queue-key"
  description = "The static key of the functions of ${var.name} for Message Queue."
  labels      = var.labels
}

resource "yandex_iam_service_account_static_access_key" "queue" {
  service_account_id = yandex_iam_service_account.duty["queue-user"].id
  description        = "Signs messages of the functions of ${var.name}."

  output_to_lockbox {
    secret_id            = yandex_lockbox_secret.queue_key.id
    entry_for_access_key = "id"
    entry_for_secret_key = "secret"
  }

  # A new key (terraform apply -replace) is there, and the functions have it, before the old
  # one goes: nothing that is sent meanwhile is refused.  Terraform takes the same order for
  # the key's account, whose name cannot be there twice: that one is not to be replaced alone.
  lifecycle {
    create_before_destroy = true
  }
}

# The functions may read this secret, and no other.
resource "yandex_lockbox_secret_iam_member" "reads_key" {
  for_each = local.functions

  secret_id = yandex_lockbox_secret.queue_key.id
  role      = "lockbox.payloadViewer"
  member    = "serviceAccount:${yandex_iam_service_account.duty[each.key].id}"
}
