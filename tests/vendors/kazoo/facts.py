"""The facts as data: what is known of the API, and the whole body that each endpoint answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.conftest import read_yaml


@cache
def read(name: str) -> Any:
    """Give what a file of fixtures/kazoo holds."""
    return read_yaml(f"kazoo/{name}.yaml")


def facts() -> Any:
    return read("facts")


def rows(table: str) -> list[Any]:
    return list(facts()[table])


def ids_of(table: str) -> list[str]:
    return [str(row["id"]) for row in rows(table)]


def endpoint(name: str) -> Any:
    """Give an endpoint's row."""
    return next(row for row in rows("endpoints") if row["id"] == name)


@cache
def bodies(*, modern: bool = False) -> dict[str, Any]:
    """Give the whole body that each endpoint answers, on a 4.3 server with what it has more or other."""
    usual = {name: body for name, body in read("bodies").items() if name != "shared"}
    if not modern:
        return usual
    more = read("bodies-4.3")
    return {name: _with(body, {**more["every"], **more.get(name, {})}) for name, body in usual.items()}


def _with(body: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    adds = more.pop("adds", {})
    data = body["data"]
    if isinstance(data, dict):
        data = {**data, **adds}
    elif adds:
        each = adds if isinstance(adds, list) else [adds] * len(data)
        data = [{**row, **own} for row, own in zip(data, each, strict=True)]
    return {**body, "data": data, **more}
