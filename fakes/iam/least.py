"""Which roles would have been enough."""

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Final

from fakes.iam.roles import ROLES, Role

_MOST: Final = 4  # roles; one for each service


def least_roles(used: Collection[str]) -> tuple[str, ...]:
    """Return the roles that allow all of *used*, and as little else as can be.

    Of those that allow equally much, the fewest.  Roles that allow everything
    come in only where nothing else does, for how much that is cannot be told.
    """
    wanted = frozenset(used)
    narrow = [
        role
        for role in ROLES.values()
        if not role.everything and role.permissions & wanted
    ]
    enough = [
        roles
        for size in range(_MOST + 1)
        for roles in combinations(narrow, size)
        if wanted <= _together(roles)
    ]
    if not enough:
        return next(
            (one.name,) for one in ROLES.values() if all(map(one.allows, wanted))
        )
    found = min(enough, key=lambda roles: (len(_together(roles)), len(roles)))
    return tuple(role.name for role in found)


def _together(roles: Iterable[Role]) -> frozenset[str]:
    return frozenset().union(*(role.permissions for role in roles))
