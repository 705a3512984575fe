"""Code that uses `faxcloud`, for mypy: a line that is ignored has to be wrong, and the others right."""

from __future__ import annotations

from localfax import Fax
from localfax.faxcloud import FaxCloud


def test_typed(faxcloud: FaxCloud) -> None:
    fax: Fax = faxcloud.assert_fax(state="delivered")
    words: list[str] = [faxcloud.ifax.access_token, fax.state]
    faxcloud.when(to="+1*", nth=2).busy(ring="5s").then.delivered(pages=2, csid="X").webhook(duplicate=1)
    words.append(fax.pages)  # type: ignore[arg-type]
    faxcloud.when(to="+1*").bussy()  # type: ignore[attr-defined]
    faxcloud.when(to="+1*").busy(pages=2)  # type: ignore[call-arg]
    faxcloud.when(number="+1*")  # type: ignore[arg-type]
    faxcloud.when().submit(status="503")  # type: ignore[arg-type]
    faxcloud.send("ifax", "+12125550123", page=2)  # type: ignore[call-arg]
