"""The authority that signs our certificates: made once, kept in the user's data folder, renewed in time.

Its certificate is for clients to trust, so it is worth nothing to whoever steals it: it is limited by name
constraints to the vendors' hosts and to this machine. Its key is written once, readable by its owner alone,
and is never copied from there. What is written is put in place at once, so that several programs may begin
beside each other: all of them take the key that came first, and any certificate of that key will do.

A host beyond the usual ones, like one of `--allow-host`, needs a certificate whose constraints name it. It
has a file of its own beside, with a few digits of those names behind its name.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from emulator.core.errors import LocalfaxError
from emulator.server import certificates

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

OWN_NAMES = ("localhost", "127.0.0.1", "::1", "host.docker.internal", "localfax")
"""Names of this machine that every certificate of ours may bear."""
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
_STEM, _KEY = "localfax-ca", "localfax-ca-key.pem"
_RENEWED = timedelta(days=400)
"""What is left of a certificate when it is renewed: more than any that it signs lasts."""
_RENEWED_LEAF = timedelta(days=30)


class NoAuthority(LocalfaxError):
    """The authority's folder cannot be used; the text says why and what to do."""


def default_folder() -> Path:
    """Where the authority is kept unless a flag says otherwise."""
    from platformdirs import user_data_path

    if named := os.environ.get("LOCALFAX_CA_DIR"):
        return Path(named).expanduser()
    return user_data_path("localfax", appauthor=False) / "ca"


class Authority:
    """Signs certificates for the hosts of `hosts`, this machine, and the `further` ones.

    Nothing is read or written before it is asked for something; then it may raise NoAuthority. Safe from any
    thread. `now` gives the present in UTC.
    """

    def __init__(
        self,
        folder: Path,
        hosts: Iterable[str],
        further: Iterable[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        usual = tuple(dict.fromkeys((*OWN_NAMES, *hosts)))
        others = sorted({*further} - {*usual} - _EVERYWHERE)
        self.folder = folder
        self.names = (*usual, *others)
        """Hosts and addresses for which it may sign."""
        digest = hashlib.blake2b("\n".join(others).encode(), digest_size=4).hexdigest()
        self.file = folder / (f"{_STEM}-{digest}.pem" if others else f"{_STEM}.pem")
        """Where its certificate is, as PEM."""
        self._now = now
        self._lock = Lock()
        self._contexts: dict[tuple[str, ...], tuple[datetime, ssl.SSLContext]] = {}

    def certificate(self) -> bytes:
        """Read the certificate that clients are to trust, as PEM; make or renew it when that is due."""
        with self._lock:
            return certificates.to_pem(self._certificate())

    def context(self, *names: str) -> ssl.SSLContext:
        """Make, or take again, the server's side of TLS 1.2 and later for these names, or for all."""
        with self._lock:
            wanted = names or self.names
            made = self._contexts.get(wanted)
            if made is None or made[0] - self._now() < _RENEWED_LEAF:
                made = self._contexts[wanted] = self._new_context(wanted)
            return made[1]

    def _new_context(self, names: tuple[str, ...]) -> tuple[datetime, ssl.SSLContext]:
        key = certificates.new_key()
        made = certificates.sign_leaf(names, key, self._certificate(), self._key, self._now())
        context = server_context()
        with tempfile.TemporaryDirectory(prefix="localfax-") as place:  # `ssl` reads nothing but files
            file = Path(place) / "leaf.pem"
            file.touch(0o600)
            file.write_bytes(certificates.key_to_pem(key) + certificates.to_pem(made))
            context.load_cert_chain(file)
        return made.not_valid_after_utc, context

    @cached_property
    def _key(self) -> EllipticCurvePrivateKey:
        file = self.folder / _KEY
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                _put_new(file, certificates.key_to_pem(certificates.new_key()))
            if os.name == "posix" and file.stat().st_mode & 0o077:
                file.chmod(0o600)
            return certificates.read_key(file.read_bytes())
        except OSError as wrong:
            raise self._unusable(wrong) from None
        except ValueError:
            raise NoAuthority(f"{file} holds no key; remove it, and a new authority is made") from None

    def _certificate(self) -> Certificate:
        key = self._key
        with suppress(OSError, ValueError):
            kept = certificates.read(self.file.read_bytes())
            left = kept.not_valid_after_utc - self._now()
            if left > _RENEWED and certificates.is_for(kept, key, self.names):
                return kept
        made = certificates.sign_authority(self.names, key, self._now())
        try:
            _replace(self.file, certificates.to_pem(made))
        except OSError as wrong:
            raise self._unusable(wrong) from None
        return made

    def _unusable(self, wrong: OSError) -> NoAuthority:
        return NoAuthority(
            f"the authority cannot be kept in {self.folder}: {wrong.strerror}; name another with --ca-dir"
        )


def server_context() -> ssl.SSLContext:
    """Make the server's side of TLS 1.2 and later, without a certificate; only HTTP/1.1 is spoken in it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _put_new(file: Path, content: bytes) -> None:
    """Write a file for its owner alone, unless it is there by now: then that one counts."""
    made = _write_beside(file, content)
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)


def _replace(file: Path, content: bytes) -> None:
    made = _write_beside(file, content)
    made.chmod(0o644)
    made.replace(file)


def _write_beside(file: Path, content: bytes) -> Path:
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")  # which its owner alone may read
    with os.fdopen(number, "wb") as opened:
        opened.write(content)
    return Path(name)
