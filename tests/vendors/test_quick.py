"""A quick schema loads what any schema loads, and says what any schema says."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import EXCLUDE, INCLUDE, Schema, ValidationError, fields, post_load, validate

from emulator.vendors.reading import QuickSchema

INNER = {"size": fields.Integer(required=True), "note": fields.String(data_key="remark")}
OUTER = {
    "name": fields.String(data_key="Name", required=True, validate=validate.Length(max=5)),
    "count": fields.Integer(load_default=3),
    "kind": fields.String(attribute="sort", allow_none=True),
    "tags": fields.List(fields.String(), load_default=list),
}


def loaded(base: type[Schema], given: Any, **options: Any) -> Any:
    """What such a schema makes of it: the values, or what it says is wrong."""
    inner = base.from_dict(INNER)
    schema = base.from_dict({**OUTER, "rows": fields.List(fields.Nested(inner))})(**options)
    try:
        values = schema.load(given)
        return list(values.items()) if isinstance(values, dict) else values
    except ValidationError as wrong:
        return wrong.messages


class Plain(Schema):
    class Meta:
        unknown = EXCLUDE


@pytest.mark.parametrize(
    "given",
    [
        {"Name": "a"},
        {"Name": "a", "count": "4", "kind": None, "other": 1},
        {"Name": "a", "rows": [{"size": 1, "remark": "b"}, {"size": "2", "note": "c"}]},
        {"name": "a"},
        {"Name": "abcdef", "count": "x"},
        {"Name": "a", "rows": [{"size": 1}, {"remark": 1}, "a"]},
        {"Name": "a", "rows": {}},
        {"Name": None},
        {},
        [],
        None,
    ],
)
def test_it_loads_and_refuses_as_any_schema_does(given: object) -> None:
    assert loaded(QuickSchema, given) == loaded(Plain, given)


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ([{"Name": "a"}], {"many": True}),
        ({}, {"partial": True}),
        ({"Name": "a", "b": 1}, {"unknown": INCLUDE}),
    ],
)
def test_options_of_a_schema_count(given: object, options: dict[str, Any]) -> None:
    assert loaded(QuickSchema, given, **options) == loaded(Plain, given, **options)


def test_its_hooks_are_called() -> None:
    class Hooked(QuickSchema):
        name = fields.String()

        @post_load
        def _shout(self, data: dict[str, str], **_: object) -> str:
            return data["name"].upper()

    assert Hooked().load({"name": "a"}) == "A"
