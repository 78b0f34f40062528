"""A state: all that the local cloud must not forget, in one SQLite file.

Every change that a call makes is written before the call is answered, in one
transaction, so that the process may be killed at any moment.  `StateFile` is the
file; the models hold what they must not lose in its tables, and do not know.
"""

from fakes.state.estates import KeptEstates
from fakes.state.file import StateError, StateFile

__all__ = ["KeptEstates", "StateError", "StateFile"]
