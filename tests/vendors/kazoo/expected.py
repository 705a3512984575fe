"""What a fax looks like as a whole, from the few things that tell one from another."""

from __future__ import annotations

from typing import Any

from tests.vendors.kazoo.client import NUMBER, UNTRIED

STATION = f"+{NUMBER}"


def failed(code: int, text: str, cause: str | None = None, *, elapsed: int, pages: int = 1) -> dict[str, Any]:
    """Give the tx_result of a try on which no fax machine answered."""
    told = {"error_message": text, "time_elapsed": elapsed, "result_code": code, "result_text": text}
    about = {} if cause is None else {"result_cause": cause}
    return {**UNTRIED, **told, **about, "total_pages": pages, "transferred_pages": 0}


def faxed(
    *,
    elapsed: int,
    pages: int = 1,
    sent: int | None = None,
    code: int = 200,
    text: str = "OK",
    cause: str | None = "NORMAL_CLEARING",
    good: bool | None = None,
    to: str = STATION,
    sender: str = STATION,
    csid: str | None = None,
    receiver: str | None = None,
    speed: int = 14400,
    ecm: bool = True,
) -> dict[str, Any]:
    """Give the tx_result of a try on which two fax machines spoke; `csid` is what the far one says it is."""
    sent = pages if sent is None else sent
    good = code == 200 if good is None else good
    bad_rows = 0 if ecm else 2 * sent
    about = {} if cause is None else {"result_cause": cause}
    csid = to if csid is None else csid
    return {
        "bad_rows": bad_rows,
        "ecm_used": ecm,
        "encoding": 3 if ecm else 1,
        "encoding_name": "T.6" if ecm else "T.4 1-D",
        "error_message": "" if good else text,
        "fax_bad_rows": bad_rows,
        "fax_error_correction": ecm,
        "fax_receiver_id": csid if receiver is None else receiver,
        "fax_speed": speed,
        "file_image_resolution": "8031x7700",
        "image_resolution": "8031x7700",
        "local_station_id": sender,
        "pages_sent": sent,
        "remote_station_id": csid,
        **about,
        "result_code": code,
        "result_text": text,
        "success": good,
        "t38_used": False,
        "time_elapsed": elapsed,
        "total_pages": pages,
        "transfer_rate": speed,
        "transferred_pages": sent,
    }


def job(job_id: str, created: int, status: str = "pending", **doc: Any) -> dict[str, Any]:
    """Give a job in the queue; `doc` is what differs from a plain upload that has not been tried."""
    return {
        "attempts": 0,
        "created": created,
        "delivered": "undefined",
        "fax_timezone": "undefined",
        "from_number": NUMBER,
        "id": job_id,
        "retries": 1,
        "status": status,
        "to_number": NUMBER,
        "tx_result": UNTRIED,
        **doc,
    }


def sent(fax_id: str, created: int, result: dict[str, Any], **doc: Any) -> dict[str, Any]:
    """Give a fax of the outbox as its detail shows it."""
    good = result["success"]
    after = {"delivered": created + result["time_elapsed"]} if good else {"retry_after": 300}
    found = job(fax_id, created, "completed" if good else "failed", attempts=1, tx_result=result)
    return {**found, "folder": "outbox", **after, **doc}


def listed(document: dict[str, Any]) -> dict[str, Any]:
    """Give the row of outbox and inbox that a document has."""
    return {**document, "from": document["from_number"], "to": document["to_number"]}


def made(job_id: str, **doc: Any) -> dict[str, Any]:
    """Give the answer to a create: no instants, no status."""
    whole = job(job_id, 0, **doc)
    return {key: value for key, value in whole.items() if key not in ("created", "delivered", "status")}


def received(
    fax_id: str, created: int, at: int, stamp: str, owner: str, result: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Give a fax of the inbox; `at` and `stamp` are the instant at which it had come."""
    call = f"{fax_id[7:]}-1"
    return {
        "id": fax_id,
        "name": f"fax message received at {stamp} UTC",
        "from_number": "12125550123",
        "to_number": NUMBER,
        "description": "fax document received",
        "source_type": "incoming_fax",
        "folder": "inbox",
        "timestamp": at,
        "created": created,
        "status": "completed",
        "owner_id": owner,
        "faxbox_id": None,
        "media_type": "tiff",
        "call_id": call,
        "cdr_doc_id": f"{fax_id[:6]}-{call}",
        "fax_timezone": "undefined",
        "notifications": {},
        "rx_result": result,
        **more,
    }
