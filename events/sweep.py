"""A sweep: what policies want is compared with what is there.

It heals what events missed.  A folder may hold more instances than one call
has time for, so a sweep goes page by page: each page is one message on the
tasks queue, and what it carries on is where to go on from.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from events import syntax
from events.cause import Cause
from events.decision import Verdict
from events.identity import derived_id
from events.moments import read_moment, render_moment
from events.outcome import Outcome
from events.policy import MOST_POLICIES
from events.reading import Document
from events.task import VERSION

# A sweep that has not come to its end by then leaves the rest to the next.
PATIENCE = timedelta(hours=1)
MOST_FOLDERS = 200
_MOST_ROOM = 1000
_MOST_HURDLES = 1_000_000
_LONGEST_TOKEN = 4096
_LARGEST_PAGE = 1000
_SMALLEST_PAGE = 50
_MOST_HALVINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How far a sweep has come.

    Attributes:
        id: The timer's event: the same however often that is delivered.
        created: When it began.
        folder_ids: The folders left; the first one is being swept.
        page_token: Where to go on in it; '' at its beginning.
        room: For how many more instances it may ask.
        policies: The names of the policies that count; () for all.
        dry_run: Whether to ask without effect.
        hurdles: How often in a row the page could not be had.
        failures: How often a function failed over it, for no known reason.
        reason: What stood in the way last; for people.
    """

    id: str
    created: datetime
    folder_ids: tuple[str, ...]
    page_token: str = ""
    room: int
    policies: tuple[str, ...] = ()
    dry_run: bool = False
    hurdles: int = 0
    failures: int = 0
    reason: str = ""

    @property
    def due(self) -> datetime:
        """When it is given up."""
        return self.created + PATIENCE

    @property
    def page_size(self) -> int:
        """How many instances to ask for: fewer after each hurdle, 1000 at first.

        The page may be too large, or take too long, for this folder.
        """
        return max(_SMALLEST_PAGE, _LARGEST_PAGE >> min(self.hurdles, _MOST_HALVINGS))

    def within(self, folder_ids: Collection[str], room: int) -> "Sweep | None":
        """Return the sweep, of no other folders and with no more room; None if empty.

        It comes from a queue that others can write to.
        """
        allowed = tuple(one for one in self.folder_ids if one in folder_ids)
        if not allowed:
            return None
        # A page is the first folder's.
        moved = allowed[0] != self.folder_ids[0]
        token = "" if moved else self.page_token
        return replace(
            self, folder_ids=allowed, page_token=token, room=min(self.room, room)
        )

    def hindered(self, reason: str) -> "Sweep":
        """Return the sweep with one more hurdle met, and *reason* for it."""
        return replace(
            self, hurdles=self.hurdles + 1, reason=reason[: syntax.LONGEST_REASON]
        )

    def share(self, page_token: str) -> int:
        """Return for how many instances a page may ask.

        While pages follow it is half of the room: instances whose attach is
        refused time and again must not keep all others from being asked for.

        Args:
            page_token: The next page of the folder, '' if it is the last.
        """
        is_last = not page_token and len(self.folder_ids) == 1
        return self.room if is_last else (self.room + 1) // 2

    def onward(self, page_token: str, asked: int) -> "Sweep | None":
        """Return what is left after a page, None if nothing is.

        Args:
            page_token: The next page of the folder, '' if it was the last.
            asked: For how many instances the page led to a request.
        """
        folders = self.folder_ids if page_token else self.folder_ids[1:]
        room = self.room - asked
        if not folders or room <= 0:
            return None
        return replace(
            self,
            folder_ids=folders,
            page_token=page_token,
            room=room,
            hurdles=0,
            failures=0,
            reason="",
        )


def outcome_of(
    sweep: Sweep, verdict: Verdict, now: datetime, reason: str = ""
) -> Outcome:
    """Return the outcome of a folder that could not be swept to its end."""
    folder = sweep.folder_ids[0]
    return Outcome(
        id=derived_id("sweep", sweep.id, folder),
        verdict=verdict,
        reason=f"sweep of folder {folder}: {reason or sweep.reason}",
        time=now,
        created=sweep.created,
        subject="",
        request=None,
        origin={"cause": Cause.SCHEDULED.value, "eventId": sweep.id},
    )


def render_sweep(sweep: Sweep) -> str:
    """Return the message body that `inbox` reads."""
    state = {
        "v": VERSION,
        "id": sweep.id,
        "created": render_moment(sweep.created),
        "folderIds": sweep.folder_ids,
        "pageToken": sweep.page_token,
        "room": sweep.room,
        "policies": sweep.policies,
        "dryRun": sweep.dry_run,
        "hurdles": sweep.hurdles,
        "failures": sweep.failures,
        "reason": sweep.reason,
    }
    present = {name: value for name, value in state.items() if value}
    return json.dumps({"sweep": present})


def read_sweep(document: Document, sent: datetime) -> Sweep:
    """Take a sweep's fields from *document*, noting violations there."""
    document.integer("v", 1, VERSION)
    sweep = Sweep(
        id=document.text("id", syntax.request_id, required=True),
        # Never later than the message: it would never be given up.
        created=min(read_moment(document.take("created")) or sent, sent),
        folder_ids=document.texts("folderIds", syntax.resource_id, most=MOST_FOLDERS),
        page_token=document.text("pageToken", _token),
        room=document.integer("room", 1, _MOST_ROOM),
        policies=document.texts("policies", syntax.resource_id, most=MOST_POLICIES),
        dry_run=document.flag("dryRun"),
        hurdles=document.integer("hurdles", 0, _MOST_HURDLES),
        failures=document.integer("failures", 0, _MOST_HURDLES),
        reason=document.text("reason", syntax.brief),
    )
    document.close()
    if not sweep.folder_ids:
        document.wrong("folderIds", "is required")
    return sweep


def _token(value: str) -> str | None:
    return None if len(value) <= _LONGEST_TOKEN else "is too long for a page's token"
