"""Labels and custom fields of a fax of either direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.ifax import parameters
from emulator.vendors.ifax.errors import IfaxError, success
from emulator.vendors.ifax.folders import find_fax, note
from emulator.vendors.ifax.tables import LABELS, PROCESSED
from emulator.vendors.ifax.words import labels_of, show


def label_list() -> Response:
    """List the account's labels (`label-list`): those of the profile switch `labels`, counted from 1."""
    rows = [{"labelId": number, "name": name} for number, name in _labels(context()).items()]
    return success(PROCESSED, data=rows)


def assign() -> Response:
    """Add labels to a fax (`label-assign`)."""
    return _relabel(lambda held, given: (*held, *(each for each in given if each not in held)))


def remove() -> Response:
    """Take labels from a fax, all without a labelId (`label-remove`)."""
    return _relabel(lambda held, given: tuple(each for each in held if given and each not in given))


def update() -> Response:
    """Put these labels on a fax and no other (`label-update`; that it replaces them is assumed)."""
    return _relabel(lambda held, given: given)


def _relabel(change: Callable[[Any, Any], tuple[str, ...]]) -> Response:
    here, wanted = context(), parameters.load(parameters.SetLabels)
    given = wanted.get("labels", ())
    if any(label not in _labels(here) for label in given):
        raise IfaxError(12006)
    note(here, _fax(here, wanted), lambda fax: {"labels": change(labels_of(fax), given)})
    return success(PROCESSED)


def show_fields() -> Response:
    """Show the custom fields of a fax, and its labels (`custom-fields`; the shape is assumed)."""
    here, wanted = context(), parameters.load(parameters.OneFax)
    fax = _fax(here, wanted)
    shown = show(fax, ("faxId", "faxType", "labelId"))
    return success(PROCESSED, data=shown | {"custom_fields": fax.details.get("custom_fields", [])})


def set_fields() -> Response:
    """Set the custom fields of a fax (`custom-fields-update`); an empty array takes them away."""
    here, wanted = context(), parameters.load(parameters.SetFields)
    note(here, _fax(here, wanted), lambda fax: {"custom_fields": wanted["rows"]} if "rows" in wanted else {})
    return success(PROCESSED)


def _fax(here: RequestContext, wanted: Mapping[str, Any]) -> Fax:
    return find_fax(here, f"{wanted['side']}/{wanted['fax']}", missing=12130)


def _labels(here: RequestContext) -> dict[str, str]:
    named = here.profile("labels", LABELS)
    names: Sequence[Any] = named if isinstance(named, (list, tuple)) else LABELS
    return {str(number): str(name) for number, name in enumerate(names, start=1)}
