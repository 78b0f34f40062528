"""How much is tried of what is claimed for all values."""

from hypothesis import settings

# Every run repeats the last, so that what fails is the change.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, max_examples=150
)
# `make fuzz`: other values at each run; what fails is printed as a line to try again.
settings.register_profile(
    "deep", deadline=None, database=None, max_examples=5000, print_blob=True
)
settings.load_profile("repeatable")
