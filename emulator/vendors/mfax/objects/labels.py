"""Tags, contacts and custom fields: the same five operations on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema

from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import (
    CONTACTS,
    CUSTOM_FIELDS,
    TAGS,
    ObjectKind,
    caller,
    destination,
    show_times,
)
from emulator.vendors.mfax.errors import answer_ok, answer_with, invalid
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import MOST_OBJECTS

_Wanted = Mapping[str, Any]


def _owner() -> _Wanted:
    return {"accountId": caller()["accountId"]}


def _maker() -> _Wanted:
    return {"type": "custom", **_owner(), "createdBy": caller()["uuid"]}


def _user() -> _Wanted:
    return {**_owner(), "userId": caller()["uuid"]}


def _field() -> _Wanted:
    return {"isArchived": False, **_owner()}


def _allow_all(wanted: _Wanted) -> None:
    """Take whatever fits the schema; what faxes carry in `cf` is not bound to custom fields (assumed)."""


def _check_number(wanted: _Wanted) -> None:
    if wanted.get("faxNumber"):
        destination(wanted["faxNumber"])


def _choose_all(rows: list[_Wanted], wanted: _Wanted) -> list[_Wanted]:
    return rows


_SEARCHED = ("name", "faxNumber", "phoneNumber", "email")
"""What the `query` of contacts looks at (documented)."""


def _choose_contacts(rows: list[_Wanted], wanted: _Wanted) -> list[_Wanted]:
    user, text = wanted["userId"], wanted["query"].lower()
    # A contact of an older snapshot lacks some of its fields.
    found = [row for row in rows if user in (None, row.get("userId"))
             and any(text in row.get(name, "").lower() for name in _SEARCHED)]  # fmt: skip
    name, _, way = wanted["order"].partition(" ")
    return sorted(found, key=lambda row: str(row.get(name, "")).lower(), reverse=way.lower() == "desc")


def _choose_fields(rows: list[_Wanted], wanted: _Wanted) -> list[_Wanted]:
    return [row for row in rows if wanted["entity"] in (None, row["entity"])]


@dataclass(frozen=True)
class LabelViews:
    """The views of one kind. `schema` is what a new object takes, `changes` what a change does; `own` makes
    what a new one adds, `check` raises what is wrong with a call, `choose` gives the rows that a list wants.
    """

    kind: ObjectKind
    schema: type[Schema]
    changes: type[Schema]
    page: type[Schema] = parameters.ListPage
    own: Callable[[], _Wanted] = _owner
    check: Callable[[_Wanted], None] = _allow_all
    choose: Callable[[list[_Wanted], _Wanted], list[_Wanted]] = _choose_all

    def list(self) -> Response:
        world, wanted = context().world, load(self.page)
        rows = self.choose([record.data for record in self.kind.page(world)], wanted)
        query = {"limit": wanted["limit"], "offset": wanted["offset"]}
        shown = [show_times(row) for row in rows[wanted["offset"] :][: wanted["limit"]]]
        return answer_with({"count": len(rows), "rows": shown, "query": query})

    def create(self) -> Response:
        world, wanted = context().world, load(self.schema)
        if self.kind.count(world) >= MOST_OBJECTS:
            raise invalid(f"{self.kind.what}: an account has at most {MOST_OBJECTS}.")
        self.check(wanted)
        return answer_with(show_times(self.kind.add(world, {**wanted, **self.own()})))

    # Each kind's id has a name of its own in the path.
    def read(self, **path: str) -> Response:
        (uuid,) = path.values()
        return answer_with(show_times(self.kind.get(context().world, uuid).data))

    def update(self, **path: str) -> Response:
        (uuid,), wanted = path.values(), load(self.changes)
        self.check(wanted)
        return answer_with(show_times(self.kind.update(context().world, uuid, wanted)))

    def delete(self, **path: str) -> Response:
        (uuid,) = path.values()
        self.kind.remove(context().world, uuid)
        return answer_ok()


TAG_VIEWS = LabelViews(TAGS, parameters.NewTag, parameters.NewTag, own=_maker)
CONTACT_VIEWS = LabelViews(
    CONTACTS,
    parameters.NewContact,
    parameters.NewContact,
    parameters.ContactList,
    own=_user,
    check=_check_number,
    choose=_choose_contacts,
)
CUSTOM_FIELD_VIEWS = LabelViews(
    CUSTOM_FIELDS,
    parameters.NewCustomField,
    parameters.CustomField,
    parameters.CustomFieldList,
    own=_field,
    choose=_choose_fields,
)
