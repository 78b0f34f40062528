"""Every error of the API calls for one remedy."""

import pytest

from events.codes import CODE_NAMES, Remedy, remedy


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CANCELLED", Remedy.LATER),
        ("UNKNOWN", Remedy.LATER),
        ("DEADLINE_EXCEEDED", Remedy.LATER),
        ("RESOURCE_EXHAUSTED", Remedy.LATER),
        ("ABORTED", Remedy.LATER),
        ("INTERNAL", Remedy.LATER),
        ("UNAVAILABLE", Remedy.LATER),
        ("UNAUTHENTICATED", Remedy.LATER),
        ("ALREADY_EXISTS", Remedy.LOOK_AGAIN),
        ("FAILED_PRECONDITION", Remedy.LOOK_AGAIN),
        ("INVALID_ARGUMENT", Remedy.NONE),
        ("NOT_FOUND", Remedy.NONE),
        ("PERMISSION_DENIED", Remedy.NONE),
        ("OUT_OF_RANGE", Remedy.NONE),
        ("UNIMPLEMENTED", Remedy.NONE),
        ("DATA_LOSS", Remedy.NONE),
        ("A_CODE_OF_TOMORROW", Remedy.LATER),
        ("", Remedy.LATER),
    ],
)
def test_each_code_has_its_remedy(code, expected):
    """A code is worth a retry, another look or nothing; an unknown one, a retry."""
    assert remedy(code) is expected


def test_codes_are_numbered_without_gaps():
    """The names cover 1 to 16, each once."""
    assert (sorted(CODE_NAMES), len(set(CODE_NAMES.values()))) == (
        list(range(1, 17)),
        16,
    )
