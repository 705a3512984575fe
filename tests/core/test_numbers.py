from __future__ import annotations

import pytest

from emulator.core.faxes.numbers import normalise


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
