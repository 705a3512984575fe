"""What a program and its children find in their environment, so that each runtime comes here by itself.

No file of the program is touched: what a runtime needs as a file is written to a folder of the run's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from localfax.interception.trust import bundle_with, split

PRELOAD = Path(__file__).parent / "preload"
OWN = ("localhost", "127.0.0.1", "::1", "host.docker.internal")
"""What a program reaches by itself: its own receivers and services, and ours."""
PASSWORD = "localfax"
"""Java's trust stores have one; what is in it is public."""
_UNSET = ("ALL_PROXY", "all_proxy")
"""They would send what the others do not name somewhere else."""


def intercept(
    folder: Path,
    url: str,
    hosts: Iterable[str],
    certificate: str,
    environ: Mapping[str, str] = os.environ,
    *,
    egress: bool = False,
) -> dict[str, str]:
    """Make the environment in which a program comes to the server at `url` for these hosts.

    The files go to `folder`. `certificate` is what the server's certificates are signed by, as PEM. Without
    `egress` no other authority is trusted but those that the user named: whoever goes past the proxy to a
    vendor ends before a word is said.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    names = [*hosts]
    bundle, own = folder / "bundle.pem", folder / "ca.pem"
    bundle.write_bytes(bundle_with(certificate.encode(), environ, system=egress))
    own.write_bytes(b"\n".join([*_named(environ, "NODE_EXTRA_CA_CERTS"), certificate.encode()]))
    alone = {} if egress else {"SSL_CERT_DIR": str(_nothing(folder))}
    preload = f"--require {_quoted(PRELOAD / 'node.cjs')}"
    java = _java(folder, bundle, host, port)
    changed = {
        **_proxies(url, host, names, environ),
        **dict.fromkeys(
            ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PERL_LWP_SSL_CA_FILE"), str(bundle)
        ),
        **alone,
        "LOCALFAX_PRELOAD_HOSTS": ",".join(names),
        "LOCALFAX_PRELOAD_PROXY": f"{f'[{host}]' if ':' in host else host}:{port}",
        "LOCALFAX_PRELOAD_CA": str(own),
        "PYTHONPATH": _joined(os.pathsep, str(PRELOAD / "python"), environ.get("PYTHONPATH")),
        "NODE_EXTRA_CA_CERTS": str(own),
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": _joined(" ", environ.get("NODE_OPTIONS"), preload),
        "JAVA_TOOL_OPTIONS": _joined(" ", environ.get("JAVA_TOOL_OPTIONS"), *java),
        "LOCALFAX_PRELOAD_PHP": str(PRELOAD / "prepend.php"),
        "PHP_INI_SCAN_DIR": f"{environ.get('PHP_INI_SCAN_DIR', '')}{os.pathsep}{_php(folder, bundle)}",
        "PERL_LWP_ENV_PROXY": "1",
    }
    return {name: value for name, value in environ.items() if name not in _UNSET} | changed


def _proxies(url: str, host: str, names: list[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The proxy's variables; what the user kept from proxies stays so, but for the vendors' hosts."""
    kept = (environ.get("no_proxy") or environ.get("NO_PROXY") or "").split(",")
    others = [each.strip() for each in kept if each.strip() and not _covers(each.strip(), names)]
    direct = ",".join(dict.fromkeys((*OWN, host, *others)))
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), url.rstrip("/"))
    return proxies | dict.fromkeys(("NO_PROXY", "no_proxy"), direct)


def _covers(entry: str, names: Iterable[str]) -> bool:
    """Tell whether an entry of NO_PROXY keeps one of these hosts from the proxy."""
    plain = entry.lower().removeprefix("*").partition(":")[0].strip(".")
    return any(not plain or f".{name}".endswith(f".{plain}") for name in names)


def _java(folder: Path, bundle: Path, host: str, port: int) -> list[str]:
    """Java's settings; its trust store holds what the bundle does."""
    store = folder / "trusted.p12"
    try:
        store.write_bytes(java_trust_store(bundle.read_bytes()))
    except ImportError:  # the client alone has nothing that writes such a store
        return []
    settings = {f"{scheme}.{name}": str(value) for scheme in ("http", "https")
                for name, value in (("proxyHost", host), ("proxyPort", port))}  # fmt: skip
    settings |= {
        "http.nonProxyHosts": f"localhost|127.*|[::1]|host.docker.internal|{host}",
        "javax.net.ssl.trustStore": str(store),
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
    }
    return [_quoted(f"-D{name}={value}") for name, value in settings.items()]


def java_trust_store(pem: bytes) -> bytes:
    """Write certificates as a PKCS#12 store that Java trusts; those that cannot be read are left out."""
    import warnings

    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509 import load_pem_x509_certificate

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some that systems come with are odd
        for number, each in enumerate(split(pem)):
            try:
                found.append(pkcs12.PKCS12Certificate(load_pem_x509_certificate(each), b"%d" % number))
            except ValueError:
                continue
    return pkcs12.serialize_java_truststore(found, BestAvailableEncryption(PASSWORD.encode()))


def _php(folder: Path, bundle: Path) -> Path:
    """PHP's settings, as a folder that is read after its own."""
    place = folder / "php"
    place.mkdir(exist_ok=True)
    settings = {
        "curl.cainfo": bundle,
        "openssl.cafile": bundle,
        "auto_prepend_file": PRELOAD / "prepend.php",
        "disable_functions": "stream_context_create",
    }
    lines = (f'{name} = "{value}"\n' for name, value in settings.items())
    (place / "localfax-intercept.ini").write_text("".join(lines), encoding="utf-8")
    return place


def _nothing(folder: Path) -> Path:
    """A folder without authorities: OpenSSL and Go ask the system's beside the file that is named."""
    place = folder / "none"
    place.mkdir(exist_ok=True)
    return place


def _named(environ: Mapping[str, str], variable: str) -> list[bytes]:
    try:
        return split(Path(environ[variable]).read_bytes())
    except (KeyError, OSError):
        return []


def _joined(separator: str, *parts: str | None) -> str:
    return separator.join(each for each in parts if each)


def _quoted(value: object) -> str:
    """Write a value as one word where words are separated by spaces, for node and for Java alike."""
    text = str(value)
    return f'"{text}"' if " " in text else text


def explain(hosts: Iterable[str], url: str) -> str:
    """Say in one line what is intercepted."""
    return f"{', '.join(hosts)} are answered by Localfax at {url}"
