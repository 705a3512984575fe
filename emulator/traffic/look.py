"""How one message is looked at: by whose tables, at which endpoint, whether it asks or answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from emulator.core.dialect.recorded import Recorded, Sense
from emulator.core.dialect.vendor import Vendor
from emulator.core.paths import leaves
from emulator.traffic.body import Payload, parse_json
from emulator.vendors import all_vendors

NO_RECORD = Recorded("")
"""Of a vendor that says nothing of its traffic: all of it is hidden."""


@cache
def vocabulary(vendor: str) -> frozenset[str]:
    """Every word and text that a vendor's tables have."""
    rows = [row for table in all_vendors()[vendor].tables.values() for row in table]
    return frozenset(filter(None, (said for row in rows for said in (row.word, row.text))))


def side_of(vendor: Vendor, body: Payload) -> str:
    """Tell by a webhook's body of which faxes it tells: outbound or inbound ones."""
    key, value = (vendor.recorded or NO_RECORD).inbound
    data = {part.name: part.value for part in body.data} if body.kind in ("form", "multipart") else body.data
    told = [str(leaf.value) for leaf in leaves(_unwrapped(data)) if leaf.key == key]
    return "inbound" if any(each.startswith(value) for each in told) else "outbound"


def _unwrapped(data: Any) -> Any:
    """Read JSON that stands as text within a form."""
    if not isinstance(data, dict):
        return data
    return {
        name: nested_json(value) or value if isinstance(value, str) else value for name, value in data.items()
    }


def nested_json(value: str) -> Any:
    """Read JSON that stands as text; None for other text."""
    try:
        found = parse_json(value)
    except ValueError:
        return None
    return found if isinstance(found, (dict, list)) else None


class Look:
    """The vendor, the endpoint or a webhook's side, and whether the message asks."""

    def __init__(
        self, vendor: Vendor, endpoint: str | None, *, asked: bool = False, webhook: bool = False
    ) -> None:
        self.vendor, self.endpoint, self.asked, self.webhook = vendor, endpoint, asked, webhook
        self.recorded = vendor.recorded or NO_RECORD
        self.words = vocabulary(vendor.name)

    def asking(self) -> Look:
        """The same for what asks: a webhook's keys are those of answers."""
        return Look(self.vendor, self.endpoint, asked=not self.webhook, webhook=self.webhook)

    def sense(self, key: str, above: str) -> Sense | None:
        """The sense of a key below another one."""
        return self.recorded.sense(self.endpoint, above, key, asked=self.asked)
