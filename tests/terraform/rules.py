"""What must hold of every deployment: each rule yields what breaks it.

A rule looks at resources of a plan or of a state; what a plan does not know yet is
nothing, so that rules about ids tell everything only of a state.
"""

import json
from collections import Counter

from tests.terraform.yard import of_type

EVERYBODY = ("system:allUsers", "system:allAuthenticatedUsers")
SECRET_NAMES = ("SECRET", "PASSWORD", "TOKEN", "QUEUE_KEY")


def nothing_broad(found):
    """No role on a folder that allows everything, or all of a service."""
    for one in of_type(found, "resourcemanager_folder_iam_member"):
        role = one["values"]["role"]
        if role in ("viewer", "editor", "admin") or role.endswith(".admin"):
            yield one["address"]


def nothing_authoritative(found):
    """Nobody else's roles are taken away."""
    for one in found:
        if one["type"].endswith(("_iam_binding", "_iam_policy")):
            yield one["address"]


def nothing_public(found):
    """Nothing is everybody's to call or to read."""
    for one in found:
        if one["values"].get("member") in EVERYBODY:
            yield one["address"]


def no_invoker_of_all(found):
    """Functions are called by those who may call just them."""
    for one in of_type(found, "resourcemanager_folder_iam_member"):
        if "nvoker" in one["values"]["role"]:
            yield one["address"]


def every_failure_goes_somewhere(found):
    """Every trigger has retries and a dead letter, or its queue has a redrive."""
    redrives = {
        one["values"]["arn"]: one["values"]["redrive_policy"]
        for one in of_type(found, "message_queue")
        if one["values"].get("arn")
    }
    for one in of_type(found, "function_trigger"):
        for queue in one["values"]["message_queue"]:
            if not redrives.get(queue.get("queue_id"), True):
                yield one["address"]
        retried = one["values"]["function"][0].get("retry_attempts")
        cared_for = one["values"]["message_queue"] or (retried and one["values"]["dlq"])
        if not cared_for:
            yield one["address"]
    for one in of_type(found, "serverless_triggers"):
        for action in one["values"]["action"]:
            if not (action.get("retry_policy") and action.get("dead_letter")):
                yield one["address"]


def logs_feed_no_trigger(found):
    """What functions and gateways log reaches no trigger that calls them."""
    read = {
        block.get("group_id")
        for one in of_type(found, "function_trigger")
        for block in one["values"]["logging"]
    } | {
        (one["values"]["source"].get("logging") or {}).get("log_group_id")
        for one in of_type(found, "serverless_triggers")
    }
    for one in (*of_type(found, "function"), *of_type(found, "api_gateway")):
        for options in one["values"].get("log_options", ()):
            if options.get("log_group_id") and options["log_group_id"] in read:
                yield one["address"]


def a_message_is_hidden_long_enough(found):
    """Nobody gets a message on which a call may still work."""
    timeouts = [
        float(one["values"]["execution_timeout"]) for one in of_type(found, "function")
    ]
    hidden = {
        one["values"].get("arn"): one["values"]["visibility_timeout_seconds"]
        for one in of_type(found, "message_queue")
    }
    for one in of_type(found, "function_trigger"):
        for queue in one["values"]["message_queue"]:
            least = 2 * max(timeouts)
            own = hidden.get(queue.get("queue_id"), least)
            if min(own, float(queue.get("visibility_timeout") or own)) < least:
                yield one["address"]


def secrets_stay_where_they_are(found):
    """No secret is in an environment, in a queue's arguments or in a key's."""
    for one in of_type(found, "function"):
        for name in one["values"].get("environment") or ():
            if any(word in name for word in SECRET_NAMES):
                yield one["address"]
    for one in found:
        if one["values"].get("secret_key"):
            yield one["address"]


def everybody_has_an_account_of_his_own(found):
    """No two functions act as the same account."""
    accounts = Counter(
        one["values"].get("service_account_id") for one in of_type(found, "function")
    )
    for one in of_type(found, "function"):
        account = one["values"].get("service_account_id")
        if account and accounts[account] > 1:
            yield one["address"]


def nothing_runs_without_bounds(found):
    """Every function of the module has a bound for its instances and calls."""
    bound = {
        one["values"].get("function_id")
        for one in of_type(found, "function_scaling_policy")
        for policy in one["values"]["policy"]
        if policy["zone_instances_limit"] and policy["zone_requests_limit"]
    }
    for one in of_type(found, "function"):
        known = one["values"].get("id")
        if known and known not in bound and "BUNDLE_SHA256" in json.dumps(one):
            yield one["address"]


RULES = (
    nothing_broad,
    nothing_authoritative,
    nothing_public,
    no_invoker_of_all,
    every_failure_goes_somewhere,
    logs_feed_no_trigger,
    a_message_is_hidden_long_enough,
    secrets_stay_where_they_are,
    everybody_has_an_account_of_his_own,
    nothing_runs_without_bounds,
)
