"""The facts as data: what is known of the API, and the whole body that each endpoint answers."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from tests.conftest import FIXTURES


@cache
def read(name: str) -> Any:
    """Give what a file of fixtures/kazoo holds."""
    return yaml.safe_load((FIXTURES / "kazoo" / f"{name}.yaml").read_text(encoding="utf-8"))


def facts() -> Any:
    return read("facts")


def rows(table: str) -> list[Any]:
    return list(facts()[table])


def ids_of(table: str) -> list[str]:
    return [str(row["id"]) for row in rows(table)]


def endpoint(name: str) -> Any:
    """Give an endpoint's row."""
    return next(row for row in rows("endpoints") if row["id"] == name)
