"""What each parameter of the operations on numbers does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vendors.mfax.bodies import BODIES, CUSTOMER, MASTER, number, offer
from tests.vendors.mfax.cases.case import Case
from tests.vendors.mfax.conftest import Mfax
from tests.vendors.mfax.world import STORAGE, Call

FIRST, SECOND, THIRD, *NEW = (BODIES["number"]["uuid"], *BODIES["provisioned"])
OFFERS = BODIES["offers"]


def stock(mfax: Mfax, pdf: bytes) -> None:
    """Have three numbers: one with a user, one that the sub-account manages, one that was released."""
    mfax.control.vendor("mfax", numbers=["+15095550100", "+15095550101", "+15095550102"])
    mfax.get("/v1/numbers")
    mfax.post(f"/v1/numbers/{FIRST}/user/{mfax.me()['uuid']}")
    mfax.patch(f"/v1/numbers/{SECOND}", managedBy=CUSTOMER["uuid"])
    mfax.delete(f"/v1/numbers/{THIRD}/release")
    mfax.get("/v1/numbers/provision/search", npa="702", limit="2")


ASSIGNED = number("numbers", users=[BODIES["number_user"]])
MANAGED = number("numbers", uuid=SECOND, number="5095550101", managedBy=CUSTOMER["uuid"], manager=CUSTOMER)
PENDING = number("numbers", uuid=THIRD, number="5095550102", pendingUntil=BODIES["pending_until"])


def lists() -> Iterator[Case]:
    def case(parameter: str, value: str, *rows: Any, count: int, limit: int = 30, offset: int = 0) -> Case:
        body = {"rows": list(rows), "count": count, "limit": limit, "offset": offset}
        return Case("numbers", parameter, Call({parameter: value}, place="query"), body)

    yield case("accountId", MASTER["uuid"], ASSIGNED, MANAGED, PENDING, count=3)
    yield case("accountId", CUSTOMER["uuid"], MANAGED, count=1)
    yield case("type", "assigned", ASSIGNED, count=1)
    yield case("type", "available", MANAGED, count=1)
    yield case("type", "pending", PENDING, count=1)
    yield case("offset", "1", MANAGED, PENDING, count=3, offset=1)
    yield case("limit", "1", ASSIGNED, count=3, limit=1)
    yield case("query", "555-0102", PENDING, count=1)
    yield case("query", "nothing", count=0)


def new(place: int, digits: str, **changes: Any) -> dict[str, Any]:
    return number("provision", uuid=NEW[place], number=digits, **changes)


def provisions() -> Iterator[Case]:
    def case(parameter: str, body: Any, **fields: str) -> Case:
        return Case("provision", parameter, Call(fields), body)

    ordered = new(0, OFFERS[0][2:])
    yield case("type", [ordered], type="order", numbers=OFFERS[0])
    yield case("type", [new(0, "7025550199")], type="local", numbers="+17025550199")
    yield case("type", [new(0, "8885550199")], type="toll-free", numbers="+18885550199")
    yield case("type", [new(0, "8005559721")], type="toll-free")
    yield case("type", [new(0, "5095557525")], type="local")
    both = [ordered, new(1, OFFERS[1][2:])]
    yield case("numbers", both, type="order", numbers=",".join(OFFERS[:2]))
    random = [new(0, "8005559721"), new(1, "8335551872")]
    yield case("quantity", random, type="toll-free", quantity="2")
    theirs = new(0, OFFERS[0][2:], managedBy=CUSTOMER["uuid"], manager=CUSTOMER)
    yield case("accountId", [theirs], type="order", numbers=OFFERS[0], accountId=CUSTOMER["uuid"])
    yield case("storage", [ordered], type="order", numbers=OFFERS[0], storage=STORAGE)


def searches() -> Iterator[Case]:
    def case(parameter: str, *offers: Any, limit: int = 2, **query: str) -> Case:
        call = Call({**query, "limit": str(limit)}, place="query")
        return Case("number-search", parameter, call, {"result": list(offers), "limit": limit})

    vegas = offer(OFFERS[0]), offer(OFFERS[1])
    yield case("npa", *vegas, npa="702")
    yield case("npa", offer("+18885552793", "TOLL FREE", ""), npa="888", limit=1)
    yield case("nxx", offer("+17023213261"), offer("+17023217814"), npa="702", nxx="321")
    maine = offer("+12075556223", "PORTLAND", "ME"), offer("+12075550576", "PORTLAND", "ME")
    yield case("state", *maine, city="Portland", state="ME")
    yield case("city", offer(OFFERS[0]), offer("+17255551495"), city="Las Vegas")
    yield case("zipcode", offer(OFFERS[0]), offer("+17255551495"), zipcode="89101")
    yield case("limit", *(offer(each) for each in OFFERS[:3]), npa="702", limit=3)


def settings() -> Iterator[Case]:
    at = {"numberId": FIRST}
    body = number("number-update", storage=STORAGE, users=[BODIES["number_user"]])
    yield Case("number-update", "storage", Call({"storage": STORAGE}, at=at), body)
    body = number("number-update", manager=CUSTOMER)
    yield Case("number-update", "managedBy", Call({"managedBy": CUSTOMER["uuid"]}, at=at), body)


def validations() -> Iterator[Case]:
    numbers = {
        ("2125550123", "US"): True,
        ("+442079460123", "us"): True,
        ("020 7946 0123", "GB"): True,
        ("020 7946 0123", "US"): False,
        ("example", "US"): False,
        ("2125550123", "ZZ"): False,
        ("1" * 250, "US"): False,
        ("+442079460123", "ZZ"): False,
        ("+1202555012", "US"): False,
        ("+120255501234", "US"): False,
        ("+0012025550123", "US"): False,
        ("+1 202 555 0123 ext 4", "US"): False,
        ("+1 202 555 0123 #4", "US"): False,
        ("1-800-FLOWERS", "US"): False,
        ("+１２０２５５５０１２３", "US"): False,  # noqa: RUF001
        ("１２０２５５５０１２３", "US"): False,  # noqa: RUF001
    }
    for (digits, country), valid in numbers.items():
        call = Call({"number": digits, "country": country}, place="query")
        for parameter in ("number", "country"):
            yield Case("number-validate", parameter, call, {"isValid": valid})


CASES = (*lists(), *provisions(), *searches(), *settings(), *validations())
