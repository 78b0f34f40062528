# What the module needs.  The provider is configured by whoever uses it, best by its
# environment (YC_TOKEN or YC_SERVICE_ACCOUNT_KEY_FILE): nothing of it belongs into a module.

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
