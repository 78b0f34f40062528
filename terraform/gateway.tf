# The API's own method, behind an authorizer of the user's.  A parameter is one segment of a
# path (yandex-cloud/docs: en/api-gateway/concepts/extensions/greedy-parameters.md); whether a
# segment may go on behind it, as the API's own does, is not documented.  Assumption: it may;
# on_http takes the verb also where the gateway counts it to the parameter.  What it wants is
# the context that the authorizer answers with: who comes without one is refused.

resource "yandex_api_gateway" "this" {
  count = local.gateway ? 1 : 0

  folder_id         = var.folder_id
  name              = var.name
  description       = "attachNetworkInterface, by ${var.name}."
  labels            = var.labels
  execution_timeout = tostring(var.timeout)

  # The platform takes JSON and YAML.
  spec = jsonencode({
    openapi = "3.0.0"
    info    = { title = var.name, version = "1.0.0" }
    paths = {
      "/compute/v1/instances/{instanceId}:attachNetworkInterface" = {
        post = {
          operationId = "attachNetworkInterface"
          parameters  = [{ name = "instanceId", in = "path", required = true, schema = { type = "string" } }]
          security    = [{ caller = [] }]
          "x-yc-apigateway-integration" = {
            type               = "cloud_functions"
            function_id        = yandex_function.this["on_http"].id
            tag                = "$latest"
            service_account_id = yandex_iam_service_account.duty["gateway"].id
          }
        }
      }
    }
    components = {
      securitySchemes = {
        caller = {
          type   = "http"
          scheme = "bearer"
          "x-yc-apigateway-authorizer" = {
            type               = "function"
            function_id        = var.http.gateway.authorizer_function_id
            tag                = "$latest"
            service_account_id = yandex_iam_service_account.duty["gateway"].id
          }
        }
      }
    }
  })

  log_options {
    log_group_id = yandex_logging_group.functions.id
    min_level    = var.log_level
  }

  depends_on = [yandex_function_iam_member.invoker]
}

# The gateway asks the user's authorizer in its own name.
resource "yandex_function_iam_member" "authorizer" {
  count = local.gateway ? 1 : 0

  function_id = var.http.gateway.authorizer_function_id
  role        = "functions.functionInvoker"
  member      = "serviceAccount:${yandex_iam_service_account.duty["gateway"].id}"
}
