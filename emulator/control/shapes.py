"""What the control plane answers, as JSON Schema: things by name, and by operation which of them."""

from __future__ import annotations

from typing import Any

from emulator.core.dialect.shapes import (
    ANYTHING,
    INSTANT,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Shape,
    by_name,
    nullable,
    one_of,
    record,
    rows,
    with_optional,
)
from emulator.core.faxes.machine import Direction, State
from emulator.core.sandbox import Mode
from emulator.core.webhooks.delivery import DeliveryState


def page(plural: str, shape: Any, **more: Any) -> Shape:
    """Describe a page of a list; `next` is null on the last one."""
    return record(**{plural: rows(shape)}, next=nullable(TEXT), **more)


def the(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


HOOK = record(url=nullable(TEXT), auth=nullable(TEXT))
HEADERS = by_name(TEXT)

THINGS: dict[str, Shape] = {
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": TEXT, "message": TEXT, "field": TEXT},
            }
        },
    },
    "Clock": record(
        mode=one_of(Mode), speed={"oneOf": [NUMBER, {"type": "string", "enum": ["max"]}]}, now=INSTANT
    ),
    "Sandbox": record(
        id=TEXT,
        name=TEXT,
        seed=TEXT,
        created_at=INSTANT,
        clock=the("Clock"),
        vendors=by_name(record(base_url=TEXT, credentials=by_name(TEXT))),
    ),
    "Settings": record(
        balance=NUMBER,
        active=TRUTH,
        webhooks=record(outbound=HOOK, inbound=HOOK),
        numbers=rows(TEXT),
        restricted_numbers=rows(TEXT),
        lines=nullable(WHOLE),
        rates=record(page=NUMBER, minute=NUMBER),
        max_attempts=WHOLE,
        profile=ANYTHING,
    ),
    "Entry": record(
        at=INSTANT,
        kind={"type": "string", "enum": ["state", "call", "webhook"]},
        fax=nullable(TEXT),
        what=TEXT,
    ),
    "Attempt": record(
        number=WHOLE,
        outcome=TEXT,
        pages_sent=WHOLE,
        speed=nullable(WHOLE),
        ecm=nullable(TRUTH),
        csid=nullable(TEXT),
        duration=nullable(NUMBER),
        started_at=INSTANT,
        ring=NUMBER,
        code=nullable(TEXT),
        vendor_view=nullable(record(state=TEXT, code=nullable(TEXT), text=nullable(TEXT))),
    ),
    "Fax": with_optional(
        record(
            id=TEXT,
            vendor=TEXT,
            direction=one_of(Direction),
            to=TEXT,
            from_=TEXT,
            state=one_of(State),
            outcome=nullable(TEXT),
            pages=record(total=WHOLE, sent=WHOLE),
            document=record(digest=nullable(TEXT), name=nullable(TEXT), problem=nullable(TEXT)),
            scenario=nullable(TEXT),
            script=nullable(ANYTHING),
            attempts=rows(the("Attempt")),
            created_at=INSTANT,
            finished_at=nullable(INSTANT),
            cost=NUMBER,
            vendor_view=record(id=TEXT, state=TEXT, code=nullable(TEXT), text=nullable(TEXT)),
            timeline=rows(the("Entry")),
        ),
        webhooks=rows(
            record(
                id=TEXT,
                event=TEXT,
                state=one_of(DeliveryState),
                tries=WHOLE,
                status=nullable(WHOLE),
                error=nullable(TEXT),
                due_at=nullable(INSTANT),
            )
        ),
    ),
    "Delivery": record(
        id=TEXT,
        vendor=TEXT,
        fax=nullable(TEXT),
        event=TEXT,
        state=one_of(DeliveryState),
        fault=nullable(TEXT),
        created_at=INSTANT,
        due_at=nullable(INSTANT),
        request=record(
            method=TEXT,
            url=TEXT,
            encoding=TEXT,
            headers=HEADERS,
            fields=ANYTHING,
            files=rows(record(name=TEXT, filename=TEXT, type=TEXT, document=TEXT)),
            auth=nullable(TEXT),
        ),
        attempts=rows(
            record(
                number=WHOLE,
                at=INSTANT,
                real_at=INSTANT,
                status=nullable(WHOLE),
                response=nullable(record(status=nullable(WHOLE), headers=HEADERS, body=TEXT)),
                error=nullable(TEXT),
                seconds=NUMBER,
            )
        ),
    ),
    "Request": record(
        id=WHOLE,
        at=INSTANT,
        real_at=INSTANT,
        vendor=TEXT,
        sandbox=nullable(TEXT),
        method=TEXT,
        path=TEXT,
        query=TEXT,
        headers=HEADERS,
        body={"oneOf": [TEXT, record(fields=by_name(rows(TEXT)), files=rows(rows(nullable(TEXT))))]},
        matched=record(
            endpoint=nullable(TEXT), fax=nullable(TEXT), scenario=nullable(TEXT), fault=nullable(ANYTHING)
        ),
        made=rows(TEXT),
        status=WHOLE,
        refused=TRUTH,
        answer_headers=HEADERS,
        answer=TEXT,
        seconds=NUMBER,
        cut=by_name(WHOLE),
        near_misses=rows(TEXT),
    ),
    "Scenario": {**record(name=TEXT), "description": "as POST takes it"},
}
"""What is described once and named elsewhere."""

ANSWERS: dict[str, Shape] = {
    "health": record(status=TEXT),
    "ready": record(status=TEXT),
    "version": record(name=TEXT, version=TEXT, python=TEXT),
    "read_interception": record(hosts=by_name(TEXT), certificate=TEXT, egress=TRUTH),
    "list_sandboxes": page("sandboxes", the("Sandbox")),
    "create_sandbox": the("Sandbox"),
    "read_sandbox": the("Sandbox"),
    "reset_sandbox": the("Sandbox"),
    "read_snapshot": record(
        format=WHOLE,
        sandbox=record(id=TEXT, name=TEXT, seed=TEXT),
        items=rows(ANYTHING),
        counters=by_name(WHOLE),
        documents=by_name({**TEXT, "format": "byte"}),
        journals=by_name(rows(ANYTHING)),
        dropped=by_name(WHOLE),
    ),
    "load_snapshot": record(items=WHOLE, documents=WHOLE),
    "read_vendor": the("Settings"),
    "change_vendor": the("Settings"),
    "read_clock": the("Clock"),
    "change_clock": the("Clock"),
    "advance_clock": record(now=INSTANT, timeline=rows(the("Entry"))),
    "list_faxes": with_optional(page("faxes", the("Fax")), looked_at=WHOLE),
    "count_faxes": with_optional(record(total=WHOLE, states=by_name(WHOLE)), refused=WHOLE, failing=WHOLE),
    "read_fax": the("Fax"),
    "cancel_fax": the("Fax"),
    "receive_fax": the("Fax"),
    "list_webhooks": page("webhooks", the("Delivery")),
    "read_webhook": the("Delivery"),
    "replay_webhook": the("Delivery"),
    "list_notifications": page("notifications", ANYTHING, dropped=WHOLE),
    "list_requests": page("requests", the("Request"), dropped=WHOLE),
    "read_request": the("Request"),
    "list_scenarios": page(
        "scenarios",
        the("Scenario"),
        queue=rows(the("Scenario")),
        files=rows(the("Scenario")),
        magic=rows(record(number=TEXT, does=TEXT)),
        problems=rows(TEXT),
    ),
    "add_scenarios": record(scenarios=rows(the("Scenario"))),
    "queue_scenarios": record(scenarios=rows(the("Scenario"))),
    "list_adversities": record(
        adversities=rows(
            record(
                name=TEXT,
                text=TEXT,
                size=rows(WHOLE),
                where=rows(TEXT),
                rules=rows(ANYTHING),
                steps=rows(ANYTHING),
            )
        )
    ),
    "read_coverage": record(
        vendors=rows(
            record(
                vendor=TEXT,
                title=TEXT,
                endpoints=rows(ANYTHING),
                magic=by_name(TEXT),
                evidence=by_name(WHOLE),
            )
        ),
        magic=by_name(TEXT),
    ),
    "read_scenario_schema": ANYTHING,
    "read_openapi": ANYTHING,
    "read_vendor_openapi": ANYTHING,
}
"""By operation, the JSON of its success."""
