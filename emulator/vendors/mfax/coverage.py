"""What the coverage page says of mFax, beside its operations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import fields, validate

from emulator.vendors.dialect import Endpoint
from emulator.vendors.mfax.routes import ENDPOINTS
from emulator.vendors.mfax.tables import (
    ASSUMED,
    BEYOND,
    CODES,
    ERROR_ROWS,
    LEGACY_EVENTS,
    LIMITS,
    NEW_EVENTS,
    NOT_EMULATED,
    OBSERVED,
    OF_BLAST,
    STATUSES,
    SWITCHES,
    Row,
)

_VARIABLE = re.compile(r"<(\w+)>")


def coverage() -> Mapping[str, list[Mapping[str, Any]]]:
    """Give parameters, states, codes, errors, webhooks, limits and switches with their evidence."""
    return {
        "parameters": _rows(_parameters()),
        "states": _rows(STATUSES),
        "codes": _rows(CODES),
        "errors": _rows(ERROR_ROWS),
        "webhooks": _rows(_events()),
        "limits": _rows(LIMITS),
        "switches": _rows(
            Row(name, text, ASSUMED, "the emulator's own") for name, (_, text) in SWITCHES.items()
        ),
        "not_emulated": _rows(NOT_EMULATED),
    }


def _rows(rows: Iterable[Row]) -> list[Mapping[str, Any]]:
    return [
        {"name": row.name, "text": row.text, "evidence": row.evidence, "source": row.source} for row in rows
    ]


def _events() -> Iterator[Row]:
    for name, text in LEGACY_EVENTS.items():
        yield Row(name, text, OBSERVED, "help pages, legacy webhooks (multipart)")
    for name, text in NEW_EVENTS.items():
        yield Row(name, text, OBSERVED, "help pages, new webhooks (JSON)")


def _parameters() -> Iterator[Row]:
    for operation in ENDPOINTS:
        for name in _VARIABLE.findall(operation.path):
            yield Row(f"{operation.name}: {name}", "in the path", operation.evidence, operation.source)
        for name, field in (operation.schema().fields if operation.schema else {}).items():
            text = ", ".join(_rules(field, operation.methods == ("PATCH",)))
            yield Row(f"{operation.name}: {name}", text, *_evidence(operation, name))


def _evidence(operation: Endpoint, name: str) -> tuple[str, str]:
    if operation.name == "blast" and name not in OF_BLAST:
        return ASSUMED, "taken as a send takes it"
    return BEYOND.get(name, (operation.evidence, operation.source))


def _rules(field: fields.Field[Any], partial: bool) -> Iterator[str]:
    """Say what a value must be, and what holds without one."""
    if field.required and not partial:
        yield "required"
    for rule in field.validators:
        if isinstance(rule, validate.Length) and rule.max is not None:
            yield f"at most {rule.max} characters"
        if isinstance(rule, (validate.OneOf, validate.ContainsOnly)):
            yield "of " + ", ".join(map(str, rule.choices))
    if "maximum" in field.metadata:
        yield f"{field.metadata['minimum']} to {field.metadata['maximum']}"
    if isinstance(field.load_default, (str, int)) and field.load_default != "" and not partial:
        yield f"default {json.dumps(field.load_default)}"
