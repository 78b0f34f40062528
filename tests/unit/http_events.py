"""HTTP calls as the platform hands them to a function, and what it makes of answers."""

import json

from events.anonymous import Anonymous
from events.rest import read_call
from tests.unit.build import sample

KEY = "c1700de3-b8cb-4d8a-9990-e4ebf052e9aa"
ROUTE = "/compute/v1/instances/{}:attachNetworkInterface"


def without(names, *gone):
    return {name: value for name, value in names.items() if name not in gone}


def keyed(event, key):
    """Return *event* with another key, or without one."""
    headers = without(event["headers"], "Idempotency-Key")
    return {
        **event,
        "headers": {**headers, **({"Idempotency-Key": key} if key else {})},
    }


def gateway_call(instance_id, body, key=KEY, **changes):
    """Return a call through a gateway whose authorizer knows the caller."""
    named = {"instanceId": instance_id}
    event = {
        **sample("http.gateway"),
        "url": ROUTE.format(instance_id) + "?",
        "pathParams": named,
        "params": named,
        "body": json.dumps(body),
    }
    return {**keyed(event, key), **changes}


def url_call(instance_id, body, key=KEY, **changes):
    """Return a call at the function's URL, which names nobody."""
    event = {
        **sample("http.url"),
        "queryStringParameters": {"instanceId": instance_id} if instance_id else {},
        "body": json.dumps(body),
    }
    return {**keyed(event, key), **changes}


def told(answer):
    """Return the status and the document of an answer that the platform takes."""
    assert set(answer) == {"statusCode", "headers", "body", "isBase64Encoded"}
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["isBase64Encoded"] is False
    return answer["statusCode"], json.loads(answer["body"])


def wrong(event):
    """Return the fields of a call that are wrong, with what is wrong with them."""
    answer = read_call(event, "call-1", Anonymous.TAKEN)
    assert (answer.status, answer.document["code"], answer.request_id) == (400, 3, "")
    [details] = answer.document["details"]
    return {one["field"]: one["description"] for one in details["fieldViolations"]}
