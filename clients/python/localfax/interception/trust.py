"""The authorities that a machine trusts, and ours beside them, as one file."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s.*?-----END CERTIFICATE-----", re.DOTALL)
_NAMED = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables by which a user may have named the authorities to trust."""
_USUAL = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


def bundle_with(certificate: bytes, environ: Mapping[str, str] = os.environ, *, system: bool = True) -> bytes:
    """Write the system's authorities, those that the user named, and this one, each once, as PEM.

    Without `system` the world's are left out, also where a file that the user named has them.
    """
    named, usual = _named(environ), _system()
    world = {*usual, *_certifi()}
    others = [*usual, *named] if system else [each for each in named if each not in world]
    found = dict.fromkeys([*others, *split(certificate)])
    return b"".join(each + b"\n" for each in found)


def split(pem: bytes) -> list[bytes]:
    """Take the certificates out of a PEM file."""
    return _CERTIFICATE.findall(pem.replace(b"\r\n", b"\n"))


def _named(environ: Mapping[str, str]) -> list[bytes]:
    return [each for name in _NAMED for each in _read(environ.get(name))]


def _system() -> list[bytes]:
    if hasattr(ssl, "enum_certificates"):  # Windows keeps them in a store
        return [ssl.DER_cert_to_PEM_cert(each[0]).strip().encode() for each in ssl.enum_certificates("ROOT")]
    places = (ssl.get_default_verify_paths().openssl_cafile, *_USUAL)
    return next((read for place in places if (read := _read(place))), []) or _certifi()


def _read(place: str | None) -> list[bytes]:
    with suppress(OSError):
        return split(Path(place).read_bytes()) if place else []
    return []


def _certifi() -> list[bytes]:
    try:
        from certifi import where
    except ImportError:
        return []
    return _read(where())
