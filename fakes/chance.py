"""The one source of randomness: give it a seed and the world repeats itself."""

import random
import uuid
from datetime import timedelta

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_ID_LENGTH = 20


class Chance:
    """Names things and throws dice, repeatably under a seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names, not secrets

    def resource_id(self, prefix: str) -> str:
        """Return an id as the cloud makes them: *prefix*, 20 characters in all."""
        rest = self._random.choices(_ALPHABET, k=_ID_LENGTH - len(prefix))
        return prefix + "".join(rest)

    def uuid(self) -> str:
        """Return a UUID of version 4."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def happens(self, probability: float) -> bool:
        """Tell whether something does that has this *probability*, 0 to 1.

        What never happens throws no dice, so the names that follow stay the same.
        """
        return probability > 0 and self._random.random() < probability

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to below *bound*, each as likely."""
        return self._random.randrange(bound)

    def part_of(self, span: timedelta) -> timedelta:
        """Return something from nothing to all of *span*."""
        return span * self._random.random()
