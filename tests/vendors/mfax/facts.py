"""What fixtures/mfax/facts.yaml says of the vendor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conftest import read_yaml

FACTS: dict[str, Any] = read_yaml("mfax/facts.yaml")
ENDPOINTS = {each["id"]: each for each in FACTS["endpoints"]}
WEBHOOKS = {each["id"]: each for each in FACTS["webhooks"]}


def parts_at(body: Any, path: str) -> Iterator[Any]:
    """Give the objects at a path like $.rows[].users[]."""
    found = [body]
    for step in path.replace("[]", ".[]").split(".")[1:]:
        found = [inner for each in found for inner in (each if step == "[]" else [each[step]])]
    yield from found
