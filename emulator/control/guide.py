"""What a language model is told that writes fax integrations: the control plane in one short text."""

from __future__ import annotations

from pathlib import Path

from flask import Response, request

from emulator.control.route import Route
from emulator.core.scripting.magic import MAGIC, PREFIX
from emulator.scenarios.calls import OUTCOMES
from emulator.scenarios.json_schema import scenario_json_schema

_TEXT = (Path(__file__).parent / "llms.txt").read_text(encoding="utf-8")
_TOLD = ("name", "attempts")
"""Keys of a scenario that the text tells itself."""


def read_guide() -> Response:
    keys = (key for key in scenario_json_schema()["properties"] if key not in _TOLD)
    words = {
        "origin": request.host_url.rstrip("/"),
        "outcomes": ", ".join(OUTCOMES),
        "keys": ", ".join(keys),
        "magic": "\n".join(f"- {PREFIX}{digits}: {does}" for digits, (does, _) in MAGIC.items()),
    }
    text = _TEXT
    for word, told in words.items():
        text = text.replace("{" + word + "}", told)
    return Response(text, content_type="text/plain; charset=utf-8")


ROUTES = (
    Route(
        "GET", "/llms.txt", read_guide, "Tell coding agents in short what to call and how to assert.",
        media=("text/plain",),
    ),
)  # fmt: skip
