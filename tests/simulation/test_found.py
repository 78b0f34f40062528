"""What the simulation found in this project, each with the shortest schedule of it."""

import pytest

from simulation.seeds import play_choices
from tests.simulation.regressions import (
    a_refused_repeat_is_a_refusal,
    a_stop_that_nobody_told_of_is_none,
    an_index_left_open_is_taken,
    an_owed_start_that_lapses_is_given_up,
    late_copies_look_for_no_other_attach,
    one_start_for_every_stop,
    stops_count_as_attaches,
    what_was_taken_stays_taken,
    who_has_asked_may_claim,
)

FOUND = [
    (
        one_start_for_every_stop,
        "power_is_given_back",
        {
            "scene:stop#0": 1,
            "scene:final#0": 2,
            "scene:index#0": 3,
            "read:Get#2": 1,
            "read:Get#6": 1,
            "again:copy#3": 1,
        },
    ),
    (
        stops_count_as_attaches,
        "attaches_once",
        {
            "scene:batch#0": 3,
            "scene:requests#0": 3,
            "scene:stop#0": 1,
            "scene:final#0": 2,
            "scene:index#0": 3,
            "scene:stop#1": 1,
            "scene:index#1": 3,
            "scene:copies#1": 3,
            "crash:around#9": 1,
            "fate:stop#0": 6,
        },
    ),
    (
        an_owed_start_that_lapses_is_given_up,
        "power_is_given_back",
        {
            "scene:running#0": 1,
            "scene:stop#0": 1,
            "fate:start#0": 6,
            "read:Get#11": 1,
            "read:Get#14": 1,
            "pause:before#27": 1,
            "operator:deploy#14": 2,
        },
    ),
    (
        late_copies_look_for_no_other_attach,
        "first_is_true",
        {
            "scene:running#0": 1,
            "scene:stop#0": 1,
            "scene:final#0": 3,
            "scene:timeout#0": 3,
            "scene:copies#0": 3,
            "again:copy#3": 1,
            "read:Get#8": 1,
        },
    ),
    (
        an_index_left_open_is_taken,
        "first_is_true",
        {
            "scene:index#0": 3,
            "write:AttachNetworkInterface#1": 1,
            "others:act#4": 5,
            "order:wait#0": 2,
            "others:act#5": 9,
        },
    ),
    (
        who_has_asked_may_claim,
        "first_is_true",
        {
            "scene:index#0": 3,
            "others:act#1": 6,
            "again:copy#2": 1,
            "write:AttachNetworkInterface#1": 1,
            "again:copy#5": 1,
            "write:AttachNetworkInterface#2": 10,
        },
    ),
    (
        what_was_taken_stays_taken,
        "first_is_true",
        {
            "scene:running#0": 1,
            "scene:stop#0": 1,
            "pause:before#1": 1,
            "pause:before#3": 1,
            "pause:before#5": 1,
            "pause:before#8": 1,
            "pause:before#10": 1,
            "pause:before#13": 1,
            "pause:before#15": 1,
            "pause:before#17": 1,
            "pause:before#19": 1,
            "others:act#12": 5,
            "pause:before#21": 1,
            "pause:before#24": 1,
            "others:act#16": 4,
        },
    ),
    (
        a_stop_that_nobody_told_of_is_none,
        "power_is_given_back",
        {
            "scene:running#0": 1,
            "scene:stop#0": 1,
            "pause:before#3": 1,
            "pause:before#6": 1,
            "others:act#3": 1,
            "pause:before#8": 1,
            "pause:before#13": 1,
            "pause:before#15": 1,
            "crash:ack#2": 1,
            "pause:before#18": 1,
            "pause:before#20": 1,
            "others:act#12": 8,
            "crash:around#25": 1,
        },
    ),
    (
        a_refused_repeat_is_a_refusal,
        "power_is_given_back",
        {
            "scene:running#0": 1,
            "scene:stop#0": 1,
            "write:Stop#0": 7,
            "write:Stop#1": 4,
        },
    ),
]


@pytest.mark.parametrize(
    ("bug", "promise", "choices"), FOUND, ids=[one[0].__name__ for one in FOUND]
)
def test_what_was_found_is_repaired(bug, promise, choices, monkeypatch):
    """The schedule keeps all promises; with the bug back in its place it does not."""
    assert play_choices(choices, telling=False).broken == []
    bug(monkeypatch)
    broken = play_choices(choices, telling=False).broken
    assert promise in {one.promise for one in broken}
