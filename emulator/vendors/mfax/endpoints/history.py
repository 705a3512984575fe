"""The history of faxes."""

from __future__ import annotations

from flask import Response, jsonify

from emulator.vendors.mfax import form, history, people, schemas
from emulator.vendors.mfax.shapes import LISTED
from emulator.vendors.mfax.tenant import here
from emulator.vendors.mfax.view import NOBODY, UNFILLED, VALUES, show


def read_history() -> Response:
    """List faxes; at most eight calls a minute."""
    tenant = here()
    history.count_call(tenant)
    wanted = form.load_query(schemas.HistorySchema)
    account = people.own_account(tenant, wanted["accountId"])
    count, rows = history.read(tenant, account, wanted)
    filled = {name: VALUES[name] for name in wanted["include"]}
    values = {**UNFILLED, **filled, **NOBODY}
    return jsonify(
        {
            "count": count if tenant.switch("history_count_number") else str(count),
            "rows": [show(tenant, fax, LISTED, values) for fax in rows],
            "query": {"limit": wanted["limit"], "offset": wanted["offset"]},
        }
    )
