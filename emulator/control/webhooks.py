"""Webhooks: each delivery with every try, and a delivery sent once more."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, page, query, refuse_unknown_fax, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import NoBody, WebhookListQuery
from emulator.core.webhooks.delivery import Delivery


def list_webhooks(sandbox: str) -> Response:
    world = the_world(sandbox)
    wanted = query(WebhookListQuery)
    limit: int = wanted["limit"]
    rows: list[Any] = world.list(
        Delivery,
        f"{Delivery.kind}/{wanted['fax']}" if "fax" in wanted else Delivery.kind,
        after=wanted.get("after"),
        limit=limit + 1,
    )
    if not rows:
        refuse_unknown_fax(world, wanted.get("fax"))
    return page("webhooks", rows, limit, views.delivery_view)


def read_webhook(sandbox: str, delivery: str) -> Response:
    return jsonify(views.delivery_view(the_world(sandbox).delivery(delivery)))


def replay_webhook(sandbox: str, delivery: str) -> Response:
    body(NoBody)
    world = the_world(sandbox)
    sent = the_program().player.replay(world, delivery)
    return jsonify(views.delivery_view(sent))


ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/webhooks", list_webhooks, "List deliveries, newest first.",
        query=WebhookListQuery, statuses=(200, 400, 404),
    ),
    Route(
        "GET", "/sandboxes/<sandbox>/webhooks/<delivery>", read_webhook, "Read one.", statuses=(200, 404)
    ),
    Route(
        "POST", "/sandboxes/<sandbox>/webhooks/<delivery>/replay", replay_webhook,
        "Send a delivery once more, now and whole; the vendor's retries begin anew.",
        body=NoBody, slow=True, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
