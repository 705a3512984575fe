"""The way from countries over areas to a number of one's own, and labels and custom fields."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from emulator.app import App
from emulator.stores.memory.store import MemorySandbox
from emulator.vendors.ifax.numbers import GROUP
from tests.conftest import WAIT
from tests.vendors.ifax.client import JOB, Ifax, fax_object, text_of
from tests.vendors.ifax.story import known, refusal


def test_from_country_to_owned_number_and_back(ifax: Ifax) -> None:
    countries = ifax.body("country-list")
    assert {"abbreviation": "US", "name": "United States", "dialCode": "+1"} in countries["data"]
    assert countries == known("country-list")
    areas = ifax.body("area-list", abbreviation="US")
    area = {"id": "1212", "prefix": "212", "name": "New York, NY"}
    assert area in areas["data"]
    named = [
        {"id": f"1{row['prefix']}", "prefix": row["prefix"], "name": row["name"]} for row in areas["data"]
    ]
    assert areas == {"status": 1, "message": text_of(12109), "data": named}
    numbers = ifax.body("numbers", id=area["id"])
    assert numbers == known("numbers")
    number = numbers["data"][0]["faxNumber"]
    assert ifax.body("search", faxNumber=number) == {"status": 1, "message": text_of(12110)}
    bought = ifax.body("buy", faxNumber=number, addLicense=False)
    assert bought == known("buy")

    assert ifax.code("search", faxNumber=number) == 12129
    assert ifax.code("buy", faxNumber=number) == 12129
    assert ifax.data("numbers", id=area["id"]) == numbers["data"][1:]
    listed = ifax.body("number-list")
    assert listed == {
        "status": 1,
        "message": text_of(12036),
        "data": [{**bought["data"], "faxNumber": number}],
    }

    assert ifax.body("number-delete", **bought["data"]) == {"status": 1, "message": text_of(12115)}
    assert ifax.code("number-delete", **bought["data"]) == 12135
    assert ifax.data("number-list") == []
    assert ifax.data("buy", faxNumber=number) != bought["data"]


def test_every_area_has_numbers_that_are_numbers(ifax: Ifax) -> None:
    for country in ("CA", "GB", "DE", "BS", "JM", "PR"):
        area = ifax.data("area-list", abbreviation=country.lower())[0]
        number = ifax.data("numbers", id=area["id"])[0]["faxNumber"]
        assert ifax.body("search", faxNumber=number) == known("search")


def test_an_area_is_sold_out(ifax: Ifax) -> None:
    for row in ifax.data("numbers", id="1212"):
        ifax.data("buy", faxNumber=row["faxNumber"])
    assert ifax.code("numbers", id="1212") == 12134


def test_numbers_of_the_portal_are_owned_and_can_be_deleted(ifax: Ifax) -> None:
    ifax.control.vendor("ifax", numbers=["+12125550111", "2125550112"])
    first, second = ifax.data("number-list")
    assert second["faxNumber"] == "+12125550112"
    assert ifax.code("buy", faxNumber="+12125550112") == 12129
    ids = {"numberId": second["numberId"], "orderId": second["orderId"]}
    assert ifax.body("number-delete", **ids) == known("number-delete")
    assert ifax.data("number-list") == [first]
    assert ifax.control.vendor("ifax")["numbers"] == ["+12125550111"]


@pytest.mark.parametrize("of_the_portal", [False, True])
def test_of_two_calls_that_let_one_number_go_at_one_time_one_is_refused(
    ifax: Ifax, app: App, monkeypatch: pytest.MonkeyPatch, of_the_portal: bool
) -> None:
    ifax.control.vendor("ifax", numbers=["+12125550111"])
    ids = {name: known("number-list")["data"][0][name] for name in ("numberId", "orderId")}
    if not of_the_portal:
        ids = ifax.data("buy", faxNumber="+12125550100")
    both, read = Barrier(2, timeout=WAIT), MemorySandbox.list

    def read_together(own: MemorySandbox, kind: Any, name: str, **options: Any) -> list[Any]:
        found = read(own, kind, name, **options)
        if (own.id, name) == (ifax.control.id, GROUP):
            both.wait()
        return found

    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(MemorySandbox, "list", read_together)
        answers = list(pool.map(lambda _: ifax.body("number-delete", **ids), range(2)))
    assert sorted(answers, key=lambda answer: answer["status"]) == [refusal(12114), known("number-delete")]


def test_what_is_not_for_sale(ifax: Ifax) -> None:
    assert ifax.code("search", faxNumber="+12125550199") == 12134
    assert ifax.code("search", faxNumber="+35312345678") == 12134
    assert ifax.code("buy", faxNumber="+12125550199") == 12113
    assert ifax.code("buy", faxNumber="+9991234567") == 12113
    assert ifax.code("search", faxNumber="hello") == 12090
    assert ifax.code("search") == 12124
    assert ifax.code("buy") == 12124
    assert ifax.code("numbers") == 12123
    assert ifax.code("numbers", id="1999") == 12117
    assert ifax.code("numbers", id="0") == 12117
    assert ifax.code("area-list") == 12108
    assert ifax.code("area-list", abbreviation="XX") == 12127
    assert ifax.code("area-list", abbreviation=["US"]) == 12009


def test_labels_are_assigned_removed_and_replaced(ifax: Ifax) -> None:
    labels = ifax.body("label-list")
    assert labels == {
        "status": 1,
        "message": "processed",
        "data": [
            {"labelId": "1", "name": "Important"},
            {"labelId": "2", "name": "Work"},
            {"labelId": "3", "name": "Personal"},
        ],
    }
    job = ifax.send()
    fax = {"faxId": ifax.data("list")[0]["faxId"], "faxType": "OB"}

    def held() -> str:
        return str(ifax.data("custom-fields", **fax)["labelId"])

    done = {"status": 1, "message": "processed"}
    assert ifax.body("label-assign", **fax, labelId="1, 2") == done
    assert ifax.body("label-assign", **fax, labelId="2,3") == done
    assert held() == "1,2,3"
    assert ifax.body("label-remove", **fax, labelId="2") == done
    assert held() == "1,3"
    assert ifax.body("label-update", **fax, labelId="2") == done
    assert held() == "2"
    assert ifax.body("label-remove", **fax) == done
    assert held() == ""
    assert ifax.code("label-assign", **fax, labelId="9") == 12006
    assert ifax.code("label-assign", faxId=1, faxType="OB", labelId="1") == 12130
    assert ifax.code("label-assign", faxId=fax["faxId"], faxType="IB") == 12130
    assert ifax.code("label-assign", faxId=fax["faxId"], faxType="XX") == 12009
    assert ifax.code("label-assign", faxType="OB") == -1005
    assert ifax.code("label-assign", faxId=fax["faxId"]) == 11008
    assert ifax.finish(job) == fax_object(JOB, "delivered", 0, sent=1, seconds=35)


def test_an_account_may_name_its_labels(ifax: Ifax) -> None:
    ifax.profile(labels=["A"])
    assert ifax.data("label-list") == [{"labelId": "1", "name": "A"}]


def test_custom_fields_are_written_and_read(ifax: Ifax) -> None:
    fax = {"faxId": ifax.receive()["faxId"], "faxType": "IB"}
    assert ifax.body("custom-fields", **fax) == {
        "status": 1,
        "message": "processed",
        "data": {**fax, "labelId": "", "custom_fields": []},
    }
    fields = [{"name": "patient", "value": "42"}, {"name": "room"}]
    assert ifax.body("custom-fields-update", **fax, custom_fields=fields) == {
        "status": 1,
        "message": "processed",
    }
    assert ifax.data("custom-fields", **fax) == {**fax, "labelId": "", "custom_fields": fields}
    assert ifax.body("custom-fields-update", **fax) == known("custom-fields-update")
    assert ifax.data("custom-fields", **fax) == {**fax, "labelId": "", "custom_fields": fields}
    assert ifax.body("custom-fields-update", **fax, custom_fields=[]) == known("custom-fields-update")
    assert ifax.data("custom-fields", **fax) == {**fax, "labelId": "", "custom_fields": []}


@pytest.mark.parametrize(
    "rows", [[1, None, True, 1.5], ["a"], [{"value": "1"}], [{"name": "a", "value": [1, {"b": []}]}], [[]]]
)
def test_custom_fields_are_any_array(ifax: Ifax, rows: list[Any]) -> None:
    ifax.send()
    fax = {"faxId": ifax.data("list")[0]["faxId"], "faxType": "OB"}
    done = ifax.body("custom-fields-update", **fax, custom_fields=rows)
    assert done == known("custom-fields-update")
    assert ifax.data("custom-fields", **fax)["custom_fields"] == rows


@pytest.mark.parametrize("wrong", [{"name": "a"}, "a", 3, [2**70], ["x" * 20_000], [1] * 101])
def test_custom_fields_are_an_array_of_bounded_size(ifax: Ifax, wrong: object) -> None:
    ifax.send()
    fax = {"faxId": ifax.data("list")[0]["faxId"], "faxType": "OB"}
    assert ifax.code("custom-fields-update", **fax, custom_fields=wrong) == 12009
