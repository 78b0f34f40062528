"""Plans that `nic plan` makes, and what they are made from."""

import json


def lines(*events):
    return "".join(json.dumps(one) + "\n" for one in events)


def planned(city, given, *arguments, policies=None):
    """Return the document for what is *given* on stdin."""
    file = policies or city.policies()
    options = ("--policies", file, "--json", *arguments)
    result = city.run("plan", "-", *options, given=given)
    document = json.loads(result.stdout)
    assert result.exit_code == (1 if document["broken"] else 0)
    return document


def judged(city, *events, **more):
    """Return what would be done about each of *events*, and the reason of the last."""
    rows = planned(city, lines(*events), **more)["rows"]
    return [one["would"] for one in rows], rows[-1]["why"]
