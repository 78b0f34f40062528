"""Generators of what travels on the tasks queue, in the range of what is read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from events.cause import Cause, Occasion, Origin
from events.decision import Verdict
from events.sweep import Sweep
from events.task import Step, Task
from events.wish import ANY, Wish
from tests.unit.build import ids, names, options, requests

# As they travel: a moment has milliseconds, and what is for people is brief.
moments = st.integers(0, 1_767_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
briefs = st.text(st.characters(codec=None, categories=None), max_size=300)
counts = st.integers(0, 1_000_000)
indexes = st.integers(0, 99).map(str) | st.just("auto")
everything = st.builds(
    Task,
    request=requests,
    origin=st.builds(
        Origin, cause=st.sampled_from(Cause), event_id=briefs, policy=briefs
    ),
    created=moments,
    looks=counts,
    hurdles=counts,
    failures=counts,
    step=st.none() | st.sampled_from(Step),
    operation_id=st.just("") | ids,
    attach_id=st.just("") | ids,
    stop_id=st.just("") | ids,
    generation=st.integers(0, 5),
    stops=st.integers(0, 5),
    restarts=counts,
    index=st.just("") | indexes,
    foreign=st.lists(indexes, max_size=8, unique=True).map(tuple),
    noted=st.booleans(),
    ending=st.none() | st.sampled_from(Verdict),
    reason=briefs,
)
# Nothing is noted without a permission.
tasks = everything.map(
    lambda task: replace(
        task, noted=task.noted and task.request.options.stop_if_running
    )
)


def _wishes(policies, causes):
    return st.builds(
        Wish,
        id=names,
        policy=policies,
        occasion=st.builds(
            Occasion,
            event_id=briefs.filter(bool),
            cause=causes,
            instance_id=ids,
            index=st.just("") | indexes,
        ),
        created=moments,
        options=st.none() | options,
        hurdles=counts,
        failures=counts,
        reason=briefs,
    )


wishes = _wishes(ids, st.just(Cause.REQUESTED)) | _wishes(
    st.just(ANY), st.sampled_from([one for one in Cause if one is not Cause.REQUESTED])
)
sweeps = st.builds(
    Sweep,
    id=names,
    created=moments,
    folder_ids=st.lists(ids, min_size=1, max_size=9, unique=True).map(tuple),
    page_token=briefs,
    room=st.integers(1, 1000),
    policies=st.lists(ids, max_size=9, unique=True).map(tuple),
    dry_run=st.booleans(),
    hurdles=counts,
    reason=briefs,
)
