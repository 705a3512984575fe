"""Certificates of our own: the authority's, limited by name, and those that it signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey

_LASTS = timedelta(days=1200)
_LEAF_LASTS = timedelta(days=397)
"""As long as clients take at most."""
_SLACK = timedelta(days=1)
"""How far a client's clock may be behind ours."""
_LOOPBACK = ip_network("127.0.0.0/8")
_NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Localfax"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Localfax, for tests on this machine only"),
    ]
)


def new_key() -> PrivateKey:
    """Make a key on the curve that every client knows."""
    return ec.generate_private_key(ec.SECP256R1())


def key_to_pem(key: PrivateKey) -> bytes:
    """Write a key as PEM, unencrypted."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def read_key(pem: bytes) -> PrivateKey:
    """Read such a key; raise ValueError for anything else."""
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (TypeError, UnsupportedAlgorithm) as wrong:  # an encrypted one is a TypeError
        raise ValueError(str(wrong)) from None
    if not isinstance(key, PrivateKey):
        raise ValueError("not a key of ours")
    return key


def to_pem(certificate: x509.Certificate) -> bytes:
    """Write a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def read(pem: bytes) -> x509.Certificate:
    """Read a certificate; raise ValueError for anything else."""
    return x509.load_pem_x509_certificate(pem)


def sign_authority(names: Iterable[str], key: PrivateKey, now: datetime) -> x509.Certificate:
    """Make the certificate of an authority that may sign for these hosts and addresses and no others."""
    usage = _usage(key_cert_sign=True, crl_sign=True)
    built = (
        _begin(_NAME, key, now, _LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return built.sign(key, hashes.SHA256())


def sign_leaf(
    names: Iterable[str], key: PrivateKey, issuer: x509.Certificate, issuer_key: PrivateKey, now: datetime
) -> x509.Certificate:
    """Make the certificate of a server that bears these names."""
    # Names of hosts stand in the alternative names alone: a common name has room for 64 characters.
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Localfax")])
    signer = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    built = (
        _begin(subject, key, now, _LEAF_LASTS)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
    )
    return built.sign(issuer_key, hashes.SHA256())


def is_for(certificate: x509.Certificate, key: PrivateKey, names: Iterable[str]) -> bool:
    """Tell whether an authority's certificate is that of a key, for exactly these names."""
    try:
        limits = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return certificate.public_key() == key.public_key() and limits.permitted_subtrees == _permitted(names)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, UnsupportedAlgorithm):
        return False


def _begin(subject: x509.Name, key: PrivateKey, now: datetime, lasts: timedelta) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        _NAME,
        subject,
        key.public_key(),
        x509.random_serial_number(),
        now - _SLACK,
        now + lasts,
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature, False, False, False, False, key_cert_sign, crl_sign, False, False)


def _permitted(names: Iterable[str]) -> list[x509.GeneralName]:
    """The names as constraints. Addresses of this machine are always among them, or all would be allowed."""
    general = [_general(name) for name in names]
    networks = [
        _LOOPBACK if each.value in _LOOPBACK else ip_network(each.value)
        for each in general
        if isinstance(each, x509.IPAddress)
    ]
    hosts = [each for each in general if isinstance(each, x509.DNSName)]
    return [*hosts, *(x509.IPAddress(network) for network in dict.fromkeys((_LOOPBACK, *networks)))]


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
