"""The history: lists of faxes that cost the same at any size, and filters over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.vendors.mfax.errors import MfaxError
from emulator.vendors.mfax.people import caller, is_admin
from emulator.vendors.mfax.tables import HISTORY_CALLS, HISTORY_WINDOW, REFUSALS
from emulator.vendors.mfax.tenant import NAME, Tenant, rewritten
from emulator.vendors.mfax.view import status_of

ALL = "all"
PAGE = 500

Filter = Callable[[Fax], bool]


def in_folders(moment: Moment) -> Fax:
    """Put a fax into the lists that the history reads: by account, direction and status, and by user."""
    fax = moment.fax
    account, users = fax.details["account"], fax.details["users"]
    word = status_of(fax)
    folders = (_folder(account, *each) for each in _kinds(fax.direction.value, word))
    return fax.evolve(folders=(*folders, *map(_user_folder, users)))


def _kinds(direction: str, word: str) -> tuple[tuple[str, str], ...]:
    return (ALL, ALL), (direction, ALL), (ALL, word), (direction, word)


def _folder(account: str, direction: str, word: str) -> str:
    return f"{NAME}/{account}/{direction}/{word}"


def _user_folder(user: str) -> str:
    return f"{NAME}/user/{user}"


def visible(fax: Fax) -> bool:
    """Tell whether the caller may see a fax: an admin all, others those that they sent or that are theirs.

    That inbound faxes are for the users of the number is documented.
    """
    return is_admin() or caller()["uuid"] in fax.details["users"]


def read(tenant: Tenant, account: str, wanted: Mapping[str, Any]) -> tuple[int, list[Fax]]:
    """Give how many faxes fit and the page of them that is wanted, newest first if `order` is not set."""
    user = wanted.get("userId") if is_admin() else caller()["uuid"]
    filters = [make(wanted[name]) for name, make in FILTERS.items() if name in wanted]
    folder = _folder(account, wanted["direction"], wanted["status"])
    if user is not None:
        filters += [_in_account(account), _of_kind(wanted["direction"], wanted["status"])]
        filters += [_of_user(wanted["userId"])] if "userId" in wanted else []
        folder = _user_folder(user)
    descending = wanted["order"].lower().endswith("desc")
    if filters:
        return _filtered(tenant, folder, filters, descending, wanted["offset"], wanted["limit"])
    store = tenant.world.store
    rows = store.list(Fax, folder, offset=wanted["offset"], limit=wanted["limit"], descending=descending)
    return store.count(folder), rows


def _filtered(
    tenant: Tenant, folder: str, filters: list[Filter], descending: bool, offset: int, limit: int
) -> tuple[int, list[Fax]]:
    count, rows = 0, []
    for fax in _walk(tenant, folder, descending):
        if all(fits(fax) for fits in filters):
            if offset <= count < offset + limit:
                rows.append(fax)
            count += 1
    return count, rows


def _walk(tenant: Tenant, folder: str, descending: bool) -> Iterator[Fax]:
    after: int | None = None
    while page := tenant.world.list(Fax, folder, after=after, limit=PAGE, descending=descending):
        yield from page
        after = page[-1].sequence


def _in_account(account: str) -> Filter:
    return lambda fax: fax.details["account"] == account


def _of_kind(direction: str, word: str) -> Filter:
    return lambda fax: direction in (ALL, fax.direction.value) and word in (ALL, status_of(fax))


def _of_user(user: str) -> Filter:
    return lambda fax: user in fax.details["users"]


def _holding(query: str) -> Filter:
    wanted = query.lower()
    return lambda fax: any(wanted in text.lower() for text in _texts(fax))


def _texts(fax: Fax) -> Iterator[str]:
    """Give what `query` searches (documented)."""
    details = fax.details
    yield from (fax.to, fax.sender, fax.vendor_id, "mFax" if fax.direction == "outbound" else "")
    yield from (str(details.get(name) or "") for name in ("callerId", "subject", "recipientName"))
    yield from (str(value) for value in details["cf"].values())
    yield from (call.csid or "" for call in fax.attempts)


def _tagged(tags: list[str]) -> Filter:
    return lambda fax: not set(tags).isdisjoint(fax.details["tags"])


def _archived(wanted: bool) -> Filter:
    return lambda fax: not wanted or bool(fax.details.get("isArchived"))


FILTERS: Mapping[str, Callable[[Any], Filter]] = {
    "fromDate": lambda at: lambda fax: fax.created_at >= at,
    "toDate": lambda at: lambda fax: fax.created_at < at,
    "query": _holding,
    "tags": _tagged,
    "isArchived": _archived,
}
"""A filter's parameter to what it asks of a fax. A fax with one of several tags fits (assumed)."""


def count_call(tenant: Tenant) -> None:
    """Count a call of the caller's; raise the rate limit's error when the window has had its calls."""
    tenant.anew(lambda: _count_call(tenant, caller()["uuid"]))


def _count_call(tenant: Tenant, user: str) -> None:
    note, now = tenant.note(f"history/{user}"), tenant.now
    window = note.data
    if not window or now - window["since"] >= HISTORY_WINDOW:
        window = {"since": now, "calls": 0}
    if window["calls"] >= HISTORY_CALLS:
        raise MfaxError(*REFUSALS["rate_limited"])
    tenant.commit(rewritten(note, {**window, "calls": window["calls"] + 1}))
