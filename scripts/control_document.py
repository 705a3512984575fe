"""Print the control plane's OpenAPI document."""

from __future__ import annotations

import json

from emulator.control.openapi import control_document
from emulator.control.routes import ROUTES

if __name__ == "__main__":
    print(json.dumps(control_document(ROUTES, "http://127.0.0.1:8329"), indent=1))
