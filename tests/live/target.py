"""What the live suite asks: the local cloud, or a folder of the real one."""

import contextlib
import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub
from yandexcloud import SDK

from cli.sign_in import read_key, read_local, sign_in
from fakes.sandbox import Sandbox

NEEDED = (
    "YC_FOLDER_ID",
    "LIVE_INSTANCE_ID",
    "LIVE_SUBNET_ID",
    "LIVE_SECURITY_GROUP_ID",
)
REST = "https://compute.api.cloud.yandex.net"
TOKENS = ("YC_IAM_TOKEN", "YC_SERVICE_ACCOUNT_KEY_FILE")
_PATIENCE = timedelta(minutes=3)
_PAUSE = 1.0  # seconds between two looks at an operation
_TIMEOUT = 30  # seconds of one call


@dataclass(frozen=True, kw_only=True)
class Target:
    """A cloud with an instance to try things on.

    *pass_until* lets time pass until something holds.  What is empty was not
    given, and what needs it is skipped.
    """

    sdk: SDK
    rest_url: str
    token: str
    folder_id: str
    instance_id: str
    subnet_id: str
    group_id: str
    foreign_subnet_id: str
    running_instance_id: str
    queue_url: str
    queue_key: tuple[str, str]
    pass_until: Callable[[Callable[[], bool]], None]

    def finish(self, operation):
        """Return *operation* when it is done."""
        stub = self.sdk.client(OperationServiceStub)
        request, found = GetOperationRequest(operation_id=operation.id), [operation]

        def done():
            found.append(stub.Get(request))
            return found[-1].done

        self.pass_until(done)
        return found[-1]

    def ask(self, verb, path, content=None, token=None):
        """Return status and JSON of the answer of REST."""
        where = urlsplit(self.rest_url)
        secure = where.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        with contextlib.closing(kind(where.netloc, timeout=_TIMEOUT)) as connection:
            body = None if content is None else json.dumps(content)
            headers = {"Authorization": f"Bearer {token or self.token}"}
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def sqs(self, key_id="", secret=""):
        """Return a client of Message Queue."""
        where = urlsplit(self.queue_url)
        return botocore.session.Session().create_client(
            "sqs",
            endpoint_url=f"{where.scheme}://{where.netloc}",
            region_name="ru-central1",
            aws_access_key_id=key_id or self.queue_key[0],
            aws_secret_access_key=secret or self.queue_key[1],
            config=Config(retries={"max_attempts": 0}),
        )


def local_target(cloud: Sandbox) -> Target:
    """Return the local cloud, with all there can be."""
    found = cloud.endpoints
    subnets = found["subnets"]
    return Target(
        sdk=cloud.sdk(),
        rest_url=found["rest"],
        token=found["iam_token"],
        folder_id=found["folder_id"],
        instance_id=cloud.create_instance("live"),
        subnet_id=subnets["ru-central1-a"],
        group_id=found["security_group_id"],
        foreign_subnet_id=subnets["ru-central1-b"],
        running_instance_id=cloud.create_instance("running", running=True),
        queue_url=cloud.queues.create("live"),
        queue_key=(found["access_key_id"], found["secret_access_key"]),
        pass_until=cloud.clock.wait_for,
    )


def missing(given: dict[str, str]) -> list[str]:
    """Return the names of the variables without which there is no real target."""
    names = [name for name in NEEDED if not given.get(name)]
    if not any(given.get(name) for name in TOKENS):
        names.append(" or ".join(TOKENS))
    return names


def real_target(given: dict[str, str]) -> Target:
    """Return the real folder that the variables *given* name.

    With LIVE_ENDPOINTS, what `nic cloud` wrote, it is a rehearsal in real time.
    """
    stage = given.get("LIVE_ENDPOINTS")
    local = read_local(Path(stage)) if stage else None
    key_file = given.get("YC_SERVICE_ACCOUNT_KEY_FILE")
    token = given.get("YC_IAM_TOKEN") or sign_in(read_key(Path(str(key_file))), local)
    where = {"endpoint": local.grpc, "root_certificates": local.roots} if local else {}
    rest = json.loads(Path(stage).read_text())["rest"] if stage else REST
    return Target(
        sdk=SDK(iam_token=token, **where),
        rest_url=rest,
        token=token,
        folder_id=given["YC_FOLDER_ID"],
        instance_id=given["LIVE_INSTANCE_ID"],
        subnet_id=given["LIVE_SUBNET_ID"],
        group_id=given["LIVE_SECURITY_GROUP_ID"],
        foreign_subnet_id=given.get("LIVE_FOREIGN_SUBNET_ID", ""),
        running_instance_id=given.get("LIVE_RUNNING_INSTANCE_ID", ""),
        queue_url=given.get("LIVE_QUEUE_URL", ""),
        queue_key=(
            given.get("LIVE_QUEUE_KEY_ID", ""),
            given.get("LIVE_QUEUE_KEY_SECRET", ""),
        ),
        pass_until=_in_real_time,
    )


def _in_real_time(condition: Callable[[], bool]) -> None:
    looks = int(_PATIENCE.total_seconds() / _PAUSE)
    for _ in range(looks):
        if condition():
            return
        threading.Event().wait(_PAUSE)
    msg = f"not within {_PATIENCE}"
    raise TimeoutError(msg)
