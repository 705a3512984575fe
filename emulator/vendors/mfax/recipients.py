"""To whom a fax goes: numbers as clients write them, and contacts of the account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.vendors.mfax.errors import MfaxError, invalid, not_allowed
from emulator.vendors.mfax.labels import contacts
from emulator.vendors.mfax.tables import INTERNATIONAL, MOST_RECIPIENTS, REFUSALS
from emulator.vendors.mfax.tenant import Tenant

_NUMBER = re.compile(r"\s*\+?[\d\s().-]{7,40}")


@dataclass(frozen=True)
class Recipient:
    """One destination; `written` is the number as the client wrote it."""

    written: str
    name: str = ""
    contact: str | None = None


def recipients(
    tenant: Tenant, numbers: Sequence[str], contact_ids: Sequence[str]
) -> list[Recipient | MfaxError]:
    """Give every destination in order; a contact that is not there is the error in its place."""
    if len(numbers) + len(contact_ids) > MOST_RECIPIENTS:
        raise invalid(f"A call takes at most {MOST_RECIPIENTS} recipients.")
    found: list[Recipient | MfaxError] = [Recipient(number) for number in numbers]
    found += [_contact(contacts(tenant).find(each), each) for each in contact_ids]
    if not found:
        raise invalid("recipientFax: at least one fax number is required.")
    return found


def _contact(record: Record | None, uuid: str) -> Recipient | MfaxError:
    if record is None:
        return invalid(f"Contact {uuid} not found.")
    name = f"{record.data['firstName']} {record.data['lastName']}".strip()
    return Recipient(record.data["faxNumber"], name, record.id)


def destination(tenant: Tenant, written: str) -> str:
    """Give the number in E.164; raise what forbids faxing to it."""
    number = normalise(written)
    if not _NUMBER.fullmatch(written) or not 7 <= len(number) - 1 <= 15:
        raise MfaxError(*REFUSALS["invalid_number"])
    if tenant.settings.restricts(number):
        raise MfaxError(*REFUSALS["restricted"])
    if not number.startswith("+1") and not tenant.switch("international"):
        raise not_allowed(INTERNATIONAL)
    return number


def country_of(number: str) -> str:
    """Give the alpha-2 country of a number in E.164, US when it says nothing."""
    import phonenumbers

    try:
        known = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "US"
    found = phonenumbers.region_code_for_number(known)
    found = found or phonenumbers.region_code_for_country_code(known.country_code or 1)
    return found if found.isalpha() else "US"


def is_valid(number: str, country: str) -> bool:
    """Tell whether a number can be dialled as written in a country (alpha-2)."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country.upper()))
    except phonenumbers.NumberParseException:
        return False


def national(number: str) -> str:
    """Give the ten digits of a North American number, the digits of any other."""
    return number.removeprefix("+1") if number.startswith("+1") else number.removeprefix("+")
