terraform {
  required_version = ">= 1.9"

  required_providers {
    yandex = {
      source = "yandex-cloud/yandex"
      # 0.221 brought per-function IAM members and triggers with filters.
      version = ">= 0.221"
    }
  }
}
