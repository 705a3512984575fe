"""The server itself: alive, ready, which version, how busy."""

from __future__ import annotations

import platform

from flask import Response, jsonify

from emulator import __version__
from emulator.control.answers import the_program, the_world
from emulator.control.route import Route
from emulator.core.engine.sandboxes import DEFAULT

METRICS = "text/plain; version=0.0.4; charset=utf-8"


def health() -> Response:
    return jsonify({"status": "ok"})


def ready() -> Response:
    the_world(DEFAULT)
    return jsonify({"status": "ready"})


def version() -> Response:
    return jsonify({"name": "localfax", "version": __version__, "python": platform.python_version()})


def read_interception() -> Response:
    return jsonify(the_program().interception())


def metrics() -> Response:
    program = the_program()
    return Response(program.tally.exposition(program.engine.store), content_type=METRICS)


ROUTES = (
    Route("GET", "/health", health, "Tell that the server lives."),
    Route("GET", "/ready", ready, "Tell that the server and its store answer.", statuses=(200, 503)),
    Route("GET", "/version", version, "Give name and version."),
    Route(
        "GET",
        "/interception",
        read_interception,
        "Give the hosts that are answered by way of this server as a proxy, and the certificate to trust.",
        statuses=(200, 503),
    ),
    Route("GET", "/metrics", metrics, "Give measures for Prometheus.", media=("text/plain",)),
)
