"""What the coverage page says of mFax, beside its operations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import fields, validate

from emulator.core.dialect.endpoint import Endpoint
from emulator.core.dialect.words import ASSUMED, OBSERVED, Evidence, Word, words
from emulator.vendors.mfax.routes import ENDPOINTS
from emulator.vendors.mfax.tables import (
    BEYOND,
    CODES,
    ERROR_ROWS,
    LEGACY_EVENTS,
    LIMITS,
    NEW_EVENTS,
    NOT_EMULATED,
    OF_BLAST,
    STATUSES,
    SWITCHES,
)

_VARIABLE = re.compile(r"<(\w+)>")


def _parameters() -> Iterator[Word]:
    for operation in ENDPOINTS:
        for name in _VARIABLE.findall(operation.path):
            yield Word(f"{operation.name}: {name}", "in the path", operation.evidence, operation.source)
        for name, field in (operation.schema().fields if operation.schema else {}).items():
            text = ", ".join(_rules(field, operation.methods == ("PATCH",)))
            yield Word(f"{operation.name}: {name}", text, *_evidence(operation, name))


def _evidence(operation: Endpoint, name: str) -> tuple[Evidence, str]:
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


TABLES: Mapping[str, Sequence[Word]] = {
    "parameters": tuple(_parameters()),
    "states": STATUSES,
    "codes": CODES,
    "errors": ERROR_ROWS,
    "webhooks": words(LEGACY_EVENTS, OBSERVED, "help pages, legacy webhooks (multipart)")
    + words(NEW_EVENTS, OBSERVED, "help pages, new webhooks (JSON)"),
    "limits": LIMITS,
    "switches": words({name: text for name, (_, text) in SWITCHES.items()}, ASSUMED, "the emulator's own"),
    "not_emulated": NOT_EMULATED,
}
