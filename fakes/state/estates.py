"""Estates that are kept in a file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from fakes.chance import Chance
from fakes.compute.world import World
from fakes.estate import BUILT_IN, Estate, Found
from fakes.state.file import StateError, StateFile

Begin: TypeAlias = Callable[[int | None], Estate]
Resume: TypeAlias = Callable[[int | None, Found], Estate]

_SEED_BITS: Final = 64  # more than a person gives


class KeptEstates:
    """Makes estates whose models are kept in a file.

    The first is the one in the file, if there is one.  Every other begins, and what
    was in the file is gone.

    Args:
        file: The file.
        begin: Makes an estate that begins, from a seed.
        resume: Makes one from a seed and a world, for what is in the file.
    """

    def __init__(self, file: StateFile, begin: Begin, resume: Resume) -> None:
        self._file = file
        self._begin = begin
        self._resume = resume
        self._made = False

    def __call__(self, seed: int | None) -> Estate:
        """Return an estate that is kept, and written down as it is.

        Raises:
            StateError: If what is in the file cannot be understood, or is not whole.
        """
        if self._made:
            self._file.begin_anew()
        self._made = True
        try:
            estate = self._kept(seed)
        except (LookupError, ValueError) as error:
            if self._file.is_new:
                raise  # nothing was read
            msg = f"{self._file.path} is not whole: {error!r}"
            raise StateError(msg) from error
        self._file.commit()
        return estate

    def _kept(self, seed: int | None) -> Estate:
        """Return what is in the file, or what begins and will be in it."""
        if self._file.is_new:
            estate = self._begin(seed)
            facts = self._file.table("estate", _facts(estate))
        else:
            facts = self._file.table("estate", {})
            estate = self._resumed(seed, facts)
        for model in (estate.compute, estate.queues, estate.iam):
            model.keep_in(self._file)
        [key] = [one for one in estate.iam.access_keys if one.id == facts["key"]]
        account = estate.iam.find_service_account(BUILT_IN) or estate.account
        return replace(estate, account=account, key=key, kept=self._file)

    def _resumed(self, seed: int | None, facts: Mapping[str, str]) -> Estate:
        """Return an estate in the folder of the file, with nothing in it yet.

        Its seed is another at every start: an id that was given is not given again.
        """

        def found(_chance: Chance) -> World:
            return World(
                organization_id=facts["organization"],
                cloud_id=facts["cloud"],
                folder_id=facts["folder"],
            )

        more = self._file.starts << _SEED_BITS
        return self._resume(None if seed is None else seed + more, found)


def _facts(estate: Estate) -> dict[str, str]:
    """Return whose estate it is."""
    return {
        "organization": estate.world.organization_id,
        "cloud": estate.world.cloud_id,
        "folder": estate.world.folder_id,
        "key": estate.key.id,
    }
