"""Labels and custom fields of a fax of either direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.vendors.dialect import Call, call
from emulator.vendors.ifax.answers import Failure, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.outbound import PROCESSED
from emulator.vendors.ifax.schemas import CustomFieldsSchema, FaxSchema, LabelSchema, load
from emulator.vendors.ifax.store import of_side, rewrite
from emulator.vendors.ifax.tables import LABELS

_label, _fax, _custom = LabelSchema(), FaxSchema(), CustomFieldsSchema()

Held = tuple[str, ...]


def label_list() -> Response:
    """List the account's labels (`label-list`): those of the profile switch `labels`, counted from 1."""
    rows = [{"labelId": number, "name": name} for number, name in _labels(call()).items()]
    return success(PROCESSED, rows)


def assign() -> Response:
    """Add labels to a fax (`label-assign`)."""
    return _relabel(lambda held, given: (*held, *(each for each in given if each not in held)))


def remove() -> Response:
    """Take labels from a fax, all without a labelId (`label-remove`)."""
    return _relabel(lambda held, given: tuple(each for each in held if given and each not in given))


def update() -> Response:
    """Give a fax these labels and no other (`label-update`; that it replaces them is assumed)."""
    return _relabel(lambda held, given: given)


def custom_fields() -> Response:
    """Show the custom fields of a fax, and its labels (`custom-fields`; the shape is assumed)."""
    wanted = load(_fax, body())
    fax = of_side(call(), wanted["side"], wanted["fax"])
    shown = {
        "faxId": fax.details["faxId"],
        "faxType": wanted["side"],
        "labelId": ",".join(fax.details.get("labels", ())),
        "custom_fields": fax.details.get("custom_fields", []),
    }
    return success(PROCESSED, shown)


def custom_fields_update() -> Response:
    """Set the custom fields of a fax (`custom-fields-update`); an empty array takes them away."""
    wanted = load(_custom, body())
    rewrite_details(wanted, lambda fax: {"custom_fields": wanted["fields_"]} if "fields_" in wanted else {})
    return success(PROCESSED, bare=True)


def rewrite_details(wanted: dict[str, Any], make: Callable[[Fax], dict[str, Any]]) -> None:
    """Change what is noted beside the fax that the parameters name."""
    here = call()
    fax = of_side(here, wanted["side"], wanted["fax"])
    rewrite(here, fax, lambda fax: {"details": {**fax.details, **make(fax)}})


def _relabel(change: Callable[[Held, Held], Held]) -> Response:
    wanted = load(_label, body())
    given = wanted.get("labels", ())
    if any(label not in _labels(call()) for label in given):
        raise Failure(12006)
    rewrite_details(wanted, lambda fax: {"labels": change(tuple(fax.details.get("labels", ())), given)})
    return success(PROCESSED, bare=True)


def _labels(here: Call) -> dict[str, str]:
    named = here.settings.profile.get("labels", LABELS)
    names: Sequence[Any] = named if isinstance(named, (list, tuple)) else LABELS
    return {str(number): str(name) for number, name in enumerate(names, start=1)}
