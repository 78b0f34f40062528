"""Which instances a policy means, and on which occasion."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from events import syntax
from events.cause import Cause
from events.instance import Instance
from events.reading import Document, Violation

MOST_IDS = 200
MOST_LABELS = 64  # yandex.cloud.compute.v1.Instance.labels: no more per resource
MOST_VALUES = 50
_CAUSES = {cause.value: cause for cause in Cause}
_PATTERN = re.compile(r"[a-z0-9_*?-]{1,63}", re.ASCII)
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRule:
    """What one label must be like.

    Attributes:
        values: The values allowed; None for any.
        present: Whether it must be there at all, or must not.
    """

    values: frozenset[str] | None = None
    present: bool = True

    def fits(self, value: str | None) -> bool:
        """Tell whether *value* is allowed, None for a label that is not there."""
        if value is None or not self.present:
            return (value is not None) == self.present
        return self.values is None or value in self.values

    def covers(self, other: "LabelRule") -> bool:
        """Tell whether whatever fits *other* fits this too."""
        if not (self.present and other.present):
            return self.present == other.present
        if self.values is None or other.values is None:
            return self.values is None
        return other.values <= self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which instances, on which occasion; what is empty matches all.

    Attributes:
        folder_ids: Any of these folders.
        zone_ids: Any of these zones.
        name_pattern: The instance's name, with `*` for any text and `?` for
            any character.
        labels: All of these rules, by the label's name.
        causes: Any of these causes.
    """

    folder_ids: tuple[str, ...] = ()
    zone_ids: tuple[str, ...] = ()
    name_pattern: str = ""
    labels: Mapping[str, LabelRule] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()

    def fits(self, instance: Instance, cause: Cause) -> bool:
        """Tell whether *instance* is meant, now that *cause* happened to it."""
        return not self.misfit(instance, cause)

    def misfit(self, instance: Instance, cause: Cause) -> str:
        """Return why *instance* is not meant on this occasion, '' if it is."""
        other = self.causes and cause not in self.causes
        return self.unlike(instance) or (f"the cause is {cause.value}" if other else "")

    def unlike(self, instance: Instance) -> str:
        """Return why *instance* is not meant on any occasion, '' if it is."""
        if self.folder_ids and instance.folder_id not in self.folder_ids:
            return f"its folder is {instance.folder_id}"
        if self.zone_ids and instance.zone_id not in self.zone_ids:
            return f"its zone is {instance.zone_id}"
        if self.name_pattern and not fnmatchcase(instance.name, self.name_pattern):
            return f"its name is {instance.name!r}"
        for name, rule in self.labels.items():
            value = instance.labels.get(name)
            if not rule.fits(value):
                found = "missing" if value is None else repr(value)
                return f"its label {name} is {found}"
        return ""

    def covers(self, other: "Match") -> bool:
        """Tell whether it is certain that whoever *other* means, this means too.

        Zones and causes do not count: they are compared where it matters.
        """
        folders = set(other.folder_ids) or {""}
        return (
            (not self.folder_ids or folders <= set(self.folder_ids))
            and _covers(self.name_pattern, other.name_pattern)
            and all(
                name in other.labels and rule.covers(other.labels[name])
                for name, rule in self.labels.items()
            )
        )

    def may_share_causes(self, other: "Match") -> bool:
        """Tell whether there is a cause for which both are meant."""
        disjoint = set(self.causes).isdisjoint(other.causes)
        return not (self.causes and other.causes and disjoint)


def _covers(pattern: str, other: str) -> bool:
    if pattern in ("", "*", other):
        return True
    return bool(other) and not _WILD.search(other) and fnmatchcase(other, pattern)


def read_match(document: Document) -> Match:
    """Take `match` from *document*; one that fits all if it is absent."""
    spec = document.object("match")
    if spec is None:
        return Match()
    causes = spec.texts("causes", _cause, most=len(_CAUSES))
    match = Match(
        folder_ids=spec.texts("folderIds", syntax.resource_id, most=MOST_IDS),
        zone_ids=spec.texts("zoneIds", syntax.resource_id, most=MOST_IDS),
        name_pattern=spec.text("namePattern", _pattern),
        labels=_read_labels(spec),
        causes=tuple(_CAUSES[cause] for cause in causes),
    )
    spec.close()
    return match


def _cause(value: str) -> str | None:
    return None if value in _CAUSES else "must be one of " + ", ".join(_CAUSES)


def _pattern(value: str) -> str | None:
    if _PATTERN.fullmatch(value):
        return None
    return "must be an instance's name, with * and ? as wildcards"


def _read_labels(document: Document) -> dict[str, LabelRule]:
    return {
        name: _read_rule(value, path, document.violations)
        for name, path, value in document.entries(
            "labels", syntax.label_name, most=MOST_LABELS
        )
    }


def _read_rule(value: Any, path: str, violations: list[Violation]) -> LabelRule:
    """Read `"value"`, `{"in": [...]}` or `{"exists": true}`."""
    if isinstance(value, str):
        problem = syntax.label_value(value)
        if problem:
            violations.append(Violation(path=path, problem=problem))
        return LabelRule(values=frozenset({value}))
    known = len(violations)
    given = value if isinstance(value, Mapping) else {}
    rule = Document.of(given, path, violations)
    exists = rule.take("exists")
    values = rule.texts("in", syntax.label_value, most=MOST_VALUES)
    rule.close()
    if isinstance(exists, bool) and not values:
        return LabelRule(present=exists)
    if len(violations) == known and (exists is not None or not values):
        rule.wrong("", 'must be a text, {"in": [...]} or {"exists": true or false}')
    return LabelRule(values=frozenset(values))
