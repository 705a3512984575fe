"""Tags, contacts and custom fields: the same five operations on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema

from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import caller, destination
from emulator.vendors.mfax.errors import answer_ok, invalid
from emulator.vendors.mfax.objects.kinds import CONTACTS, CUSTOM_FIELDS, TAGS, ObjectKind, show_times
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import MOST_OBJECTS

_Wanted = Mapping[str, Any]


def _owner() -> _Wanted:
    return {"accountId": caller()["accountId"]}


def _maker() -> _Wanted:
    return {"type": "custom", **_owner(), "createdBy": caller()["uuid"]}


def _allow_all(wanted: _Wanted) -> None:
    """Take whatever fits the schema; what faxes carry in `cf` is not bound to custom fields (assumed)."""


def _check_number(wanted: _Wanted) -> None:
    if "faxNumber" in wanted:
        destination(wanted["faxNumber"])


@dataclass(frozen=True)
class LabelViews:
    """The views of one kind; `check` raises what is wrong with a call, `own` makes what a new object adds."""

    kind: ObjectKind
    schema: type[Schema]
    own: Callable[[], _Wanted] = _owner
    check: Callable[[_Wanted], None] = _allow_all

    def list(self) -> Response:
        world, page = context().world, load(parameters.ListPage)
        rows = self.kind.page(world, page["offset"], page["limit"])
        query = {"limit": page["limit"], "offset": page["offset"]}
        shown = [show_times(row.data) for row in rows]
        return jsonify({"count": self.kind.count(world), "rows": shown, "query": query})

    def create(self) -> Response:
        world, wanted = context().world, load(self.schema)
        if self.kind.count(world) >= MOST_OBJECTS:
            raise invalid(f"{self.kind.what}: an account has at most {MOST_OBJECTS}.")
        self.check(wanted)
        return jsonify(show_times(self.kind.add(world, {**wanted, **self.own()})))

    # Each kind's id has a name of its own in the path.
    def read(self, **path: str) -> Response:
        (uuid,) = path.values()
        return jsonify(show_times(self.kind.get(context().world, uuid).data))

    def update(self, **path: str) -> Response:
        (uuid,), wanted = path.values(), load(self.schema)
        self.check(wanted)
        return jsonify(show_times(self.kind.update(context().world, uuid, wanted)))

    def delete(self, **path: str) -> Response:
        (uuid,) = path.values()
        self.kind.remove(context().world, uuid)
        return answer_ok()


TAG_VIEWS = LabelViews(TAGS, parameters.NewTag, own=_maker)
CONTACT_VIEWS = LabelViews(CONTACTS, parameters.NewContact, check=_check_number)
CUSTOM_FIELD_VIEWS = LabelViews(CUSTOM_FIELDS, parameters.NewCustomField)
