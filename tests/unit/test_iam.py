"""Tokens stand for subjects while they are good, and keys earn tokens."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.errors import ApiError, Code
from fakes.iam import Iam, audience

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANN = Subject(id="aje1", name="ann")
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def iam():
    return Iam(Chance(1))


@pytest.fixture(scope="module")
def key(iam):
    return iam.create_key(iam.create_service_account("robot"), NOW)


def signed(key, *, algorithm="PS256", without=(), **changes):
    claims = {
        "iss": key["service_account_id"],
        "aud": audience("api.cloud.yandex.net"),
        "iat": NOW,
        "exp": NOW + HOUR,
    } | changes
    kept = {name: value for name, value in claims.items() if name not in without}
    private = key["private_key"]
    return jwt.encode(kept, private, algorithm=algorithm, headers={"kid": key["id"]})


def test_a_token_stands_for_its_subject_for_twelve_hours(iam):
    """It is good until, and not at, the moment it expires."""
    token = iam.issue(ANN, NOW)
    last = NOW + 12 * HOUR - timedelta(microseconds=1)
    assert iam.authenticate(f"Bearer {token.value}", last) == ANN
    with pytest.raises(ApiError, match=r"invalid or has expired\.") as refused:
        iam.authenticate(f"Bearer {token.value}", NOW + 12 * HOUR)
    assert refused.value.code is Code.UNAUTHENTICATED


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic {}", "{}"])
def test_other_headers_are_refused(iam, header):
    """Only `Bearer` and a token of ours identify anyone."""
    value = iam.issue(ANN, NOW).value
    with pytest.raises(ApiError) as refused:
        iam.authenticate(header.format(value), NOW)
    assert refused.value.code is Code.UNAUTHENTICATED


def test_expired_tokens_are_forgotten():
    """However many tokens were issued, only good ones are kept."""
    iam = Iam(Chance(1))
    for hours in range(50):
        iam.issue(ANN, NOW + hours * HOUR, lifetime=HOUR)
    assert len(iam._tokens) == 1


def test_a_key_earns_a_token_of_its_account(iam, key):
    """A JWT signed with an authorized key is exchanged for a token."""
    token = iam.exchange(signed(key), NOW)
    subject = iam.authenticate(f"Bearer {token.value}", NOW)
    assert (subject.id, subject.name) == (key["service_account_id"], "robot")


def test_the_audience_may_be_an_endpoint_of_ours(iam, key):
    """The SDK derives the audience from the endpoint it was given."""
    encoded = signed(key, aud="https://iam.localhost:1/iam/v1/tokens")
    with pytest.raises(ApiError, match="udience"):
        iam.exchange(encoded, NOW)
    iam.serve_at("localhost:1")
    assert iam.exchange(encoded, NOW)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"exp": NOW}, "it has expired"),
        ({"exp": NOW + HOUR + timedelta(seconds=1)}, "more than an hour"),
        ({"exp": 10**20}, "iat and exp must be times"),
        ({"iss": "aje1"}, "ssuer"),
        ({"aud": "https://elsewhere"}, "udience"),
        ({"algorithm": "RS256"}, "alg"),
        ({"without": ("iat",)}, 'missing the "iat" claim'),
    ],
)
def test_a_wrong_jwt_is_refused(iam, key, changes, why):
    """Whatever is wrong with it, the answer is UNAUTHENTICATED."""
    with pytest.raises(ApiError, match=why) as refused:
        iam.exchange(signed(key, **changes), NOW)
    assert refused.value.code is Code.UNAUTHENTICATED


def test_a_forged_jwt_is_refused(iam, key):
    """Neither another's key nor an unknown one, nor nonsense, gets a token."""
    other = Iam(Chance(2)).create_key(ANN, NOW)
    stolen = other | {"id": key["id"], "service_account_id": key["service_account_id"]}
    for encoded in (signed(stolen), signed(other), "nonsense", ""):
        with pytest.raises(ApiError, match="JWT is invalid"):
            iam.exchange(encoded, NOW)
