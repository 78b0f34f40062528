"""Faults as values, and a record of the calls that were made.

Somebody says beforehand what goes wrong: a test with `Faults.add`, a file or a
client of the admin port with a `Plan` in JSON.
"""

from fakes.faults.fault import Fault, When
from fakes.faults.faults import Faults
from fakes.faults.plan import Plan, read_plan, render_fault, render_plan
from fakes.faults.record import SeenCall, Strike

__all__ = [
    "Fault",
    "Faults",
    "Plan",
    "SeenCall",
    "Strike",
    "When",
    "read_plan",
    "render_fault",
    "render_plan",
]
