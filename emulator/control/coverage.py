"""How much of each vendor is there: endpoints, states, codes and magic numbers, with their evidence."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from flask import Response, jsonify

from emulator.control.answers import the_program
from emulator.control.portal import all_tables
from emulator.control.route import Route
from emulator.core.dialect.vendor import Endpoint, Vendor
from emulator.core.dialect.words import Word
from emulator.core.scripting.magic import MAGIC, PREFIX

_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def read_coverage() -> Response:
    vendors = [_vendor(vendor) for vendor in the_program().vendors.values()]
    return jsonify(
        {"vendors": vendors, "magic": {PREFIX + digits: text for digits, (text, _) in MAGIC.items()}}
    )


def _vendor(vendor: Vendor) -> dict[str, Any]:
    tables = {name: [_word(row) for row in rows] for name, rows in all_tables(vendor).items()}
    for shown, row in zip(tables["choices"], vendor.tables.get("choices", ()), strict=True):
        shown["switches"] = list(row.switches)
    endpoints = [_endpoint(each) for each in vendor.endpoints]
    rows = [*endpoints, *(row for rows in tables.values() for row in rows)]
    return {
        "vendor": vendor.name,
        "title": vendor.title,
        "endpoints": endpoints,
        **tables,
        "magic": {PREFIX + digits: vendor.magic.get(digits, text) for digits, (text, _) in MAGIC.items()},
        "evidence": dict(Counter(row["evidence"] for row in rows)),
    }


def _word(row: Word) -> dict[str, Any]:
    shown = {"name": row.word, "text": row.text, "evidence": row.evidence.value, "source": row.source}
    more = {"status": row.status, "takes": row.takes and row.takes.told}
    return shown | {name: value for name, value in more.items() if value is not None}


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "methods": list(endpoint.methods),
        "path": _CONVERTER.sub(r"{\1}", endpoint.path),
        "text": endpoint.summary,
        "evidence": endpoint.evidence.value,
        "source": endpoint.source,
    }


ROUTES = (
    Route(
        "GET",
        "/coverage",
        read_coverage,
        "Give every documented endpoint, state and code, with its evidence.",
    ),
)
