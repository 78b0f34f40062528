"""What a timer calls for: a sweep, as its payload says."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from events.envelope import Delivery
from events.policy import MOST_POLICIES, Policies
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.rejected import Rejected
from events.sweep import MOST_FOLDERS, Sweep


def begin(
    delivery: Delivery, policies: Policies, home: str, now: datetime
) -> Sweep | Rejected:
    """Return the sweep that a timer's *delivery* calls for, or what is wrong with it.

    Its payload may be empty, or JSON: `policies`, a list of names, and
    `dryRun`.

    Args:
        delivery: The timer's.
        policies: All policies.
        home: The folder to sweep for policies that name none; '' for none.
        now: The time.
    """
    violations: list[Violation] = []
    document = _payload(delivery.body, violations)
    names = document.texts(
        "policies",
        lambda name: None if policies.named(name) else "is no policy's name",
        most=MOST_POLICIES,
    )
    dry_run = document.flag("dryRun")
    document.close()
    sweep = Sweep(
        id=delivery.event_id,
        created=now,
        folder_ids=(),
        room=policies.limits.per_sweep,
        policies=names,
        dry_run=dry_run,
    )
    folders = folders_of(policies.among(names), home)
    if policies.policies and not folders:
        document.wrong("", "calls for a folder: none is named by policies or limits")
    if len(folders) > MOST_FOLDERS:
        document.wrong("", f"calls for more than {MOST_FOLDERS} folders")
    if violations:
        return Rejected(
            id=delivery.event_id,
            event_id=delivery.event_id,
            created=now,
            violations=tuple(violations),
        )
    return replace(sweep, folder_ids=folders)


def _payload(body: Any, violations: list[Violation]) -> Document:
    text = body.strip() if isinstance(body, str) else body
    try:
        value = read_json(text) if isinstance(text, str) and text else text or {}
    except InvalidDocumentError as error:
        violations += error.violations
        value = {}
    return Document.of(value, "$", violations)


def folders_of(policies: Policies, home: str) -> tuple[str, ...]:
    """Return the folders where the policies' instances can be, each once."""
    limits = policies.limits
    usual = limits.folder_ids or ((home,) if home else ())
    found = [
        folder
        for policy in policies.policies
        for folder in policy.match.folder_ids or usual
        if limits.allow_folder(folder)
    ]
    return tuple(dict.fromkeys(found))
