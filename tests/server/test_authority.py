"""The authority that is kept: made once, renewed in time, limited by name, its key in its folder alone."""

from __future__ import annotations

import os
import re
import ssl
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtensionOID

from emulator.config import Config
from emulator.hosts import Hosts
from emulator.server.authority import Authority, NoAuthority
from emulator.server.certificates import new_key, read, sign_leaf, to_pem
from emulator.vendors import all_vendors
from tests.cli.conftest import run_command

HOSTS = [host for vendor in all_vendors().values() for host in vendor.hosts]
KEY = "localfax-ca-key.pem"


def agree(authority: Authority, trusted: bytes, host: str, *names: str) -> dict[str, object]:
    """Shake hands in memory as a client that trusts a certificate and wants a host; give the server's."""
    client = ssl.create_default_context(cadata=trusted.decode())
    client.set_alpn_protocols(["h2", "http/1.1"])
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(back, there, server_hostname=host)
    answering = authority.context(*names).wrap_bio(there, back, server_side=True)
    for side in (asking, answering, asking, answering):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert asking.selected_alpn_protocol() == "http/1.1"
    found = asking.getpeercert()
    assert found is not None
    return found


def test_it_is_made_once_and_signs_for_every_name_of_ours(tmp_path: Path):
    first, again = (Authority(tmp_path / "new" / "ca", HOSTS) for _ in range(2))
    assert first.certificate() == again.certificate() == first.file.read_bytes()
    assert sorted(each.name for each in (tmp_path / "new" / "ca").iterdir()) == [KEY, "localfax-ca.pem"]
    for host in (*HOSTS, "localhost", "127.0.0.1", "::1", "localfax"):
        agree(first, again.certificate(), host)
        assert agree(again, first.certificate(), host, host)["subjectAltName"] in [
            (("DNS", host),), (("IP Address", host),), (("IP Address", "0:0:0:0:0:0:0:1"),),
        ]  # fmt: skip
    assert first.context("fax.to") is first.context("fax.to")


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_its_key_is_for_its_owner_alone(tmp_path: Path):
    Authority(tmp_path, HOSTS).certificate()
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "localfax-ca.pem").stat().st_mode) == 0o644
    (tmp_path / KEY).chmod(0o644)
    Authority(tmp_path, HOSTS).certificate()
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600


def test_it_cannot_sign_for_anybody_else(tmp_path: Path):
    made = x509.load_pem_x509_certificate(Authority(tmp_path, HOSTS).certificate())
    limits = made.extensions.get_extension_for_oid(ExtensionOID.NAME_CONSTRAINTS)
    assert limits.critical
    assert {str(each.value) for each in limits.value.permitted_subtrees} == {  # type: ignore[attr-defined]
        *HOSTS, "localhost", "localfax", "host.docker.internal", "127.0.0.0/8", "::1/128",
    }  # fmt: skip
    # Whoever has the key may sign what he likes: no client takes it.
    for stranger in ("bank.example", "10.1.2.3"):
        thief = Authority(tmp_path, HOSTS)
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            agree(thief, thief.certificate(), stranger, stranger)


def test_a_further_host_has_a_certificate_of_its_own(tmp_path: Path):
    config = Config(ca_dir=str(tmp_path), allow_host=("fax.corp.example",), host="192.168.7.7",
                    intercept_host=("old.example=ifax",))  # fmt: skip
    usual, wider = Authority(tmp_path, HOSTS), Hosts(config, all_vendors()).authority
    assert usual.certificate() != wider.certificate()
    assert re.fullmatch(r"localfax-ca-[0-9a-f]{8}\.pem", wider.file.name)
    for host in ("fax.corp.example", "192.168.7.7", "old.example", "fax.to"):
        agree(wider, wider.certificate(), host)
    everywhere = Hosts(Config(ca_dir=str(tmp_path), host="0.0.0.0"), all_vendors()).authority
    assert everywhere.file == usual.file


def test_a_name_that_no_certificate_bears_is_left_out(tmp_path: Path):
    names = ("münchen.example", "*.example", "a b", "fe80::1%lo", "a" * 300)
    odd = Hosts(Config(ca_dir=str(tmp_path), allow_host=names), all_vendors()).authority
    assert odd.certificate() == Authority(tmp_path, HOSTS).certificate()
    agree(odd, odd.certificate(), "fax.to")


def test_it_is_renewed_before_it_ends_and_keeps_its_key(tmp_path: Path):
    began = datetime(2026, 1, 1, tzinfo=UTC)
    now = [began]
    authority = Authority(tmp_path, HOSTS, now=lambda: now[0])
    first, key = authority.certificate(), (tmp_path / KEY).read_bytes()
    leaf = authority.context("fax.to")
    now[0] = began + timedelta(days=360)
    assert (authority.certificate(), authority.context("fax.to") is leaf) == (first, True)
    now[0] = began + timedelta(days=370)
    assert authority.context("fax.to") is not leaf
    now[0] = began + timedelta(days=801)
    second = authority.certificate()
    assert second != first
    assert (tmp_path / KEY).read_bytes() == key
    assert x509.load_pem_x509_certificate(second).not_valid_after_utc > now[0] + timedelta(days=1000)


def test_a_certificate_that_is_another_s_or_broken_is_made_anew(tmp_path: Path):
    authority = Authority(tmp_path, HOSTS)
    first = authority.certificate()
    key, late = new_key(), datetime.now(UTC) + timedelta(days=99)
    no_authority = sign_leaf(HOSTS, key, read(first), key, late)
    for content in (b"nothing", Authority(tmp_path / "other", HOSTS).certificate(), to_pem(no_authority),
                    Authority(tmp_path, HOSTS[:1]).certificate()):  # fmt: skip
        authority.file.write_bytes(content)
        made = Authority(tmp_path, HOSTS).certificate()
        assert made not in (first, content)
        agree(Authority(tmp_path, HOSTS), made, "fax.to")


def test_many_that_begin_at_once_agree(tmp_path: Path):
    authorities = [Authority(tmp_path, HOSTS) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        certificates = list(pool.map(Authority.certificate, authorities))
    for authority in authorities:
        agree(authority, certificates[0], "fax.to")
    assert len([*tmp_path.iterdir()]) == 2


LOCKED = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


@pytest.mark.parametrize("content", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\nAAAA\n", LOCKED])
def test_a_key_that_is_none_is_named(tmp_path: Path, content: bytes):
    (tmp_path / KEY).write_bytes(content)
    with pytest.raises(NoAuthority, match=f"{KEY} holds no key; remove it"):
        Authority(tmp_path, HOSTS).certificate()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(NoAuthority, match="file/ca: Not a directory; name another with --ca-dir"):
        Authority(tmp_path / "file" / "ca", HOSTS).certificate()


def test_the_command_prints_its_path_and_a_bundle(tmp_path: Path):
    variables = {"LOCALFAX_CA_DIR": str(tmp_path / "kept")}
    shown = run_command("ca", environ=variables)
    assert shown.stdout == f"{tmp_path / 'kept' / 'localfax-ca.pem'}\n", shown.stderr
    ours = Path(shown.stdout.strip()).read_text()
    assert ours.startswith("-----BEGIN CERTIFICATE-----")
    (tmp_path / "corporate.pem").write_bytes(Authority(tmp_path / "other", HOSTS).certificate())
    variables["SSL_CERT_FILE"] = str(tmp_path / "corporate.pem")
    bundle = run_command("ca", "bundle", environ=variables).stdout
    trusted = ssl.create_default_context()
    before = len(trusted.get_ca_certs())
    trusted.load_verify_locations(cadata=bundle)
    assert bundle.endswith(ours)
    assert (tmp_path / "corporate.pem").read_text() in bundle
    assert bundle.count("BEGIN") > 50 or before < 50
    written = tmp_path / "bundle.pem"
    assert run_command("ca", "bundle", "--output", written, environ=variables).returncode == 0
    assert written.read_text() == bundle
    wider = run_command("ca", "--ca-dir", tmp_path / "kept", "--allow-host", "a.example")
    assert re.fullmatch(r".*/kept/localfax-ca-[0-9a-f]{8}\.pem\n", wider.stdout)


def test_the_key_is_in_nothing_that_is_written_or_printed(tmp_path: Path):
    kept = tmp_path / "kept"
    variables = {"LOCALFAX_CA_DIR": str(kept), "TMPDIR": str(tmp_path)}
    printed = (
        run_command("ca", environ=variables).stdout + run_command("ca", "bundle", environ=variables).stdout
    )
    assert "PRIVATE" not in printed
    key = load_pem_private_key((kept / KEY).read_bytes(), None)
    secret = key.private_numbers().private_value.to_bytes(32, "big")  # type: ignore[union-attr]
    assert secret not in b"".join(
        ssl.PEM_cert_to_DER_cert(each)
        for each in re.findall(r"-----BEGIN CERTIFICATE.*?END CERTIFICATE-----", printed, re.DOTALL)
    )
    assert [each.name for each in kept.iterdir() if b"PRIVATE" in each.read_bytes()] == [KEY]
