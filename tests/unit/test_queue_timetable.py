"""The timetable, against the simplest model of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fakes.queue.timetable import Timetable

T0 = datetime(2026, 1, 31, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "drop", "pop"]), st.integers(0, 5), st.integers(0, 9)
    ),
    max_size=300,
)


@given(STEPS)
def test_behaves_as_a_dictionary_searched_for_its_least(steps):
    """Whatever is put, moved and dropped, what comes out is the earliest due."""
    timetable, model = Timetable(), {}
    for step, number, second in steps:
        moment = T0 + timedelta(seconds=second)
        if step == "put":
            timetable.put(number, moment)
            model[number] = moment
        elif step == "drop":
            timetable.drop(number)
            model.pop(number, None)
        else:
            due = [(at, it) for it, at in model.items() if at <= moment]
            expected = min(due)[1] if due else None
            assert timetable.pop_due(moment) == expected
            model.pop(expected, None)
        assert timetable.next() == min(model.values(), default=None)
        assert len(timetable) == len(model)
        assert all(it in timetable for it in model)


def test_keeps_no_rubbish():
    """Moving one number ever again does not let the heap grow."""
    timetable = Timetable()
    for second in range(10_000):
        timetable.put(1, T0 + timedelta(seconds=second))
    assert len(timetable._heap) < 100
