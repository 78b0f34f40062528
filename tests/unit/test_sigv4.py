"""Our signature is the one that Amazon's own code makes."""

import warnings
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest

from functions._sigv4 import StaticKey, sign

FORM = "application/x-www-form-urlencoded"
KEY = StaticKey(id="YCAJexampleexample", secret="YCMinvented/secret+of=this-test")
OTHER = StaticKey(id="YCAJother", secret="\u044f")
NIGHT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LEAP = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
CLOUD = "https://message-queue.api.cloud.yandex.net"
QUEUE = f"{CLOUD}/b1gcl7p5d2kq9m4v8x0t/dj6000000000000000ol/nic-tasks"
SEND = urlencode(
    {"Action": "SendMessage", "MessageBody": '{"a": "\u044f &=+"}'}
).encode()

CASES = [
    (KEY, QUEUE, SEND, NIGHT),
    (KEY, QUEUE, b"", NIGHT),
    (KEY, QUEUE, bytes(range(256)), NIGHT),
    (KEY, QUEUE, SEND, LEAP),
    (OTHER, QUEUE, SEND, NIGHT),
    (KEY, CLOUD, SEND, NIGHT),
    (KEY, f"{CLOUD}/", SEND, NIGHT),
    (KEY, f"{CLOUD}/a-b_c.d~e/{quote('a b')}.fifo", SEND, NIGHT),
    (KEY, "http://127.0.0.1:4566/b1g/dj6/results", SEND, LEAP),
    (KEY, "http://localhost:8080/q", SEND, LEAP),
]


# What botocore 1.29.165 signs for these cases.
PINNED = [
    "ed51e4a9f4c659d982d1b98b1cbbf7420f08cc37987913527ad050a1b0656562",
    "87ec74f82967c991e720b9f812576f5ce81200d9ed1749b63477456e73534a7d",
    "91732f6c35dac2e6d055b6b6a858856942a9672f9dde0dccd57a1d044e0288f1",
    "b04790827743fad6988dcd6063a453a5cecb66414043ced46258c9c955c15e3b",
    "35a67a5b699f6513cc4fddb96a20acb6b5a1ecced8eb50ff391e1cd5cd858808",
    "b722d6c354ef8c64374f98a8b041720bd39c1aa53fd49ed3770c57fb26d29dab",
    "b722d6c354ef8c64374f98a8b041720bd39c1aa53fd49ed3770c57fb26d29dab",
    "bc3a6d42ee7592657b82b6b203382648b8e24f94bdc741ed762192109e9017ad",
    "13801ec65d475d5b2f58f5f8d9f92fdfa39b0b59ef6857e0d87bafb3f8ae3dd5",
    "6dfab07cff1fcc34bb661719a717d6fcfb64ce8ca910918eef0729ffb86f7338",
]


def signature(headers):
    return headers["Authorization"].rpartition("Signature=")[2]


@pytest.fixture(scope="module")
def botocore_signature():
    """Return a function that signs with botocore, the release installed here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old releases import what is deprecated
        auth = pytest.importorskip("botocore.auth", exc_type=ImportError)
        requests = pytest.importorskip("botocore.awsrequest", exc_type=ImportError)
        credentials = pytest.importorskip("botocore.credentials", exc_type=ImportError)

    def signed(key, url, body, now):
        signer = auth.SigV4Auth(
            credentials.Credentials(key.id, key.secret), "sqs", "ru-central1"
        )
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        headers = {"Content-Type": FORM, "X-Amz-Date": stamp}
        request = requests.AWSRequest("POST", url, headers, body)
        request.context["timestamp"] = stamp
        canonical = signer.canonical_request(request)
        return signer.signature(signer.string_to_sign(request, canonical), request)

    return signed


@pytest.mark.parametrize(
    ("case", "expected"), list(zip(CASES, PINNED, strict=True)), ids=range(len(CASES))
)
def test_signatures_are_those_of_a_pinned_botocore(case, expected):
    """Every case is signed as a release of botocore did that the queue documents."""
    key, url, body, now = case
    assert signature(sign(key, url, FORM, body, now)) == expected


def test_signatures_are_those_of_the_installed_botocore(botocore_signature):
    """Every case is signed as the botocore that is installed does."""
    ours = [signature(sign(key, url, FORM, *rest)) for key, url, *rest in CASES]
    assert ours == [botocore_signature(*case) for case in CASES]


def test_the_headers_say_what_was_signed():
    """Key, day, region, service and the signed headers stand beside the signature."""
    headers = sign(KEY, QUEUE, FORM, SEND, NIGHT)
    authorization, _, _ = headers.pop("Authorization").rpartition("=")
    assert headers == {"Content-Type": FORM, "X-Amz-Date": "20260102T030405Z"}
    assert authorization == (
        "AWS4-HMAC-SHA256 "
        "Credential=YCAJexampleexample/20260102/ru-central1/sqs/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, Signature"
    )


@pytest.mark.parametrize(
    "other",
    [
        (OTHER, QUEUE, FORM, SEND, NIGHT),
        (KEY, f"{QUEUE}2", FORM, SEND, NIGHT),
        (KEY, QUEUE.replace("api.", "ipa."), FORM, SEND, NIGHT),
        (KEY, QUEUE, "text/plain", SEND, NIGHT),
        (KEY, QUEUE, FORM, SEND + b"&", NIGHT),
        (KEY, QUEUE, FORM, SEND, LEAP),
    ],
    ids=["key", "path", "host", "type", "body", "time"],
)
def test_whatever_changes_changes_the_signature(other):
    """Nothing that is sent can be changed under a signature."""
    assert sign(*other) != sign(KEY, QUEUE, FORM, SEND, NIGHT)


def test_a_key_does_not_show_its_secret():
    """A key that lands in a log or a traceback tells its id alone."""
    assert repr(KEY) == "StaticKey(id='YCAJexampleexample')"
