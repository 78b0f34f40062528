# What an operator looks at first.  Names of metrics and labels are those of yandex-cloud/docs:
# en/_includes/monitoring/metrics-ref/{functions,message-queue,cloud-logging}.md; that the
# label `queue` holds a queue's name is told by en/_tutorials/infrastructure/
# autoscale-monitoring.md, and that | chooses among values by en/monitoring/concepts/
# querying.md.  The age of the oldest message is in seconds, whatever its name says.
#
# No metric tells verdicts, and for functions to write one would cost a call for each
# outcome, and a role that may change dashboards.  So functions log how a request ended at
# a level that follows from its verdict, and Cloud Logging counts entries by level: INFO is
# attached or planned, ERROR operation-failed, unresolved or unprocessed, WARN all others.

locals {
  queue_names = { for name, one in local.queues : name => element(split(":", one.arn), length(split(":", one.arn)) - 1) }
  parked_name = one(yandex_message_queue.parked[*].name)

  of_functions = "folderId=\"${var.folder_id}\", service=\"serverless-functions\", resource_id=\"${join("|", [for name in local.functions : yandex_function.this[name].id])}\""
  of_triggers = "folderId=\"${var.folder_id}\", service=\"serverless-functions\", trigger=\"${join("|", concat(
    [for one in yandex_function_trigger.queue : one.id],
    yandex_function_trigger.schedule[*].id,
    yandex_serverless_triggers.events[*].id,
  ))}\""
  of_queue = { for name, queue in merge(local.queue_names, local.parked_name == null ? {} : { parked = local.parked_name }) :
  name => "folderId=\"${var.folder_id}\", service=\"message-queue\", queue=\"${queue}\"" }
  of_logs = "folderId=\"${var.folder_id}\", service=\"logging\", group=\"${yandex_logging_group.functions.name}\""

  charts = [
    {
      title   = "Requests and tasks, messages a second"
      unit    = "UNIT_COUNTS_PER_SECOND"
      queries = ["\"queue.messages.sent_count_per_second\"{${local.of_queue["tasks"]}}"]
    },
    {
      title   = "Outcomes, messages a second"
      unit    = "UNIT_COUNTS_PER_SECOND"
      queries = ["\"queue.messages.sent_count_per_second\"{${local.of_queue["results"]}}"]
    },
    {
      title   = "Log lines by level, and so how requests end: INFO attached, WARN refused or too late, ERROR failed"
      unit    = "UNIT_COUNTS_PER_SECOND"
      queries = ["\"group.saved_records_per_second\"{${local.of_logs}, level=\"INFO|WARN|ERROR\"}"]
    },
    {
      title   = "Age of the oldest message, seconds"
      unit    = "UNIT_SECONDS"
      queries = [for one in ["tasks", "dead", "results"] : "\"queue.messages.oldest_age_milliseconds\"{${local.of_queue[one]}}"]
    },
    {
      title   = "Dead letters, and those that nobody could bury"
      unit    = "UNIT_COUNT"
      queries = [for one in setintersection(["dead", "parked"], keys(local.of_queue)) : "\"queue.messages.stored_count\"{${local.of_queue[one]}}"]
    },
    {
      title = "Errors of functions and triggers"
      unit  = "UNIT_COUNT"
      queries = [
        "\"functions_errors\"{${local.of_functions}}",
        "\"serverless.triggers.error_per_second\"{${local.of_triggers}}",
        "\"serverless.triggers.access_error_per_second\"{${local.of_triggers}}",
      ]
    },
    {
      title   = "Calls of functions, and those that were turned away"
      unit    = "UNIT_COUNT"
      queries = ["\"functions_started\"{${local.of_functions}}", "\"functions_throttles\"{${local.of_functions}}"]
    },
    {
      title   = "Longest calls, milliseconds (a call is ended after ${var.timeout} s)"
      unit    = "UNIT_MILLISECONDS"
      queries = ["\"functions_max_duration\"{${local.of_functions}}"]
    },
    {
      title   = "Memory, bytes (of ${var.memory} MB)"
      unit    = "UNIT_BYTES_SI"
      queries = ["\"functions_max_memory\"{${local.of_functions}}"]
    },
  ]
}

resource "yandex_monitoring_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  folder_id   = var.folder_id
  name        = var.name
  title       = "Network interfaces by ${var.name}"
  description = "Requests, outcomes, queues and functions of ${var.name}."
  labels      = var.labels

  dynamic "widgets" {
    for_each = local.charts
    content {
      chart {
        chart_id       = "chart${widgets.key}"
        title          = widgets.value.title
        display_legend = true
        queries {
          dynamic "target" {
            for_each = widgets.value.queries
            content {
              query     = target.value
              text_mode = true
            }
          }
          downsampling {
            grid_aggregation = "GRID_AGGREGATION_MAX"
            gap_filling      = "GAP_FILLING_NULL"
            max_points       = 500
          }
        }
        visualization_settings {
          type        = "VISUALIZATION_TYPE_LINE"
          interpolate = "INTERPOLATE_LINEAR"
          yaxis_settings {
            left {
              min         = "0"
              unit_format = widgets.value.unit
            }
          }
        }
      }
      position {
        x = 12 * (widgets.key % 3)
        y = 8 * floor(widgets.key / 3)
        w = 12
        h = 8
      }
    }
  }
}
