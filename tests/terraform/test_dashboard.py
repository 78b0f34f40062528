"""Charts show something: what they ask for is what the cloud measures."""

import re

from tests.terraform.yard import MINIMAL, of_type, resources

# Metrics, and the labels beside folderId and service, of yandex-cloud/docs:
# en/_includes/monitoring/metrics-ref/functions.md, message-queue.md, cloud-logging.md.
METRICS = {
    "functions_errors": ("serverless-functions", {"resource_id"}),
    "functions_max_duration": ("serverless-functions", {"resource_id"}),
    "functions_max_memory": ("serverless-functions", {"resource_id"}),
    "functions_started": ("serverless-functions", {"resource_id"}),
    "functions_throttles": ("serverless-functions", {"resource_id"}),
    "group.saved_records_per_second": ("logging", {"group", "level"}),
    "queue.messages.oldest_age_milliseconds": ("message-queue", {"queue"}),
    "queue.messages.sent_count_per_second": ("message-queue", {"queue"}),
    "queue.messages.stored_count": ("message-queue", {"queue"}),
    "serverless.triggers.access_error_per_second": (
        "serverless-functions",
        {"trigger"},
    ),
    "serverless.triggers.error_per_second": ("serverless-functions", {"trigger"}),
}
QUERY = re.compile(r'"([\w.]+)"\{(.*)}')
LABEL = re.compile(r'(\w+)="([^"]+)"')


def test_charts_ask_for_what_is_measured(applied):
    """Each query is of a documented metric, by its labels, and of what was made."""
    minimal = resources(applied[MINIMAL])
    [dashboard] = of_type(minimal, "monitoring_dashboard")
    queries = [
        target["query"]
        for widget in dashboard["values"]["widgets"]
        for chart in widget["chart"]
        for query in chart["queries"]
        for target in query["target"]
    ]
    made = {one["values"].get("id") for one in minimal}
    made |= {one["values"].get("name") for one in minimal}
    asked = set()
    for query in queries:
        metric, selectors = QUERY.fullmatch(query).groups()
        labels = dict(LABEL.findall(selectors))
        service, known = METRICS[metric]
        assert labels.pop("service") == service
        assert labels.pop("folderId")
        assert set(labels) == known
        labels.pop("level", None)
        assert made.issuperset(one for it in labels.values() for one in it.split("|"))
        asked.add(metric)
    assert asked == set(METRICS)
