"""Kazoo's routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flask import Response
from marshmallow import Schema

from emulator.core.dialect.endpoint import Endpoint
from emulator.core.dialect.words import DOCUMENTED, OBSERVED, Evidence
from emulator.vendors.kazoo import attachments, auth, faxboxes, faxes, hooks
from emulator.vendors.kazoo.schemas import (
    ActionSchema,
    EnableSchema,
    FaxboxSchema,
    FaxSchema,
    KeySchema,
    LoginSchema,
    WebhookSchema,
    enveloped,
)

USUAL = (400, 401, 403, 404, 405, 406, 409, 413, 423, 429, 500, 503)
"""What any call may be answered."""
CHANGES = (*USUAL, 415)

ACCOUNT, FAXES = "/v2/accounts/<account>", "/v2/accounts/<account>/faxes"
REFERENCE, SOURCE = "the vendor's reference document", "public source code"

View = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """One line of the API. `status` is that of success; faxes' routes also stand under faxboxes and users."""

    name: str
    method: str
    path: str
    view: View
    evidence: Evidence = DOCUMENTED
    schema: type[Schema] | None = None
    status: tuple[int, ...] = (200,)


ROUTES: tuple[Route, ...] = (
    Route("create", "PUT", FAXES, faxes.create, schema=FaxSchema, status=(201, 402)),
    Route("create-alias", "PUT", f"{FAXES}/outgoing", faxes.create, schema=FaxSchema, status=(201, 402)),
    Route("outgoing-list", "GET", f"{FAXES}/outgoing", faxes.outgoing, status=(200, 416)),
    Route("outgoing-read", "GET", f"{FAXES}/outgoing/<fax>", faxes.read_outgoing),
    Route("outbox-list", "GET", f"{FAXES}/outbox", faxes.outbox, status=(200, 416)),
    Route("outbox-read", "GET", f"{FAXES}/outbox/<fax>", faxes.read_outbox),
    Route(
        "outbox-resubmit",
        "PUT",
        f"{FAXES}/outbox/<fax>",
        faxes.resubmit,
        schema=ActionSchema,
        status=(201, 402),
    ),
    Route(
        "outbox-attachment",
        "GET",
        f"{FAXES}/outbox/<fax>/attachment",
        attachments.read_outbox,
        status=(200, 206, 416),
    ),
    Route("smtplog-list", "GET", f"{FAXES}/smtplog", faxes.smtplog, status=(200, 416)),
    Route("smtplog-read", "GET", f"{FAXES}/smtplog/<attempt>", faxes.read_smtplog),
    Route("outbox-delete", "DELETE", f"{FAXES}/outbox/<fax>", faxes.delete_outbox),
    Route(
        "outbox-attachment-delete", "DELETE", f"{FAXES}/outbox/<fax>/attachment", attachments.delete_outbox
    ),
    Route("inbox-list", "GET", f"{FAXES}/inbox", faxes.inbox, status=(200, 416)),
    Route("inbox-read", "GET", f"{FAXES}/inbox/<fax>", faxes.read_inbox),
    Route(
        "inbox-attachment",
        "GET",
        f"{FAXES}/inbox/<fax>/attachment",
        attachments.read_inbox,
        status=(200, 206, 416),
    ),
    Route("inbox-delete", "DELETE", f"{FAXES}/inbox/<fax>", faxes.delete_inbox),
    Route("inbox-attachment-delete", "DELETE", f"{FAXES}/inbox/<fax>/attachment", attachments.delete_inbox),
    Route("incoming-read", "GET", f"{FAXES}/incoming/<fax>", faxes.read_incoming),
    # From here on the vendor's document is silent.
    Route("incoming-list", "GET", f"{FAXES}/incoming", faxes.incoming, OBSERVED, status=(200, 416)),
    Route("inbox-forward", "PUT", f"{FAXES}/inbox/<fax>", faxes.forward, OBSERVED, ActionSchema, (201, 402)),
    Route("user-auth", "PUT", "/v2/user_auth", auth.user_auth, OBSERVED, LoginSchema, (201,)),
    Route("api-auth", "PUT", "/v2/api_auth", auth.api_auth, OBSERVED, KeySchema, (201,)),
    Route("user-auth-read", "GET", "/v2/user_auth/<token>", auth.read_token, OBSERVED),
    Route("token-delete", "DELETE", "/v2/token_auth", auth.delete_token, OBSERVED),
    Route("api-key-read", "GET", f"{ACCOUNT}/api_key", auth.api_key, OBSERVED),
    Route("faxbox-list", "GET", f"{ACCOUNT}/faxboxes", faxboxes.list_all, OBSERVED, status=(200, 416)),
    Route("faxbox-create", "PUT", f"{ACCOUNT}/faxboxes", faxboxes.create, OBSERVED, FaxboxSchema, (201,)),
    Route("faxbox-read", "GET", f"{ACCOUNT}/faxboxes/<faxbox_id>", faxboxes.read, OBSERVED),
    Route(
        "faxbox-update", "POST", f"{ACCOUNT}/faxboxes/<faxbox_id>", faxboxes.update, OBSERVED, FaxboxSchema
    ),
    Route(
        "faxbox-change", "PATCH", f"{ACCOUNT}/faxboxes/<faxbox_id>", faxboxes.update, OBSERVED, FaxboxSchema
    ),
    Route("faxbox-delete", "DELETE", f"{ACCOUNT}/faxboxes/<faxbox_id>", faxboxes.delete, OBSERVED),
    Route("webhook-catalogue", "GET", "/v2/webhooks", hooks.catalogue, OBSERVED),
    Route("webhook-samples", "GET", "/v2/webhooks/samples", hooks.samples, OBSERVED),
    Route("webhook-sample", "GET", "/v2/webhooks/samples/<event>", hooks.read_sample, OBSERVED),
    Route("webhook-list", "GET", f"{ACCOUNT}/webhooks", hooks.list_all, OBSERVED, status=(200, 416)),
    Route("webhook-create", "PUT", f"{ACCOUNT}/webhooks", hooks.create, OBSERVED, WebhookSchema, (201,)),
    Route("webhook-enable", "PATCH", f"{ACCOUNT}/webhooks", hooks.enable_all, OBSERVED, EnableSchema),
    Route("webhook-all-attempts", "GET", f"{ACCOUNT}/webhooks/attempts", hooks.all_attempts, OBSERVED),
    Route("webhook-read", "GET", f"{ACCOUNT}/webhooks/<webhook>", hooks.read, OBSERVED),
    Route("webhook-update", "POST", f"{ACCOUNT}/webhooks/<webhook>", hooks.update, OBSERVED, WebhookSchema),
    Route("webhook-change", "PATCH", f"{ACCOUNT}/webhooks/<webhook>", hooks.update, OBSERVED, WebhookSchema),
    Route("webhook-delete", "DELETE", f"{ACCOUNT}/webhooks/<webhook>", hooks.delete, OBSERVED),
    Route("webhook-attempts", "GET", f"{ACCOUNT}/webhooks/<webhook>/attempts", hooks.attempts, OBSERVED),
)

OWNERS = {"faxbox": f"{ACCOUNT}/faxboxes/<faxbox>/faxes", "user": f"{ACCOUNT}/users/<user>/faxes"}
"""Further places of the faxes' routes (observed)."""


def _endpoint(route: Route) -> Endpoint:
    return Endpoint(
        route.name,
        (route.method,),
        route.path,
        route.view,
        route.schema and enveloped(route.schema, action=route.schema is ActionSchema),
        statuses=(*route.status, *(CHANGES if route.method in ("PUT", "POST", "PATCH") else USUAL)),
        evidence=route.evidence,
        source=REFERENCE if route.evidence == DOCUMENTED else SOURCE,
    )


def _endpoints() -> Iterator[Endpoint]:
    plain = [_endpoint(route) for route in ROUTES]
    yield from plain
    for each in plain:
        if each.path.startswith(FAXES):
            for owner, path in OWNERS.items():
                nested = each.path.replace(FAXES, path)
                yield replace(
                    each, name=f"{owner}:{each.name}", path=nested, evidence=OBSERVED, source=SOURCE
                )
    for each in list(plain):
        if each.path.startswith(ACCOUNT):
            own = each.path.replace(ACCOUNT, "/v2/account")
            yield replace(each, name=f"own:{each.name}", path=own, evidence=OBSERVED, source=SOURCE)


ENDPOINTS: tuple[Endpoint, ...] = tuple(_endpoints())
"""Every route: plain ones, those under a faxbox or a user, and those of the token's own account."""
