"""Headers: those that say nothing of anybody, those that are of the connection, those that matter."""

from __future__ import annotations

DROPPED = frozenset(
    [
        "connection",
        "content-length",
        "transfer-encoding",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "proxy-connection",
        "proxy-authorization",
        "host",
        "content-encoding",
        "accept-encoding",
        "user-agent",
        "via",
        "forwarded",
        "origin",
        "referer",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
        "x-request-start",
        "server",
        "date",
        "cf-ray",
        "alt-svc",
        "nel",
        "report-to",
        "strict-transport-security",
        "expect",
        "priority",
        "dnt",
    ]
)
"""Of the connection, of a proxy or of the program that asked: never recorded."""

PLAIN = frozenset(
    [
        "accept",
        "accept-language",
        "cache-control",
        "pragma",
        "allow",
        "retry-after",
        "vary",
        "expires",
        "age",
        "content-language",
        "accept-ranges",
        "x-webhook-event",
        "access-control-allow-origin",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "www-authenticate",
        "content-type",
        "x-powered-by",
    ]
)
"""Kept as they are."""

MATTERS = frozenset(
    [
        "content-type",
        "location",
        "retry-after",
        "allow",
        "www-authenticate",
        "content-disposition",
        "accept-ranges",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ]
)
"""Headers of an answer that a client may go by."""

BY_VALUE = frozenset(
    {"content-type", "retry-after", "allow", "www-authenticate", "x-webhook-event", "accept-ranges"}
)
"""Those of which the value is compared, not only whether they are there."""
