"""What requests may carry, told from the schemas: the one table of the coverage that stands in no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import fields, validate

from emulator.core.dialect.vendor import Endpoint
from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence, Word

_VARIABLE = re.compile(r"<(\w+)>")

BEYOND: Mapping[str, tuple[Evidence, str]] = {
    **dict.fromkeys(
        ("attachmentUrls", "fileIds", "async", "optimizeFax", "history: order", "webhook-create: enabled"),
        (OBSERVED, "public client code"),
    ),
    "resend: scheduledDate": (ASSUMED, "another date than that of the first fax"),
    "format": (DOCUMENTED, "later editions"),
}
"""Parameters that documented operations do not have but clients send, of one operation or of all."""

OF_BLAST = ("recipient", "coverPage", "coverPageId")
"""What the reference has for a blast; that it takes what other sends take is assumed."""


def list_parameters(endpoints: Iterable[Endpoint]) -> Iterator[Word]:
    """Tell each parameter of each operation, in its path and of its schema, with what holds for it."""
    for endpoint in endpoints:
        for name in _VARIABLE.findall(endpoint.path):
            yield Word(f"{endpoint.name}: {name}", "in the path", endpoint.evidence, endpoint.source)
        for name, field in (endpoint.schema().fields if endpoint.schema else {}).items():
            text = ", ".join(_rules(field, partial=endpoint.methods == ("PATCH",)))
            yield Word(f"{endpoint.name}: {name}", text, *_evidence(endpoint, name))


def _evidence(endpoint: Endpoint, name: str) -> tuple[Evidence, str]:
    if endpoint.name == "blast" and name not in OF_BLAST:
        return ASSUMED, "taken as a send takes it"
    usual = BEYOND.get(name, (endpoint.evidence, endpoint.source))
    return BEYOND.get(f"{endpoint.name}: {name}", usual)


def _rules(field: fields.Field[Any], *, partial: bool) -> Iterator[str]:
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
