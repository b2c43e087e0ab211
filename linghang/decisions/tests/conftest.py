"""The stage on which topics are played, on 2 November 2026."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from linghang.decisions.tests import staging
from linghang.kernel import clock


@pytest.fixture
def november() -> Iterator[None]:
    with clock.at(staging.DAY):
        yield


@pytest.fixture
def stage(november: None, cast: Any, hospital: Any) -> SimpleNamespace:
    return staging.stage(cast, hospital)
