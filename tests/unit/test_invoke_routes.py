"""The path templates of an API gateway."""

import pytest

from fakes.http.invoke_routes import HttpRoute, find

ATTACH = "/compute/v1/instances/{instanceId}:attachNetworkInterface"


def route(path, method="POST"):
    return HttpRoute(method=method, path=path, function=None)


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("/", "/", {}),
        ("/a/b", "/a/b", {}),
        ("/a.b", "/axb", None),
        ("/a", "/a/", None),
        (ATTACH, "/compute/v1/instances/fhm1:attachNetworkInterface", "fhm1"),
        (ATTACH, "/compute/v1/instances/a:b:attachNetworkInterface", "a:b"),
        (ATTACH, "/compute/v1/instances/:attachNetworkInterface", None),
        (ATTACH, "/compute/v1/instances/a/b:attachNetworkInterface", None),
        (ATTACH, "/compute/v1/instances/fhm1", None),
        ("/{a}/{b}", "/1/2", {"a": "1", "b": "2"}),
        ("/x/{rest+}", "/x/1/2", {"rest": "1/2"}),
        ("/x/{rest+}", "/x/", None),
        ("/{rest+}/{last}", "/1/2/3", {"rest": "1/2", "last": "3"}),
    ],
)
def test_a_template_matches_segments(template, path, parameters):
    """A parameter is a piece of one segment, a greedy one spans several."""
    if isinstance(parameters, str):
        parameters = {"instanceId": parameters}
    assert route(template).match("POST", path) == parameters


def test_a_route_has_one_method():
    """The same path with another method is somebody else's."""
    assert route("/a").match("GET", "/a") is None


def test_what_is_more_exact_wins():
    """Whatever came first, the template with fewer parameters is taken."""
    templates = ["/{a}/{b}", "/{a}/x", "/y/x"]
    routes = [route(one) for one in templates]
    found = [find(routes, "POST", path) for path in ("/y/x", "/z/x", "/z/z")]
    assert [one.route.path for one in found] == templates[::-1]
    assert find(routes, "POST", "/z") is None


def test_there_are_two_versions_of_the_event():
    """Another is refused at birth."""
    with pytest.raises(ValueError, match=r"0\.1 or 1\.0, not '2\.0'"):
        HttpRoute(method="GET", path="/", function=None, payload_version="2.0")
