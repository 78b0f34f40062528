"""Path templates of `google.api.http`, as its own documentation describes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.http.rest_template import Template
from tests.unit.arbitrary import quote


def read(template, path):
    """Return the fields that *path* gives, None if it does not fit."""
    parsed = Template.parse(template)
    parts = parsed.match(path)
    if parts is None:
        return None
    return {one.field: one.read(parts) for one in parsed.variables}


@pytest.mark.parametrize(
    ("template", "path", "fields"),
    [
        ("/v1/books", "/v1/books", {}),
        ("/v1/{id}", "/v1/a", {"id": "a"}),
        ("/v1/{id=*}", "/v1/a", {"id": "a"}),
        ("/v1/{a.b}/{c}", "/v1/x/y", {"a.b": "x", "c": "y"}),
        ("/v1/{id}:stop", "/v1/a:stop", {"id": "a"}),
        ("/v1/{id}:stop", "/v1/a:b:stop", {"id": "a:b"}),
        ("/v1/{id}", "/v1/a:stop", {"id": "a:stop"}),
        ("/v1/{id}", "/v1/a%2Fb%3Ac", {"id": "a/b:c"}),
        ("/v1/{id}", "/v1/", {"id": ""}),
        ("/v1/*/{id}", "/v1/any/a", {"id": "a"}),
        ("/v1/{name=shelves/*}/x", "/v1/shelves/1/x", {"name": "shelves/1"}),
        ("/v1/{name=a/*/b/*}", "/v1/a/1/b/2", {"name": "a/1/b/2"}),
        ("/v1/{name=a/*}", "/v1/a/1%2f2%20", {"name": "a/1%2f2 "}),
        ("/v1/{rest=**}", "/v1/a/b/c", {"rest": "a/b/c"}),
        ("/v1/{rest=**}", "/v1", {"rest": ""}),
        ("/v1/{rest=a/**}:read", "/v1/a/b%2Fc:read", {"rest": "a/b%2Fc"}),
        ("/v1/{id}/**", "/v1/a/b/c", {"id": "a"}),
    ],
)
def test_a_path_fits(template, path, fields):
    """Each variable has what stands in its place, decoded."""
    assert read(template, path) == fields


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/v1/books", "/v1/book"),
        ("/v1/books", "/v1/books/"),
        ("/v1/{id}", "/v1"),
        ("/v1/{id}", "/v1/a/b"),
        ("/v1/{id}", "v1/a"),
        ("/v1/{id}:stop", "/v1/a:Stop"),
        ("/v1/{id}:stop", "/v1/a%3Astop"),
        ("/v1/{name=shelves/*}", "/v1/racks/1"),
        ("/v1/{rest=a/**}", "/v1/b/c"),
        ("/v1/{rest=a/**}", "/v1"),
    ],
)
def test_a_path_does_not_fit(template, path):
    """Literal text must be there as it is, and neither too much nor too little."""
    assert read(template, path) is None


@given(text=st.text())
def test_any_text_may_be_an_id(text):
    """Encoded as the documentation asks of clients, it comes out as it was."""
    path = f"/v1/{quote(text, safe='')}:stop"
    assert read("/v1/{id}:stop", path) == {"id": text}


def test_nothing_follows_the_rest():
    """A template that could fit in more than one way is no template."""
    with pytest.raises(ValueError, match=r"\*\* must come last"):
        Template.parse("/v1/{rest=**}/more")
