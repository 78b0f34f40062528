"""Who may do what, and who did: role bindings, checks, and what was used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fakes.caller import Subject
from fakes.errors import ApiError, Code
from fakes.iam.least import least_roles
from fakes.iam.needs import Need
from fakes.iam.roles import ROLES
from fakes.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One role of one account on one resource.

    Attributes:
        subject: The account.
        role: The name of the role.
        resource_id: The folder, or something in it.
    """

    subject: Subject
    role: str
    resource_id: str

    @property
    def key(self) -> str:
        """What tells it from any other."""
        return f"{self.subject.id} {self.role} {self.resource_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one account did with its rights.

    Attributes:
        subject: The account.
        bindings: Its roles.
        used: How many calls each permission let through.
        refused: How many calls failed for want of each permission.
        enough: The least roles that would have let the same calls through.
    """

    subject: Subject
    bindings: tuple[Binding, ...]
    used: Mapping[str, int]
    refused: Mapping[str, int]
    enough: tuple[str, ...]


@dataclass(slots=True)
class _Record:
    """The same, as it grows."""

    subject: Subject
    bindings: dict[Binding, None] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class Access:
    """The access bindings of a folder and of what is in it.

    Args:
        folder_id: The folder; None to let everybody do everything.
    """

    def __init__(self, folder_id: str | None) -> None:
        self._folder_id = folder_id
        self._records: dict[str, _Record] = {}
        self._bound: dict[str, Binding] = {}

    def keep_in(self, tables: Tables) -> None:
        """Keep the bindings; those that were kept are here again.

        What was used is not kept: a report tells of this run.
        """
        self._bound = tables.table("bindings", self._bound)
        self._records.clear()
        for one in self._bound.values():
            self._record(one.subject).bindings[one] = None

    def grant(self, subject: Subject, role: str, resource_id: str | None) -> None:
        """Bind *role*, in force at once; idempotent.

        That the cloud takes no while either is an assumption.

        Raises:
            ValueError: If there is no such role.
        """
        binding = self._binding(subject, role, resource_id)
        self._record(subject).bindings[binding] = None
        self._bound[binding.key] = binding

    def has(self, subject: Subject, role: str, resource_id: str | None) -> bool:
        """Tell whether *role* is bound.

        Raises:
            ValueError: If there is no such role.
        """
        return self._binding(subject, role, resource_id).key in self._bound

    def revoke(self, subject: Subject, role: str, resource_id: str | None) -> None:
        """Unbind *role*, in force at once; idempotent.

        Raises:
            ValueError: If there is no such role.
        """
        binding = self._binding(subject, role, resource_id)
        self._record(subject).bindings.pop(binding, None)
        self._bound.pop(binding.key, None)

    def forget(self, subject: Subject) -> None:
        """Unbind all roles of *subject*; idempotent."""
        record = self._records.pop(subject.id, None)
        for binding in record.bindings if record else ():
            self._bound.pop(binding.key, None)

    def authorize(self, subject: Subject, needs: Sequence[Need]) -> None:
        """Let a call pass, and remember what it used.

        Raises:
            ApiError: PERMISSION_DENIED for the first need that is not met.  The
                text was seen in the wild, where Terraform was to create an
                instance; that it is the same for other calls is an assumption.
        """
        record = self._record(subject)
        for need in needs:
            if not self._meets(record, need):
                record.refused[need.permission] += 1
                msg = f"Permission denied to resource-manager.folder {self._folder_id}"
                raise ApiError(Code.PERMISSION_DENIED, msg)
        for need in needs:
            record.used[need.permission] += 1

    def report(self) -> list[Usage]:
        """Return what every account that had a role or made a call used, by name."""
        return [
            Usage(
                subject=one.subject,
                bindings=tuple(one.bindings),
                used=dict(sorted(one.used.items())),
                refused=dict(sorted(one.refused.items())),
                enough=least_roles(one.used),
            )
            for one in sorted(self._records.values(), key=lambda it: it.subject.name)
        ]

    def _binding(self, subject: Subject, role: str, resource_id: str | None) -> Binding:
        if role not in ROLES:
            msg = f"there is no role {role!r} in the local cloud"
            raise ValueError(msg)
        resource_id = resource_id or self._folder_id or ""
        return Binding(subject=subject, role=role, resource_id=resource_id)

    def _record(self, subject: Subject) -> _Record:
        record = self._records.get(subject.id)
        if record is None:
            record = self._records[subject.id] = _Record(subject)
        return record

    def _meets(self, record: _Record, need: Need) -> bool:
        if self._folder_id is None:
            return True
        places = (self._folder_id, need.on)
        return any(
            one.resource_id in places and ROLES[one.role].allows(need.permission)
            for one in record.bindings
        )
