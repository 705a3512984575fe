"""A document is drawn once before it is faxed: one that cannot be drawn fails, in the vendor's way.

What was found is written on the fax, so that its calls last as long whichever process plays them.
"""

from __future__ import annotations

from typing import Any

from emulator import documents
from emulator.core.faxes.call import large
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.world import World


def must_prove(fax: Fax) -> bool:
    """Tell whether a fax that is being rendered has a document that this process has not seen drawn."""
    return fax.state is State.rendering and _is_open(fax) and documents.seen(fax.document or "") is None


def prove(world: World, fax: Fax) -> dict[str, Any]:
    """Draw the document of a fax; give what that changes of it. One that was let go counts as ordinary."""
    content = world.blob(fax.document)
    return _changes(() if content is None else documents.prove(content))


def proven(fax: Fax) -> Fax:
    """Write on a fax what this process found when it drew the same document before."""
    found = documents.seen(fax.document or "") if _is_open(fax) else None
    return fax if found is None else fax.evolve(**_changes(found))


def page_bytes(document: str | None) -> documents.Sizes:
    """Tell the sizes that make a call longer than usual, of a document that may have been drawn here."""
    found = documents.seen(document or "")
    return () if found is None or isinstance(found, documents.Problem) else large(found)


def _is_open(fax: Fax) -> bool:
    return not fax.problem and fax.document is not None and fax.page_bytes is None


def _changes(found: documents.Problem | documents.Sizes) -> dict[str, Any]:
    if isinstance(found, documents.Problem):
        return {"problem": found.value, "pages": 0}
    return {"page_bytes": large(found)}
