"""A match says which instances are meant, and on which occasion."""

from itertools import combinations, product

import pytest

from events.cause import Cause
from events.match import LabelRule, Match, read_match
from tests.unit.build import document, instance

EQUAL = LabelRule(values=frozenset({"mgmt"}))
AMONG = LabelRule(values=frozenset({"mgmt", "public"}))
THERE, ABSENT = LabelRule(), LabelRule(present=False)


def read(**match):
    found, violations = document({"match": match})
    return read_match(found), [str(one) for one in violations]


@pytest.mark.parametrize(
    ("rule", "fitting"),
    [
        (EQUAL, {"mgmt"}),
        (AMONG, {"mgmt", "public"}),
        (THERE, {"mgmt", "public", "", "other"}),
        (ABSENT, {None}),
        (LabelRule(values=frozenset({""})), {""}),
    ],
)
def test_a_rule_says_what_a_label_must_be_like(rule, fitting):
    """One value, one of several, there with any, not there; '' is a value."""
    values = ["mgmt", "public", "", "other", None]
    assert {value for value in values if rule.fits(value)} == fitting


SOME = [frozenset(one) for one in ("a", "b", "ab")]
RULES = [THERE, ABSENT, *(LabelRule(values=values) for values in SOME)]
# Beside what rules name, there is always a value that none does.
VALUES = ["a", "b", "c", None]


def test_a_rule_covers_another_if_it_takes_all_that_the_other_takes():
    """Over all rules and values of a small world, exactly then."""
    assert [
        (one, other)
        for one, other in product(RULES, RULES)
        if one.covers(other)
        != all(one.fits(value) for value in VALUES if other.fits(value))
    ] == []


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("", {"web-1", "web-12", "db", ""}),
        ("*", {"web-1", "web-12", "db", ""}),
        ("web-?", {"web-1"}),
        ("web-*", {"web-1", "web-12"}),
        ("*b*", {"web-1", "web-12", "db"}),
        ("db", {"db"}),
        ("?", set()),
    ],
)
def test_a_pattern_has_two_wildcards(pattern, fitting):
    """`*` is any text, also none, and `?` is one character."""
    match = Match(name_pattern=pattern)
    assert {
        name
        for name in ("web-1", "web-12", "db", "")
        if match.fits(instance(name=name), Cause.STOPPED)
    } == fitting


@pytest.mark.parametrize(
    ("match", "misfit"),
    [
        (Match(), ""),
        (Match(folder_ids=("b1gf3k8s6n1w5r9j2h7c",)), ""),
        (Match(folder_ids=("other",)), "its folder is b1gf3k8s6n1w5r9j2h7c"),
        (Match(zone_ids=("ru-central1-b", "ru-central1-a")), ""),
        (Match(zone_ids=("ru-central1-b",)), "its zone is ru-central1-a"),
        (Match(name_pattern="web-*"), ""),
        (Match(name_pattern="db-*"), "its name is 'web-1'"),
        (Match(labels={"nic": EQUAL, "old": ABSENT}), ""),
        (Match(labels={"nic": ABSENT}), "its label nic is 'mgmt'"),
        (Match(labels={"nic": EQUAL, "env": THERE}), "its label env is missing"),
        (Match(causes=(Cause.CRASHED, Cause.STOPPED)), ""),
        (Match(causes=(Cause.CRASHED,)), "the cause is stopped"),
        (
            Match(zone_ids=("ru-central1-b",), causes=(Cause.CRASHED,)),
            "its zone is ru-central1-a",
        ),
    ],
)
def test_every_condition_must_hold(match, misfit):
    """What is named must hold in all of its parts; the first that does not is told."""
    assert match.misfit(instance(), Cause.STOPPED) == misfit
    assert match.fits(instance(), Cause.STOPPED) is (not misfit)


def test_an_occasion_makes_no_instance_unlike():
    """Without regard to the cause, only the instance counts."""
    assert Match(causes=(Cause.CRASHED,)).unlike(instance()) == ""


MATCHES = [
    Match(folder_ids=folders, name_pattern=pattern, labels=labels)
    for folders in ((), ("f",), ("g",), ("f", "g"))
    for pattern in ("", "*", "w*", "?1", "w1", "db")
    for labels in ({}, *({"l": rule} for rule in RULES), {"l": THERE, "m": ABSENT})
]
WORLD = [
    instance(
        folder_id=folder,
        name=name,
        labels={key: text for key, text in (("l", one), ("m", two)) if text},
    )
    for folder in "fgh"
    for name in ("w1", "w2", "x1", "db", "")
    for one in VALUES
    for two in (None, "a")
]


def test_a_match_covers_another_only_if_it_means_all_its_instances():
    """Over all matches and instances of a small world."""
    meant = [
        {place for place, one in enumerate(WORLD) if not match.unlike(one)}
        for match in MATCHES
    ]
    whole = list(zip(MATCHES, meant, strict=True))
    covered = [
        mine >= theirs
        for (match, mine), (other, theirs) in product(whole, whole)
        if match.covers(other)
    ]
    assert all(covered)
    assert len(covered) > len(MATCHES)


SETS = [set(some) for count in range(3) for some in combinations(Cause, count)]


def test_causes_are_shared_if_there_is_one_for_which_both_are_meant():
    """For any two sets of causes; no cause stands for every cause."""
    for mine, theirs in product(SETS, SETS):
        one, other = Match(causes=tuple(mine)), Match(causes=tuple(theirs))
        both = [
            cause
            for cause in Cause
            if one.fits(instance(), cause) and other.fits(instance(), cause)
        ]
        assert one.may_share_causes(other) is bool(both)


def test_every_operator_is_read():
    """A text is one value; `in` is several; `exists` asks for any or for none."""
    labels = {
        "nic": "mgmt",
        "tier": {"in": ["mgmt", "public"]},
        "owner": {"exists": True},
        "old": {"exists": False},
        "empty": "",
    }
    match, violations = read(labels=labels, namePattern="web-*")
    assert violations == []
    assert match == Match(
        name_pattern="web-*",
        labels={
            "nic": EQUAL,
            "tier": AMONG,
            "owner": THERE,
            "old": ABSENT,
            "empty": LabelRule(values=frozenset({""})),
        },
    )


def test_every_cause_can_be_named():
    """All that happens, with detaches, timers and requests among it."""
    match, violations = read(causes=[cause.value for cause in Cause])
    assert (match.causes, violations) == (tuple(Cause), [])


def test_names_of_labels_are_taken_literally():
    """They are data: an underscore in one is no snake_case."""
    match, _ = read(labels={"my_nic": "a", "a.b/c@d\\e-f": "g"})
    assert set(match.labels) == {"my_nic", "a.b/c@d\\e-f"}


VALUE = "must be a label's value: up to 63 of a-z 0-9 - _ . / \\ @"
RULE = 'must be a text, {"in": [...]} or {"exists": true or false}'


@pytest.mark.parametrize(
    ("rule", "problems"),
    [
        (1, [f" {RULE}"]),
        (None, [f" {RULE}"]),
        ([], [f" {RULE}"]),
        ({}, [f" {RULE}"]),
        ({"in": []}, [f" {RULE}"]),
        ({"exists": "yes"}, [f" {RULE}"]),
        ({"exists": True, "in": ["a"]}, [f" {RULE}"]),
        ({"in": "a"}, [".in must be a list"]),
        ({"in": [1]}, [".in[0] must be a string"]),
        ({"in": ["a"] * 2}, [".in[1] is there twice"]),
        ({"in": list(map(str, range(51)))}, [".in must have at most 50 items"]),
        ({"not": "a"}, [".not is not a known field"]),
        ({"not": "a", "in": ["b"]}, [".not is not a known field"]),
        ("A", [f" {VALUE}"]),
        ({"in": ["a", "x" * 64]}, [f".in[1] {VALUE}"]),
    ],
)
def test_a_broken_rule_is_told_once_at_its_path(rule, problems):
    """Whatever it is instead."""
    assert read(labels={"nic": rule})[1] == [
        f"$.match.labels['nic']{problem}" for problem in problems
    ]


@pytest.mark.parametrize("name", ["", "Nic", "1nic", "x" * 64, "n\u00efc"])
def test_a_label_has_a_name_that_the_api_allows(name):
    """Any other could never be there: a mistake, told by its path."""
    [problem] = read(labels={name: "a"})[1]
    assert problem.startswith(f"$.match.labels[{name!r}] must name a label")


def test_rules_are_as_many_as_labels_can_be():
    """More than 64 labels has no resource, and so no policy."""
    labels = {f"a{place}": "" for place in range(65)}
    del labels["a0"]
    assert read(labels=labels)[1] == []
    [problem] = read(labels=labels | {"a0": ""})[1]
    assert problem == "$.match.labels must be an object with at most 64 entries"


@pytest.mark.parametrize("pattern", ["Web", "web 1", "web[12]", "x" * 64, "w\n"])
def test_a_pattern_is_a_name_with_wildcards(pattern):
    """Nothing else is understood, so that nobody takes it for more."""
    assert read(namePattern=pattern)[1] == [
        "$.match.namePattern must be an instance's name, with * and ? as wildcards"
    ]
