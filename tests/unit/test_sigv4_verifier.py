"""Signatures, made here by the algorithm's own words, not by the verifier's."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fakes.http.sigv4 import SignedRequest, verify
from fakes.queue import QueueError, Refusal

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECRETS = {"AKID": "secret", "other": "different"}
SCOPE = "20260131/ru-central1/sqs/aws4_request"
CREDENTIAL = f"AWS4-HMAC-SHA256 Credential=AKID/{SCOPE}"


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sign(request, *, key="AKID", secret=SECRETS["AKID"], scope=SCOPE, path=None):
    """Add the Authorization header that a client would."""
    names = sorted(request.headers)
    signing_key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing_key = mac(signing_key, part)
    canonical = "\n".join(
        [
            request.method,
            path or request.path,
            request.query,
            *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    stamp = request.headers.get("x-amz-date", "")
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    signature = mac(signing_key, text).hex()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return replace(request, headers={**request.headers, "authorization": authorization})


REQUEST = SignedRequest(
    method="POST",
    path="/cloud/queue/name",
    query="a=1&b=%20",
    headers={
        "host": "127.0.0.1:1",
        "x-amz-date": "20260131T120000Z",
        "x-more": "a  b ",
    },
    body=b"Action=ListQueues",
)
SIGNED = sign(REQUEST)


def with_header(request, name, value):
    return replace(request, headers={**request.headers, name: value})


def refusal(request, now=NOW):
    with pytest.raises(QueueError) as caught:
        verify(request, SECRETS.get, now)
    return caught.value.refusal


def test_accepts_what_is_signed_right():
    """A rightly signed request is its access key's."""
    assert verify(SIGNED, SECRETS.get, NOW) == "AKID"


@pytest.mark.parametrize(
    ("path", "canonical"), [("/a%20b/~c", "/a%2520b/~c"), ("", "/"), ("/", "/")]
)
def test_encodes_the_path_once_more(path, canonical):
    """The signed path is the encoded one, encoded again, and never empty."""
    request = sign(replace(REQUEST, path=path), path=canonical)
    assert verify(request, SECRETS.get, NOW) == "AKID"


def test_sorts_the_query():
    """The order of the fields in the query string does not matter."""
    request = replace(SIGNED, query="b=%20&a=1")
    assert verify(request, SECRETS.get, NOW) == "AKID"


@pytest.mark.parametrize(
    "altered",
    [
        replace(SIGNED, method="GET"),
        replace(SIGNED, path="/cloud/queue/other"),
        replace(SIGNED, query="a=2&b=%20"),
        replace(SIGNED, body=b"Action=PurgeQueue"),
        with_header(SIGNED, "host", "elsewhere"),
        with_header(SIGNED, "x-more", "c"),
        with_header(SIGNED, "x-amz-date", "20260131T120001Z"),
        sign(REQUEST, secret="wrong"),
        sign(REQUEST, key="other"),
        sign(REQUEST, scope=SCOPE.replace("ru-central1", "us-east-1")),
        sign(REQUEST, scope=SCOPE.replace("sqs", "s3")),
        sign(REQUEST, scope=SCOPE.replace("0131", "0130")),
        with_header(
            SIGNED, "authorization", SIGNED.headers["authorization"][:-1] + "\xe4"
        ),
    ],
)
def test_refuses_what_was_altered(altered):
    """Any change to what is signed, or by whom and for what, is noticed."""
    assert refusal(altered) is Refusal.SIGNATURE_DOES_NOT_MATCH


def test_leaves_unsigned_headers_alone():
    """What a proxy adds after signing does no harm."""
    request = with_header(SIGNED, "via", "proxy")
    assert verify(request, SECRETS.get, NOW) == "AKID"


def test_requires_a_signature():
    """Without an Authorization header nobody asked, not even in the query string."""
    request = replace(REQUEST, query="X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert refusal(request) is Refusal.MISSING_AUTHENTICATION_TOKEN


def test_requires_a_known_key():
    """An access key that does not exist is told from a wrong signature."""
    assert refusal(sign(REQUEST, key="AKIX")) is Refusal.INVALID_CLIENT_TOKEN_ID


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer token",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=0",
        f"{CREDENTIAL}, SignedHeaders=host;x-amz-date",
        f"{CREDENTIAL}, SignedHeaders=host, Signature=0",
        f"{CREDENTIAL}, SignedHeaders=x-amz-date, Signature=0",
        f"{CREDENTIAL}, SignedHeaders=absent;host;x-amz-date, Signature=0",
    ],
)
def test_requires_a_whole_signature(authorization):
    """A header of another form, or without the least signed headers, is refused."""
    request = with_header(REQUEST, "authorization", authorization)
    assert refusal(request) is Refusal.INCOMPLETE_SIGNATURE


@pytest.mark.parametrize(
    "stamp", ["", "now", "2026-01-31T12:00:00Z", "20260231T120000Z", "٢0260131T120000Z"]
)
def test_requires_a_date(stamp):
    """A date that is none is refused."""
    request = sign(with_header(REQUEST, "x-amz-date", stamp))
    assert refusal(request) is Refusal.INCOMPLETE_SIGNATURE


@pytest.mark.parametrize("sign_of_time", [-1, 1])
def test_requires_the_time(sign_of_time):
    """A clock may be 15 minutes off, in both directions, and not a second more."""
    quarter = sign_of_time * timedelta(minutes=15)
    second = sign_of_time * timedelta(seconds=1)
    assert verify(SIGNED, SECRETS.get, NOW + quarter) == "AKID"
    assert refusal(SIGNED, NOW + quarter + second) is Refusal.REQUEST_EXPIRED
