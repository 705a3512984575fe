"""One server for the comparisons of a run, and the recording with planted differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localfax import Localfax
from localfax.local_server import run_server
from tests.comparison.planted import record


@pytest.fixture(scope="module")
def fresh() -> Iterator[Localfax]:
    """A server that compares."""
    with run_server(repeatable=True) as server:
        yield server


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A recording made through the proxy of an iFax that differs in twelve ways, and what is secret of it."""
    path = tmp_path_factory.mktemp("recording") / "planted.har"
    return path, record(path)
