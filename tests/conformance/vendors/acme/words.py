"""A fax in Acme's words."""

from typing import Any

from emulator.vendors.acme.tables import CODE_OF, CODES, OTHER, STATES

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import View
from emulator.core.dialect.words import code_of
from emulator.core.faxes.fax import Fax


def view(moment: Moment) -> View:
    """Show state and, once it has ended, the code with its text."""
    return _view(moment.fax)


def _view(fax: Fax) -> View:
    state = STATES.get(fax.state, "failed" if fax.final else "sending")
    if not fax.final:
        return View(fax.vendor_id, state)
    code = code_of(fax, CODES, CODE_OF, OTHER)
    return View(fax.vendor_id, state, code, CODES[code].text)


def shown(fax: Fax) -> dict[str, Any]:
    """The fax as the API and the webhook tell it."""
    told = _view(fax)
    return {"id": told.id, "status": told.state, "code": told.code, "pagesSent": fax.pages_sent}
