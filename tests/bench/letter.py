"""The document that benches send: one empty page, about 600 bytes, so that a call has a body of 1 kB."""

from __future__ import annotations

from base64 import b64encode

OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>/Contents 4 0 R>>",
    b"<</Length 0>>stream\n\nendstream",
)


def _written() -> bytes:
    out, places = b"%PDF-1.7\n%" + b"-" * 260 + b"\n", []
    for number, body in enumerate(OBJECTS, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


DOCUMENT = {"fileName": "letter.pdf", "fileData": b64encode(_written()).decode()}
BODY = {"faxNumber": "+12125550123", "callerId": "+12125550100", "faxData": [DOCUMENT]}
"""What a client of iFax posts."""
