"""A typed client of the control plane.

from emulator.client import Localfax

with Localfax("http://127.0.0.1:8329") as server:
    sandbox = server.create(clock={"mode": "manual"})
    sandbox.send("ifax", "+15005550004", pages=2)
    sandbox.settle()
    assert sandbox.faxes()[0].state == "delivered"
"""

from emulator.client.connection import Refusal, Unreachable
from emulator.client.sandbox import Sandbox
from emulator.client.server import DEFAULT_URL, Localfax
from emulator.client.submission import Document, Submitted
from emulator.client.things import Attempt, Entry, Fax, Post, Request, Webhook

__all__ = [
    "DEFAULT_URL",
    "Attempt",
    "Document",
    "Entry",
    "Fax",
    "Localfax",
    "Post",
    "Refusal",
    "Request",
    "Sandbox",
    "Submitted",
    "Unreachable",
    "Webhook",
]
