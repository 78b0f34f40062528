"""Policies that want the same, now and then."""

import itertools
import json
import random

from events.policy import read_policies


def some_policies(seed):
    """Return policies of few kinds, so that many want the same."""
    chance = random.Random(seed)  # noqa: S311 - a choice, no secret
    choose = chance.choice

    def match():
        found = {
            "folderIds": choose([None, [], ["f1"], ["f2", "f1"]]),
            "zoneIds": choose([None, [], ["a"], ["b", "c"]]),
            "namePattern": choose([None, "*", "web-*", "web-1", "w?b-1", "db*"]),
            "causes": choose([None, [], ["stopped"], ["scheduled", "crashed"]]),
            "labels": choose([None, {}, {"nic": some_rule()}, {"x": some_rule()}]),
        }
        return {name: one for name, one in found.items() if one or choose([0, 1])}

    def some_rule():
        rules = ["a", "b", {"in": ["a", "b"]}, {"exists": True}, {"exists": False}]
        return choose(rules)

    def attachment():
        subnets = choose([{"a": "s1"}, {"a": "s2"}, {"a": "s1", "b": "s3"}])
        address = choose([None, {}, {"oneToOneNatSpec": {}}, {"address": "10.0.0.9"}])
        return {
            "networkInterfaceIndex": choose(["1", "1", "1", "auto"]),
            "subnetIds": subnets,
            "securityGroupIds": choose([["g1"], ["g1", "g2"], ["g2", "g1"]]),
            **({} if address is None else {"primaryV4AddressSpec": address}),
        }

    return [
        {
            "name": f"p{place}",
            "attachment": attachment(),
            **choose([{}, *3 * [{"match": match()}]]),
        }
        for place in range(20)
    ]


def contradictions(policies):
    """Return which of *policies* the functions would not work with together."""
    found = [read_policies(json.dumps({"policies": [one]})) for one in policies]
    single = [one.policies[0] for one in found]
    return {
        f"{first.name} and {second.name}"
        for first, second in itertools.combinations(single, 2)
        if first.contradicts(second)
    }
