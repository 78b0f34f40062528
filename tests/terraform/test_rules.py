"""Every deployment keeps the rules, and each rule finds what breaks it."""

import copy

import pytest

from tests.terraform import rules
from tests.terraform.yard import COMPLETE, EXISTING, MINIMAL, of_type, resources

FOLDER_ROLE = "resourcemanager_folder_iam_member"


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("where", [".", MINIMAL, COMPLETE, EXISTING])
def test_a_plan_keeps_the_rule(plans, where, rule):
    """As far as it is known before anything is made."""
    assert list(rule(resources(plans[where]))) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("where", [MINIMAL, COMPLETE, EXISTING])
def test_what_was_made_keeps_the_rule(applied, where, rule):
    """With all ids known."""
    assert list(rule(resources(applied[where]))) == []


def editor(found):
    of_type(found, FOLDER_ROLE)[0]["values"]["role"] = "editor"


def admin(found):
    of_type(found, FOLDER_ROLE)[0]["values"]["role"] = "admin"


def admin_of_a_service(found):
    of_type(found, FOLDER_ROLE)[0]["values"]["role"] = "compute.admin"


def invoker_of_all(found):
    role = "functions.functionInvoker"
    of_type(found, FOLDER_ROLE)[0]["values"]["role"] = role


def binding(found):
    found[0]["type"] = "yandex_resourcemanager_folder_iam_binding"


def public(found):
    of_type(found, "function_iam_member")[0]["values"]["member"] = "system:allUsers"


def no_redrive(found):
    for one in of_type(found, "message_queue"):
        one["values"]["redrive_policy"] = ""


def timer(found):
    return next(
        one for one in of_type(found, "function_trigger") if one["values"]["timer"]
    )["values"]


def no_retries(found):
    timer(found)["function"][0]["retry_attempts"] = None


def no_dead_letters(found):
    timer(found)["dlq"] = []


def no_retries_of_events(found):
    of_type(found, "serverless_triggers")[0]["values"]["action"][0].pop("retry_policy")


def a_loop(found):
    [trigger] = of_type(found, "serverless_triggers")
    group = trigger["values"]["source"]["logging"]["log_group_id"]
    of_type(found, "function")[0]["values"]["log_options"][0]["log_group_id"] = group


def long_calls(found):
    of_type(found, "function")[0]["values"]["execution_timeout"] = "61"


def a_short_trigger(found):
    for one in of_type(found, "function_trigger"):
        for queue in one["values"]["message_queue"]:
            queue["visibility_timeout"] = "1"


def a_told_secret(found):
    of_type(found, "function")[0]["values"]["environment"]["QUEUE_KEY_SECRET"] = "x"


def a_key_in_the_state(found):
    of_type(found, "message_queue")[0]["values"]["secret_key"] = "x"


def one_account(found):
    first, second, *_ = of_type(found, "function")
    second["values"]["service_account_id"] = first["values"]["service_account_id"]


def no_bound(found):
    [one] = of_type(found, "function_scaling_policy")[0]["values"]["policy"]
    one["zone_instances_limit"] = 0


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (editor, rules.nothing_broad),
        (admin, rules.nothing_broad),
        (admin_of_a_service, rules.nothing_broad),
        (invoker_of_all, rules.no_invoker_of_all),
        (binding, rules.nothing_authoritative),
        (public, rules.nothing_public),
        (no_redrive, rules.every_failure_goes_somewhere),
        (no_retries, rules.every_failure_goes_somewhere),
        (no_dead_letters, rules.every_failure_goes_somewhere),
        (no_retries_of_events, rules.every_failure_goes_somewhere),
        (a_loop, rules.logs_feed_no_trigger),
        (long_calls, rules.a_message_is_hidden_long_enough),
        (a_short_trigger, rules.a_message_is_hidden_long_enough),
        (a_told_secret, rules.secrets_stay_where_they_are),
        (a_key_in_the_state, rules.secrets_stay_where_they_are),
        (one_account, rules.everybody_has_an_account_of_his_own),
        (no_bound, rules.nothing_runs_without_bounds),
    ],
)
def test_what_breaks_a_rule_is_found(applied, change, rule):
    """Each planted violation is found by its rule, and by no other."""
    found = copy.deepcopy(resources(applied[MINIMAL]))
    change(found)
    assert [one for one in rules.RULES if list(one(found))] == [rule]
