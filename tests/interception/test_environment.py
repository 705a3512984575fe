"""What `exec --intercept` sets: what was there stays, no vendor is reached by a side way, no key leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.config import Config
from emulator.hosts import Hosts
from emulator.server.authority import Authority
from emulator.vendors import all_vendors
from localfax.interception.environment import OWN, intercept
from localfax.interception.trust import bundle_with
from tests.cli.conftest import HUNG, run_command
from tests.conftest import Control
from tests.interception.conftest import PROGRAMS, Run

HOSTS = ("api.ifaxapp.com", "fax.to")
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)


@pytest.fixture
def authority(tmp_path: Path) -> str:
    return Authority(tmp_path / "ca", HOSTS).certificate().decode()


def test_both_cases_name_the_proxy_and_what_needs_none(tmp_path: Path, authority: str) -> None:
    made = intercept(tmp_path, "http://127.0.0.1:8329/", HOSTS, authority, {})
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        assert made[name] == made[name.lower()] == "http://127.0.0.1:8329"
    assert made["NO_PROXY"] == made["no_proxy"] == "localhost,127.0.0.1,::1,host.docker.internal"
    elsewhere = intercept(tmp_path, "http://localfax:80", HOSTS, authority, {})
    assert elsewhere["HTTP_PROXY"] == f"http://{elsewhere['LOCALFAX_PRELOAD_PROXY']}" == "http://localfax:80"
    assert elsewhere["NO_PROXY"].endswith(",localfax")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        assert authority in Path(made[name]).read_text()
    assert Path(made["NODE_EXTRA_CA_CERTS"]).read_text() == authority
    assert made["NODE_USE_ENV_PROXY"] == "1"


def test_without_egress_nothing_is_trusted_but_us_and_what_a_user_named(
    tmp_path: Path, authority: str
) -> None:
    """Whoever goes past the proxy, to a vendor with a certificate of the world's, says nothing there."""
    own = Authority(tmp_path / "own", HOSTS).certificate().decode()
    (tmp_path / "own.pem").write_text(own)
    world = bundle_with(b"", {}).decode()
    (tmp_path / "world.pem").write_text(world + own)
    for environ, egress, least, most in (
        ({}, False, [authority], 1),
        ({"SSL_CERT_FILE": str(tmp_path / "world.pem")}, False, [own, authority], 2),
        ({"SSL_CERT_FILE": str(tmp_path / "own.pem")}, False, [own, authority], 2),
        ({}, True, [authority], 1000),
    ):
        made = intercept(tmp_path, "http://127.0.0.1:1", HOSTS, authority, environ, egress=egress)
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PERL_LWP_SSL_CA_FILE"):
            found = CERTIFICATE.findall(Path(made[name]).read_text())
            assert set(least) <= set(found)
            assert len(found) == most or (egress and len(found) > 1)
    for flags, told in (
        (Config(), False),
        (Config(allow_target=("a",)), True),
        (Config(allow_egress=True), True),
    ):
        assert Hosts(replace(flags, ca_dir=str(tmp_path)), all_vendors()).tell()["egress"] is told


def test_without_egress_no_folder_of_authorities_is_asked_beside(tmp_path: Path, authority: str) -> None:
    """OpenSSL, and Go, ask the system's folder beside the file that SSL_CERT_FILE names."""

    def openssl(words: str, environ: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
        command = ["openssl", *words.split()]
        return subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **environ}, capture_output=True, text=True, timeout=HUNG
        )

    made = openssl("req -x509 -newkey rsa:2048 -nodes -subj /CN=stranger -keyout key.pem -out stranger.pem")
    assert made.returncode == 0, made.stderr
    name = openssl("x509 -hash -noout -in stranger.pem").stdout.strip()
    (tmp_path / f"{name}.0").symlink_to("stranger.pem")
    before = {"SSL_CERT_DIR": str(tmp_path)}
    for egress, code in ((True, 0), (False, 2)):
        told = intercept(tmp_path, "http://127.0.0.1:1", HOSTS, authority, before, egress=egress)
        assert openssl("verify stranger.pem", told).returncode == code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("db.internal,.corp", "db.internal,.corp"),
        ("*", ""),
        (".ifaxapp.com, db", "db"),
        ("ifaxapp.com", ""),
        ("*.ifaxapp.com:443,to", ""),
        (".to,com", ""),
        ("FAX.TO.,127.0.0.1,10.0.0.0/8", "10.0.0.0/8"),
        ("notfax.to", "notfax.to"),
    ],
)
def test_what_a_user_keeps_from_proxies_stays_so_but_no_vendor(
    tmp_path: Path, authority: str, before: str, after: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        own = {name: before, "ALL_PROXY": "socks5://x"}
        made = intercept(tmp_path, "http://127.0.0.1:1", HOSTS, authority, own)
        assert made["no_proxy"].removeprefix(",".join(OWN)).strip(",") == after
        assert "ALL_PROXY" not in made


def test_what_was_set_for_a_runtime_stays(tmp_path: Path, authority: str) -> None:
    own = Authority(tmp_path / "own", HOSTS).certificate().decode()
    (tmp_path / "own.pem").write_text(own)
    before = {
        "PYTHONPATH": "/my/lib", "NODE_OPTIONS": "--max-old-space-size=512", "JAVA_TOOL_OPTIONS": "-Xmx64m",
        "PHP_INI_SCAN_DIR": "/my/php", "SSL_CERT_FILE": str(tmp_path / "own.pem"),
        "NODE_EXTRA_CA_CERTS": str(tmp_path / "own.pem"), "OTHER": "1",
    }  # fmt: skip
    folder = tmp_path / "a folder"
    folder.mkdir()
    made = intercept(folder, "http://127.0.0.1:1", HOSTS, authority, before)
    assert made["PYTHONPATH"].endswith(f"preload/python{os.pathsep}/my/lib")
    assert made["NODE_OPTIONS"].startswith("--max-old-space-size=512 --require ")
    assert made["JAVA_TOOL_OPTIONS"].startswith("-Xmx64m -Dhttp.proxyHost=127.0.0.1 ")
    assert f'"-Djavax.net.ssl.trustStore={folder}/trusted.p12"' in made["JAVA_TOOL_OPTIONS"]
    assert made["PHP_INI_SCAN_DIR"] == f"/my/php{os.pathsep}{folder}/php"
    assert own in Path(made["SSL_CERT_FILE"]).read_text()
    assert own in Path(made["NODE_EXTRA_CA_CERTS"]).read_text()
    assert made["OTHER"] == "1"


def test_no_key_is_in_what_is_set_or_served(surroundings: dict[str, str], stand_in: Control) -> None:
    folder = Path(surroundings["SSL_CERT_FILE"]).parent
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert {each.name for each in files} == {"bundle.pem", "ca.pem", "trusted.p12", "localfax-intercept.ini"}
    served = stand_in.call("GET", "/interception", 200)["certificate"]
    assert CERTIFICATE.sub("", served) == ""
    for each in files:
        assert b"PRIVATE" not in each.read_bytes()
    kinds = subprocess.run(
        ["openssl", "pkcs12", "-in", folder / "trusted.p12", "-passin", "pass:localfax", "-nodes"],
        capture_output=True, text=True, check=True, timeout=HUNG,
    )  # fmt: skip
    assert "BEGIN CERTIFICATE" in kinds.stdout
    assert "PRIVATE" not in kinds.stdout


def test_php_still_runs_what_was_to_run_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "first.php").write_text("<?php print 'first ';")
    (tmp_path / "own" / "own.ini").write_text(f"auto_prepend_file={tmp_path}/first.php\n")
    scanned = run("printenv", "PHP_INI_SCAN_DIR").stdout.strip()
    done = run("php", PROGRAMS / "second.php", PHP_INI_SCAN_DIR=f":{tmp_path}/own{scanned}")
    assert (done.stdout, done.stderr) == ("first POST a:b tcp://proxy.example:1 then\n", "")


def test_php_that_runs_nothing_first_has_a_line_for_it(run: Run) -> None:
    told = "require getenv('LOCALFAX_PRELOAD_PHP'); print file_get_contents('https://api.ifaxapp.com/x');"
    assert "accessToken invalid" in run("php", "-r", told).stdout


def test_python_still_runs_the_sitecustomize_that_was_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "sitecustomize.py").write_text("import sys; sys.own = __file__")
    ours = run("printenv", "PYTHONPATH").stdout.strip()
    told = "import sys, socket; print(sys.own, socket.gethostbyname('fax.to'))"
    done = run(sys.executable, "-c", told, PYTHONPATH=f"{ours}{os.pathsep}{tmp_path}/lib")
    assert done.stdout == f"{tmp_path}/lib/sitecustomize.py 127.83.29.7\n", done.stderr
    assert run(sys.executable, "-S", "-c", "print(1)").stdout == "1\n"


def test_a_host_that_is_nobody_s_is_refused_with_the_reason(run: Run) -> None:
    done = run("curl", "-sS", "http://example.com/")
    assert "example.com is no vendor's host" in done.stdout
    done = run("curl", "-sS", "https://www.documo.com/")
    assert (done.returncode, "403" in done.stderr) == (56, True)


def test_a_foreign_key_opens_nothing_unless_told_and_a_further_host_is_a_vendor_s(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    script = f"(sh {PROGRAMS}/application.sh; curl -sS https://fax.corp.example/x) > {shown} 2>&1"
    words = ["exec", "--intercept", "--intercept-host", "fax.corp.example=ifax", "--", "sh", "-c", script]
    done = run_command(*words, environ={"LOCALFAX_CA_DIR": str(tmp_path / "ca")})
    assert shown.read_text().count("accessToken invalid") == 2, done.stderr
    assert "live-5f2c9a7be1d04c66" not in shown.read_text() + done.stdout + done.stderr
    assert "fax.corp.example are answered by Localfax" in done.stderr


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_command("exec", "--intercept", "--ca-dir", tmp_path / "file", "--", "true")
    assert (done.returncode, "name another with --ca-dir" in done.stderr) == (1, True)


ALONE = """
import fcntl, socket, struct, subprocess, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 1))  # loopback is down where all is new
sys.exit(subprocess.call(sys.argv[1:]))
"""
ON_THEIR_OWN = [
    *((sys.executable, "application.py", each) for each in ("requests_alone", "http_client")),
    (sys.executable, "application.py", "aiohttp_on_uvloop"),
    *(("node", "application.cjs", each) for each in ("fetch", "https", "own agent")),
    *(("php", "application.php", each) for each in ("byCurl", "byStreams", "byGuzzleStream")),
    ("ruby", "application.rb"),
    ("perl", "application.pl"),
]


@pytest.mark.soak
@pytest.mark.parametrize("words", ON_THEIR_OWN, ids=lambda words: " ".join(map(str, words[1:])))
def test_on_a_machine_without_a_network_it_works_too(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Nothing can go anywhere but to this machine: not to a vendor, nor to who knows names."""
    port = "18765"
    apart = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-c", ALONE]
    flags = ["--intercept", "--any-credentials", "--speed", "max", "--webhook", f"http://127.0.0.1:{port}/"]
    program = [words[0], str(PROGRAMS / words[1]), *words[2:], port]
    done = subprocess.run(
        [*apart, sys.executable, "-m", "emulator.cli", "exec", *flags, "--", *program],
        env={**os.environ, "LOCALFAX_CA_DIR": str(tmp_path / "ca")},
        capture_output=True,
        text=True,
        timeout=HUNG,
    )
    assert (done.returncode, done.stdout) == (0, "1 Success heard 2\n"), done.stderr
