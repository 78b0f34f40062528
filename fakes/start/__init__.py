"""World files: what there is when a local cloud begins, as JSON."""

from fakes.start.making import Start
from fakes.start.problems import WrongWorldError
from fakes.start.reading import read_start

__all__ = ["Start", "WrongWorldError", "read_start"]
