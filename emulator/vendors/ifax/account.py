"""What a key may do: live and test keys, free trial, caller ids, countries, credit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.core.dialect.moment import Moment, charge_delivered
from emulator.core.errors import LimitReached
from emulator.core.faxes.numbers import is_number, normalise
from emulator.core.item import Add
from emulator.vendors.dialect import RequestContext
from emulator.vendors.ifax.errors import IfaxError
from emulator.vendors.ifax.numbers import owned_numbers
from emulator.vendors.ifax.places import has_country, in_us_or_canada
from emulator.vendors.ifax.tables import SHARED_NUMBER, TEST_PAGES

_TEST, _TRIAL = "ifax/test_pages", "ifax/trial_pages"  # the counters of the pages that were sent


def is_test_key(here: RequestContext) -> bool:
    """Tell a test key: the sandbox's own one, or its live key while the profile switch `test_key` is on."""
    own = here.sandbox.credentials["ifax"].get("testAccessToken")
    return here.key == own or bool(here.settings.profile.get("test_key"))


@contextmanager
def allowance(here: RequestContext, pages: int) -> Iterator[bool]:
    """Take pages from the limits of this key, give them back on failure; tell whether it is a test key.

    Raises IfaxError: 120106 when a test key, 120105 when a free trial has no page left, 12012 when a live key
    finds too little credit.
    """
    switches = here.settings.profile
    test, trial, pages = is_test_key(here), switches.get("free_trial"), max(1, pages)
    take: list[Add] = []
    if test:
        take.append(_pages(_TEST, pages, switches.get("test_pages", TEST_PAGES)))
    if trial is not None:
        take.append(_pages(_TRIAL, pages, trial))
    if take:
        try:
            here.world.commit(adds=take)
        except LimitReached as full:
            raise IfaxError(120106 if full.name == _TEST else 120105) from None
    try:
        if not test and here.world.balance("ifax") < here.settings.rates.page * pages:
            raise IfaxError(12012)
        yield test
    except BaseException:
        here.world.commit(adds=[Add(each.name, -each.delta) for each in take])
        raise


def _pages(name: str, pages: int, most: object) -> Add:
    return Add(name, pages, at_most=most if isinstance(most, int) else 0)


def check_destination(here: RequestContext, to: str) -> None:
    """Raise IfaxError for a number that this key may not fax to, or that no country has."""
    switches = here.settings.profile
    designated = switches.get("designated_number")
    if designated is not None and to != normalise(str(designated)):
        raise IfaxError(-111)
    if here.settings.restricts(to):
        raise IfaxError(120100)
    if not to.startswith("+1") and not has_country(to):
        raise IfaxError(-2028)
    if not is_number(to):
        raise IfaxError(120100)
    limited = switches.get("free_trial") is not None or is_test_key(here)
    if limited and not in_us_or_canada(to):
        raise IfaxError(120101)


def caller_id(here: RequestContext, wanted: str | None) -> str:
    """Choose the From number: the one wanted, else the account's first, else one of the vendor's (assumed).

    Raises IfaxError 120104 for one that is not the account's own; an account that lists no numbers may use
    any (when a caller id counts as verified is assumed).
    """
    listed = here.settings.numbers
    if wanted is None:
        return normalise(listed[0]) if listed else SHARED_NUMBER
    if listed and wanted not in owned_numbers(here):
        raise IfaxError(120104)
    return wanted


def charge(moment: Moment) -> int:
    """Price the pages of a fax that has just been delivered; a test key's cost nothing (documented)."""
    return 0 if moment.fax.details.get("test") else charge_delivered(moment)


def estimate(moment: Moment) -> int:
    """Price the credit that a fax must find when its turn comes, else it fails with 9040 (stage assumed)."""
    fax = moment.fax
    return 0 if fax.details.get("test") else moment.settings.rates.page * fax.pages
