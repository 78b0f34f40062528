"""Fixtures for scenarios."""

import pytest

from tests.scenario.stage import Stage


@pytest.fixture
def stage(tmp_path):
    with Stage(tmp_path) as stage:
        yield stage
