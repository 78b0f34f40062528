"""What a story comes to, in one sentence."""

from cli.printing import show_time
from cli.story import Standing, Story

_CLAUSES = {
    "attach": "nothing stands in the way of {what}: it would be attached {when}",
    "stop": (
        "{what} is missing while the instance is {status}: it would be stopped, given"
        " the interface and started again {when}, as the policy permits"
    ),
    "wait": "{what} is missing, and the instance is {status}: that is waited for",
    "not-stopped": (
        "{what} is missing because the instance is {status}, and the policy does not"
        " permit to stop it: it would be attached once the instance is stopped{how}"
    ),
    "index-taken": (
        "another interface is where {what} should be: it is left alone, and nothing"
        " is attached until one of the two makes room"
    ),
    "instance-broken": (
        "{what} is missing, and the instance is {status}: nothing is attached until"
        " that is repaired"
    ),
    "dry run": "{what} is missing because the policy is only a dry run: {why}",
    "look again": "{what} is missing, and could not be judged now: {why}",
}
_OTHERWISE = "{what} is missing and would not be attached: {why}"


def conclude(story: Story) -> str:
    """Say what stands between an instance and its interfaces, and what comes next."""
    if story.problem:
        return f"The instance cannot be looked at: {story.problem}."
    if story.instance is None:
        return f"There is no instance {story.instance_id}: {_last(story)}."
    text = _judge(story)
    waiting = any(one.name == "tasks" and one.messages for one in story.queues)
    on_the_way = "; a request about it is on the tasks queue already" if waiting else ""
    return f"{text[0].upper()}{text[1:]}{on_the_way}."


def _last(story: Story) -> str:
    if not story.operations:
        return "nothing can be attached to it"
    last = story.operations[-1]
    what = str(last.json.get("description", "")) or last.id
    return f"the last that is known of it is {what!r}, begun {show_time(last.created)}"


def _judge(story: Story) -> str:
    meant = [one for one in story.standings if not one.unlike]
    missing = [one for one in meant if not one.has]
    if not meant:
        return "no policy means this instance: nothing is attached unless somebody asks"
    if story.opted_out:
        return f"policies leave the instance alone, for it has label {story.opted_out}"
    if not missing:
        return "nothing is missing: the instance has all that policies want"
    return "; ".join(_clause(one, story) for one in missing)


def _clause(standing: Standing, story: Story) -> str:
    status = story.instance.status if story.instance else ""
    text = _CLAUSES.get(standing.would, _OTHERWISE)
    return text.format(
        what=f"{interface(standing.index)} of policy {standing.policy}",
        when=_when(standing),
        how=f" ({' or '.join(standing.causes)})" if standing.causes else "",
        status=status,
        why=standing.why or standing.would,
    )


def _when(standing: Standing) -> str:
    if standing.causes:
        return f"when the next event comes ({' or '.join(standing.causes)})"
    return "at the next event or sweep"


def interface(index: str) -> str:
    """Return what to call the interface at *index*."""
    return "an interface" if index == "auto" else f"interface {index}"
