"""Whom a call over HTTP may come from; by itself, for every function is told."""

import enum


class Anonymous(enum.Enum):
    """Which calls are taken that do not show who makes them: see `shows_caller`."""

    REFUSED = "no"  # none
    AT_URL = "url"  # those at the function's URL: IAM asks there, unless it is public
    TAKEN = "yes"  # all
