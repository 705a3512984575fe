"""What Acme posts: a form when a fax has ended, with three retries."""

from collections.abc import Sequence

from emulator.vendors.acme.words import shown

from emulator.core.dialect.moment import Moment
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Notice, RetryRule


def notices(moment: Moment) -> Sequence[Notice]:
    """The feedback of a fax that has just ended."""
    hook = moment.settings.outbound
    if not moment.ended or hook.url is None or moment.fax.direction != "outbound":
        return ()
    fields = tuple((name, str(value)) for name, value in shown(moment.fax).items())
    return (Notice("feedback", Message(hook.url, fields=fields, auth=hook.auth), RetryRule(3, (600.0,))),)
