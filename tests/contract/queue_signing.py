"""Signed requests, written here by the algorithm's own words and sent as they are."""

import contextlib
import hashlib
import hmac
import http.client
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from tests.contract.queue_server import KEY, SECRET

FORM = "application/x-www-form-urlencoded"
JSON = "application/x-amz-json-1.0"


def mac(key, text):
    return hmac.digest(key, text.encode(), "sha256")


def signed(  # noqa: PLR0913 - each of them is wrong in some test
    target,
    body,
    *,
    name=KEY,
    secret=SECRET,
    region="ru-central1",
    skew=timedelta(),
):
    """Return the headers that sign a POST to *target*, a host and a path."""
    host, path = target
    stamp = f"{datetime.now(UTC) + skew:%Y%m%dT%H%M%SZ}"  # noqa: TID251 - a real clock is asked
    scope = f"{stamp[:8]}/{region}/sqs/aws4_request"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = mac(key, part)
    digest = hashlib.sha256(body).hexdigest()
    names = "host;x-amz-date"
    canonical = f"POST\n{path}\n\nhost:{host}\nx-amz-date:{stamp}\n\n{names}\n{digest}"
    request = hashlib.sha256(canonical.encode()).hexdigest()
    signature = mac(key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request}").hex()
    credential = f"Credential={name}/{scope}, SignedHeaders={names}"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, Signature={signature}",
        "X-Amz-Date": stamp,
        "Content-Type": FORM,
    }


def send(service, body, *, path="/", headers=None, **signing):
    """Return status, headers and body of the answer to a signed POST."""
    host = urlsplit(service.base_url).netloc
    body = body if isinstance(body, bytes) else urlencode(body).encode()
    signature = signed((host, path), body, **signing)
    connection = http.client.HTTPConnection(host, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", path, body, {**signature, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def send_json(service, action, document, **signing):
    """Return the same for a request in the JSON protocol, without its prefix."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    headers = {"Content-Type": JSON, "X-Amz-Target": f"AmazonSQS.{action}"}
    return send(service, body, headers=headers, **signing)
