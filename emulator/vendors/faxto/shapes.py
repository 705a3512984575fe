"""What Fax.to's endpoints answer, as JSON Schema: a `status`, and beside it each endpoint's own."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.core.dialect.shapes import NUMBER, TEXT, WHOLE, Shape, alike, nullable, record, rows

_INSTANT = record(date=TEXT, timezone_type=WHOLE, timezone=TEXT)
_LINKS = record(previous=nullable(TEXT), next=nullable(TEXT))
_PAGINATION = record(**alike("total count per_page current_page total_pages", WHOLE), links=_LINKS)
_PAGED: Mapping[str, Shape] = {"meta": record(pagination=_PAGINATION)}
_DOCUMENT: Mapping[str, Shape] = {
    **alike("filename filename_uploaded orig_filename file_extension preview_file updated_at", TEXT),
    **alike("id total_pages preview_in_storage user_id", WHOLE),
    **alike("preview_image s3", nullable(TEXT)),
}
_UPLOADED = record(**_DOCUMENT, filesize=WHOLE, created_at=TEXT)
_CLEAN: Mapping[str, Shape] = {
    **_DOCUMENT,
    "filesize": TEXT,
    "created date": TEXT,
    **alike("server_document_id team_user_id", nullable(WHOLE)),
}
_JOB = record(**alike("id document_id", WHOLE), **alike("document recipient status", TEXT), created=_INSTANT)
_ARRIVED = record(
    **alike("id did_id total_pages", WHOLE),
    **alike("filename filesize number sender preview_file file_url", TEXT),
    created_at=_INSTANT,
)
_NUMBER = record(
    **alike("id did_group_id", WHOLE),
    **alike("country_code country area_code did_number expiration_date status", TEXT),
    **alike("order_reference city_name", nullable(TEXT)),
)
_GROUP = record(did_group_id=WHOLE, area_code=TEXT, city_name=nullable(TEXT))
_PROVISIONED = record(
    **alike("id didid did_group_id trunk_id", WHOLE),
    **alike("country_code area_code number type", TEXT),
    city_name=nullable(TEXT),
)

_SENT: Mapping[str, Shape] = {"fax_job_id": WHOLE, "user_cash_balance": NUMBER, "cost": NUMBER}
_HISTORY: Mapping[str, Shape] = {"history": rows(_JOB)}
_TAKEN: Mapping[str, Shape] = {"message": TEXT, "data": _PROVISIONED}


def _said(fields: Mapping[str, Shape]) -> Shape:
    return record(status=TEXT, **fields)


ANSWERS: Mapping[str, Shape] = {
    "send": _said(_SENT),
    "send_or_history": {"anyOf": [_said(_SENT), _said(_HISTORY)]},
    "cost": _said({"cost": NUMBER}),
    "status": _said({"message": TEXT, "user_cash_balance": NUMBER}),
    "history": _said(_HISTORY),
    "balance": _said({"balance": NUMBER}),
    "upload": _said({**alike("document_id total_pages", WHOLE), "document": _UPLOADED}),
    "files": rows(record(**alike("id pages size", WHOLE), **alike("filename uploaded", TEXT))),
    "delete_file": _said({}),
    "clean_file": _said(_CLEAN),
    "preview_file": _said({"url": TEXT}),
    **alike("register login subuser", _said({"api_key": TEXT})),
    **alike("numbers provisioned", _said({"numbers": rows(_NUMBER), **_PAGED})),
    **alike("inbox inbox_of_number", _said({"inbox": rows(_ARRIVED), **_PAGED})),
    "countries": _said({"data": rows(record(**alike("country slug a2_code dial_code", TEXT)))}),
    "states": _said({"states": rows(record(**alike("id name code", TEXT)))}),
    "area_codes": _said({"areacodes": rows(record(country_code=TEXT, state_id=WHOLE, area_code=TEXT))}),
    "groups": _said({"data": rows(_GROUP)}),
    **alike("provision provision_named", _said(_TAKEN)),
}
"""By endpoint; the others serve files."""

REFUSAL = record(status=TEXT, message=TEXT)


def answer_of(endpoint: str) -> Shape | None:
    """What an endpoint answers, below either base; None for a file."""
    return ANSWERS.get(endpoint.removesuffix("_v1"))
