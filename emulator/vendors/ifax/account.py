"""Who calls and what that key may do: live and test keys, free trial, caller ids, countries, credit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, request

from emulator.core.dialect.prices import delivered_pages
from emulator.core.dialect.vendor import Moment
from emulator.core.errors import LimitReached
from emulator.core.faxes.numbers import normalise
from emulator.core.storage.store import Add
from emulator.vendors.dialect import Call, enter
from emulator.vendors.ifax.answers import Failure, failure
from emulator.vendors.ifax.codes import BAD_KEY
from emulator.vendors.ifax.owned import owned_numbers
from emulator.vendors.ifax.places import has_country, in_us_or_canada
from emulator.vendors.ifax.profile import is_live
from emulator.vendors.ifax.tables import SHARED_NUMBER, TEST_PAGES


def check_key() -> Response | None:
    """Find the sandbox of the header accessToken; answer 12001 for an unknown key and a blocked user."""
    here = enter(request.headers.get("accessToken", ""))
    if here is None:
        return failure(12001, BAD_KEY)
    settings = here.settings
    if not settings.active:
        return failure(12001, BAD_KEY if is_live() else None)
    if settings.profile.get("professional_plan", True) is False:
        return failure(12004)
    return None


def is_test_key(here: Call) -> bool:
    """Tell a test key: the sandbox's own one, or its live key while the profile switch `test_key` is on."""
    own = here.sandbox.credentials[here.vendor.name].get("testAccessToken")
    return here.key == own or bool(here.settings.profile.get("test_key"))


@contextmanager
def allowance(here: Call, pages: int) -> Iterator[bool]:
    """Take pages from the limits of this key, give them back on failure; tell whether it is a test key.

    Raises Failure: 120106 when a test key, 120105 when a free trial has no page left, 12012 when a live key
    finds too little credit.
    """
    test, pages = is_test_key(here), max(1, pages)
    trial = here.settings.profile.get("free_trial")
    taken: list[Add] = []
    try:
        if test:
            taken.append(
                _take(here, "test_pages", pages, here.settings.profile.get("test_pages", TEST_PAGES), 120106)
            )
        if trial is not None:
            taken.append(_take(here, "trial_pages", pages, trial, 120105))
        if not test and here.world.balance("ifax") < here.settings.rates.page * pages:
            raise Failure(12012)
        yield test
    except BaseException:
        back = [Add(each.name, -each.delta) for each in taken]
        here.world.store.commit(adds=back)
        raise


def _take(here: Call, name: str, pages: int, most: object, code: int) -> Add:
    take = Add(f"ifax/{name}", pages, at_most=most if isinstance(most, int) else 0)
    try:
        here.world.store.commit(adds=[take])
    except LimitReached:
        raise Failure(code) from None
    return take


def check_destination(here: Call, to: str) -> None:
    """Raise Failure for a number that this key may not fax to, or whose country there is not."""
    settings = here.settings
    designated = settings.profile.get("designated_number")
    if designated is not None and to != normalise(str(designated)):
        raise Failure(-111)
    if settings.restricts(to):
        raise Failure(120100)
    if not to.startswith("+1") and not has_country(to):
        raise Failure(-2028)
    limited = settings.profile.get("free_trial") is not None or is_test_key(here)
    if limited and not in_us_or_canada(to):
        raise Failure(120101)


def caller_id(here: Call, wanted: str | None) -> str:
    """Give the From number: the one wanted, else the account's first, else one of the vendor's own (assumed).

    Raises Failure 120104 for one that is not the account's own; an account that lists no numbers may use any
    (when a caller id counts as verified is assumed).
    """
    listed = here.settings.numbers
    if wanted is None:
        return normalise(listed[0]) if listed else SHARED_NUMBER
    if listed and wanted not in owned_numbers(here):
        raise Failure(120104)
    return wanted


def charge(moment: Moment) -> int:
    """Price the pages of a fax that has just been delivered; a test key's cost nothing (documented)."""
    return 0 if moment.fax.details.get("test") else delivered_pages(moment)


def estimate(moment: Moment) -> int:
    """Give the credit that a fax must find when its turn comes, else it fails with 9040 (stage assumed)."""
    fax = moment.fax
    return 0 if fax.details.get("test") else moment.settings.rates.page * fax.pages
