"""A document is drawn once before it is faxed: one that cannot be drawn fails, in the vendor's way."""

from __future__ import annotations

from typing import Any

from emulator import documents
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.world import World


def must_prove(fax: Fax) -> bool:
    """Tell whether a fax that is being rendered has a document that this process has not seen drawn."""
    if fax.state is not State.rendering or fax.problem or fax.document is None:
        return False
    return not documents.is_proven(fax.document)


def prove(world: World, fax: Fax) -> dict[str, Any]:
    """Draw the document of a fax; give what that changes of it. One that was let go changes nothing."""
    content = world.blob(fax.document)
    problem = None if content is None else documents.prove(content)
    return {} if problem is None else {"problem": problem.value, "pages": 0}
