"""Items that rest are kept squeezed: a fax that has ended, a webhook that was taken.

They are most of what is kept, and each is hardly read again. zlib begins with a dictionary of what nearly
all say, so that a fax of 2.2 kB takes 0.6 kB. The dictionary is part of the format: what was squeezed
with it can only be read with it, so it must never change. JSON begins with a brace, what is squeezed not.
"""

from __future__ import annotations

import zlib

from emulator.core.faxes.fax import Fax
from emulator.core.item import Item
from emulator.core.webhooks.delivery import Delivery

FEWEST = 256
"""Bytes from which it pays."""

_USUAL = (
    b'"event":"fax.v1.outbound.complete","stage":"delivered","rule":{"retries":7,"delays":[5.0,25.0,120.0],'
    b'"accepts":"2xx","retry_answers":true,"timeout":10.0},"message":{"url":"http://127.0.0.1:","method":"POST",'
    b'"encoding":"json","fields":[["files":[],"headers":[["auth":null},"hook":"outbound","state":"delivered",'
    b'"attempts":[{"number":1,"at":1,"real_at":1,"reply":{"status":200,"headers":[["Content-Length","0"]],'
    b'"body":"","error":null,"elapsed":0.00},"url":"http://127.0.0.1:"}],"created_at":1'
    b'{"id":"fax-1","version":10,"sequence":1,"vendor":"ifax","vendor_id":"","to":"+1","sender":"+1",'
    b'"state":"delivered","outcome":"delivered","document":"","document_name":"fax.pdf","pages":1,"pages_sent":1,'
    b'"max_attempts":3,"attempts":[{"number":1,"outcome":"delivered","started_at":1,"ring":6.0,"duration":,'
    b'"pages_planned":1,"pages_sent":1,"speed":14400,"ecm":true,"csid":"+1","code":null,"pages_at":[],"id":1}],'
    b'"details":{"folders":["names":["created_at":1,"changed_at":1,"finished_at":1,"timeline":['
    b'{"at":1,"kind":"state","what":"received","detail":{}},{"at":1,"kind":"state","what":"rendering","detail":{}},'
    b'{"at":1,"kind":"state","what":"credit_check","detail":{}},'
    b'{"at":1,"kind":"state","what":"waiting_line","detail":{}},{"at":1,"kind":"state","what":"queued","detail":{}},'
    b'{"at":1,"kind":"state","what":"dialing","detail":{"attempt":1}},{"at":1,"kind":"state","what":"transmitting",'
    b'"detail":{"attempt":1,"speed":14400,"csid":"+1","ecm":true}},{"at":1,"kind":"call","what":"page",'
    b'"detail":{"page":1,"of":1,"attempt":1}},{"at":1,"kind":"state","what":"reporting","detail":{"attempt":1,'
    b'"outcome":"delivered","pages_sent":1}},{"at":1,"kind":"state","what":"delivered","detail":{}}]}'
)


def rests(item: Item) -> bool:
    """Tell whether an item will hardly be looked at again: nothing is due to it, and nobody works on it."""
    return isinstance(item, (Fax, Delivery)) and item.due is None and item.leased_until is None


def squeeze(body: bytes) -> bytes:
    """Write JSON shorter, when there is enough of it."""
    if len(body) < FEWEST:
        return body
    squeezer = zlib.compressobj(level=1, zdict=_USUAL)
    return squeezer.compress(body) + squeezer.flush()


def expand(body: bytes) -> bytes:
    """Read what `squeeze` gave, and JSON that it never saw."""
    if body.startswith(b"{"):
        return body
    return zlib.decompressobj(zdict=_USUAL).decompress(body)
