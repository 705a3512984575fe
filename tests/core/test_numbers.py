from __future__ import annotations

import pytest

from emulator.core.faxes.numbers import is_in_use, is_number, normalise


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 (212) 555-0123", "+12125550123"),
        ("12125550123", "+12125550123"),
        ("2125550123", "+12125550123"),
        (" 12125550123", "+12125550123"),
        ("011442079460123", "+442079460123"),
        ("00442079460123", "+442079460123"),
        ("+00442079460123", "+00442079460123"),
        ("442079460123", "+442079460123"),
        ("911", "+911"),
        ("", ""),
        ("  ", ""),
        ("anonymous", "anonymous"),
        ("1-800-FLOWERS", "1-800-FLOWERS"),
        ("sip:fax@example.com ", "sip:fax@example.com"),
    ],
)
def test_a_number_becomes_e164_where_its_text_allows(text: str, number: str):
    assert normalise(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("0044 (0) 20 7946 0123", "+442079460123"),
        ("+4402079460123", "+442079460123"),
        ("+39 06 1234 5678", "+390612345678"),
        ("+１２１２５５５０１２３", "+１２１２５５５０１２３"),  # noqa: RUF001
        ("1" * 100_000, "1" * 100_000),
    ],
)
def test_a_trunk_prefix_goes_where_the_country_has_one(text: str, number: str) -> None:
    assert normalise(text) == number


@pytest.mark.parametrize(
    "number", ["+12125550123", "+15005550001", "+11234567890", "+861069445000", "+80012345678"]
)
def test_a_number_has_a_length_of_its_country(number: str) -> None:
    assert is_number(number)


WIDE = "+１２１２５５５０１２３"  # noqa: RUF001
NONE = ["+1202555012", "+120255501234", "+0012025550123", WIDE, "+4420", "+911", "+", "", "x"]


@pytest.mark.parametrize("number", NONE)
def test_what_no_country_has_is_no_number(number: str) -> None:
    assert not is_number(number)
    assert not is_in_use(number)
    assert not is_in_use(number, "US")


def test_a_number_is_in_use_in_a_country_that_there_is() -> None:
    assert is_in_use("020 7946 0123", "gb")
    assert not is_in_use("+442079460123", "ZZ")
