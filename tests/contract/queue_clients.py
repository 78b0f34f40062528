"""Clients of Message Queue, one for each protocol it speaks, and how to use them.

Both are the same unmodified SDK.  Query is what it speaks; for JSON it is given the
service's description as newer SDKs have it: another protocol in its head, and no
names of XML elements.
"""

import json

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from tests.contract.queue_server import KEY, SECRET

PROTOCOLS = ("query", "json")
_OF_XML = ("flattened", "locationName", "resultWrapper")


def make_client(service, protocol, folder, key=KEY, secret=SECRET):
    """Return a client of *service*; *folder* is for what it reads, and is empty."""
    session = botocore.session.Session()
    if protocol == "json":
        _write_description(folder)
        session.set_config_variable("data_path", str(folder))
    return session.create_client(
        "sqs",
        endpoint_url=service.base_url,
        region_name="ru-central1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}),
    )


def receive(sqs, url, **wishes):
    return sqs.receive_message(QueueUrl=url, **wishes).get("Messages", [])


def bodies(messages):
    return [it["Body"] for it in messages]


def code(call, **parameters):
    """Return the code of the error that *call* raises."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"]


def _write_description(folder):
    model = Loader().load_service_model("sqs", "service-2")
    how = {"protocol": "json", "jsonVersion": "1.0", "targetPrefix": "AmazonSQS"}
    model = {**_without_xml(model), "metadata": {**model["metadata"], **how}}
    place = folder / "sqs" / "2012-11-05"
    place.mkdir(parents=True, exist_ok=True)
    (place / "service-2.json").write_text(json.dumps(model))


def _without_xml(part):
    if isinstance(part, dict):
        return {
            name: _without_xml(it) for name, it in part.items() if name not in _OF_XML
        }
    return part
