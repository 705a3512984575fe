from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Control
from tests.control.shown import MANUAL
from tests.receiver import Receiver
from tests.sending import send


@pytest.fixture
def sent(control: Control) -> Callable[..., dict[str, Any]]:
    """Send a fax by iFax and play it to its end; give it as the control plane shows it."""

    def make(to: str = "+12125550123", **options: Any) -> dict[str, Any]:
        answer = send(control, "ifax", to, **options)
        assert answer.status_code == 200, answer.text
        control.advance()
        return control.faxes()[0]

    return make


@pytest.fixture
def still(server: Control) -> Control:
    """A sandbox whose clock stands at START."""
    return server.create(clock=MANUAL, seed="first")


@pytest.fixture
def hooked(server: Control, receiver: Receiver) -> Control:
    return server.create(webhooks={"ifax": {"outbound": f"{receiver.url}/hook"}})
