"""What one client could do to a server that many share: `python -m tests.soak.attack [full] [draws …]`.

Each attack is tried against one running server. It is held when the server answered as it should, an honest
client in another sandbox was served meanwhile, and memory, threads and descriptors stay within bounds. Prints
what was tried, held and lost, and ends with 1 when anything was lost.
"""

from __future__ import annotations

import json
import signal
import socket
import sys
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import requests

from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.bench.process import Running, free_port, running
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.soak.mutations import mutate, places, rich_sandbox

MEMORY_MB, THREADS, HANDLES = 600.0, 200, 400
"""What the server may hold when an attack is over."""
PATIENCE = 10.0
"""Real seconds within which an honest client is served, however slow the machine."""
GRACE = 15.0
"""Real seconds within which the server ends."""
YAML = {"Content-Type": "text/yaml"}
HALF = "half a pair: \ud800"
RAW = (
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /_localfax/health HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
)
"""What is no request, or one that says two things; each is answered, or its connection is closed."""


@dataclass
class Target:
    """The server, an honest client's sandbox and an attacker's, and what was lost."""

    server: Running
    honest: Control
    attacker: Control
    size: float
    lost: list[str] = field(default_factory=list)
    tried: int = 0

    def many(self, count: int) -> range:
        """Give how often something is tried: fewer in the fast half."""
        return range(max(1, round(count * self.size)))

    def hold(self, happened: bool, said: object) -> None:
        """Count one try."""
        self.tried += 1
        if not happened:
            self.lost.append(str(said)[:300])

    def honest_is_served(self) -> None:
        """Send a fax and look at it, as if nothing were the matter."""
        begun = time.monotonic()
        answer = send(self.honest, "ifax")
        health = requests.get(f"{self.honest.root}/health", timeout=WAIT)
        lasted = time.monotonic() - begun
        self.hold(answer.ok and health.ok and lasted < PATIENCE, f"an honest client waited {lasted:.1f} s")

    def within_bounds(self) -> None:
        """See what the server holds."""
        process = Path(f"/proc/{self.server.process.pid}")
        threads, handles = (len(list((process / name).iterdir())) for name in ("task", "fd"))
        memory = self.server.resident_mb()
        said = f"{memory:.0f} MB, {threads} threads, {handles} descriptors"
        self.hold(memory < MEMORY_MB and threads < THREADS and handles < HANDLES, said)


def dear(strokes: int) -> bytes:
    """Make a PDF of few bytes that draws so many lines."""
    drawn = zlib.compress(b"0 0 m 600 700 l S\n" * strokes)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(drawn), drawn),
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>"


# the attacks
def draws(target: Target) -> None:
    """Ask for many pages that are dear to draw, at once."""
    attacker, strokes = target.attacker, round(400_000 * target.size)
    for number in target.many(60):
        document = Document("fax.pdf", "application/pdf", dear(strokes + number))
        ask = client_of("ifax").send(Order(attacker.client.account("ifax"), "+12125550123", document))
        requests.request(**ask.arguments, timeout=WAIT)
    faxes = [fax["id"] for fax in attacker.faxes()]
    draw = lambda fax: requests.get(  # noqa: E731
        f"{attacker.root}/sandboxes/{attacker.id}/faxes/{fax}/document", {"format": "png"}, timeout=300
    )
    with ThreadPoolExecutor(60) as pool:
        drawing = [pool.submit(draw, fax) for fax in faxes for _ in range(2)]
        target.honest_is_served()
        for each in drawing:
            answer = each.result()
            target.hold(answer.status_code in (200, 409, 503), answer.status_code)


def listeners(target: Target) -> None:
    """Open event streams, have things happen and go away without a word, again and again."""
    url = f"{target.attacker.root}/sandboxes/{target.attacker.id}/events"
    for _ in target.many(8):
        with ExitStack() as stack:
            streams = [stack.enter_context(requests.get(url, stream=True, timeout=WAIT)) for _ in range(60)]
            send(target.attacker, "ifax")
            target.hold(all(each.ok for each in streams), [each.status_code for each in streams])
        time.sleep(1.0)
        target.honest_is_served()


def idlers(target: Target) -> None:
    """Open connections and say nothing on them, or the half of a head."""
    with ExitStack() as stack:
        for number in target.many(2000):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", target.server.port), WAIT))
            line.sendall(b"GET / HTTP/1.1\r\nHo" if number % 2 else b"")
        target.honest_is_served()
    time.sleep(0.5)


def journals(target: Target) -> None:
    """Say more than any journal can keep."""
    account = target.attacker.client.account("openfax")
    data = urlencode(account.credentials) + "&a=" * 1_000_000
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in target.many(4):
        for path in ("faxSendSubmit.php", "getAvailableCredit.php"):
            answer = requests.post(f"{account.base_url}/{path}", data, headers=form, timeout=WAIT)
            target.hold(answer.status_code < 500, answer.status_code)
    headers = {f"X-{number}": "h" * 9000 for number in range(6)}
    for _ in target.many(2000):
        requests.get(f"{account.base_url}/getAvailableCredit.php", headers=headers, timeout=WAIT)
    target.honest_is_served()


def snapshots(target: Target) -> None:
    """Load what is no snapshot: real ones changed at random, and the worst by hand."""
    attacker = target.attacker
    path = f"/sandboxes/{attacker.id}/snapshot"
    data = rich_sandbox(Control(attacker.url), "http://127.0.0.1:9/").call("GET", path)
    worst = [dict(data, items=[{**each, **odd} for each in data["items"]]) for odd in ODD_ITEMS]
    ways, random = list(places(data)), Random(8329)
    changed = [mutate(data, ways, random)[0] for _ in target.many(300)]
    for each in (*worst, *changed):
        answer = attacker.client.connection.answer("POST", path, json=each)
        target.hold(answer.status_code in (200, 400, 409), answer.text)
        faxes = attacker.client.connection.answer("GET", f"/sandboxes/{attacker.id}/faxes")
        target.hold(faxes.status_code == 200, faxes.text)
    target.honest_is_served()


ODD_ITEMS = ({"pages": 2**40}, {"details": {}}, {"data": []}, {"due_at": 1e300}, {"plan": {"attempts": []}})


def texts(target: Target) -> None:
    """Say what is no text, at every vendor."""
    fields = dict.fromkeys(("message", "subject", "recipientName", "name", "notes", "to_number"), HALF)
    for vendor in VENDORS:
        account = target.attacker.client.account(vendor)
        ask = client_of(vendor).send(Order(account, "+12125550123", Document.of_pages(1)))
        for body in ({**(ask.json or {}), **fields}, {"data": fields}):
            headers = {**ask.headers, "Content-Type": "application/json"}
            said = json.dumps(body)
            answer = requests.request(ask.method, ask.url, headers=headers, data=said, timeout=WAIT)
            target.hold(answer.status_code < 500, (vendor, answer.text))
    root = f"{target.attacker.root}/sandboxes/{target.attacker.id}"
    for noun in ("faxes", "requests", "snapshot"):
        target.hold(requests.get(f"{root}/{noun}", timeout=WAIT).ok, noun)


def numbers(target: Target) -> None:
    """Say numbers, keys and documents beyond all reason to the control plane."""
    root = f"{target.attacker.root}/sandboxes/{target.attacker.id}"
    keys = {f"key{number}": 1 for number in target.many(1_000_000)}
    bodies = [
        ("POST", f"{target.attacker.root}/sandboxes", {"json": {"clock": {"speed": 10**400}}}),
        ("POST", f"{root}/clock/advance", {"json": {"by": 10**400}}),
        ("POST", f"{root}/scenarios", {"json": keys}),
        ("POST", f"{root}/scenarios", {"data": "---\na: 1\n" * 50_000, "headers": YAML}),
        ("POST", f"{root}/reset", {"headers": {"Content-Type": "text/plain"}}),
        ("GET", f"{root}", {"headers": {"Sec-Fetch-Site": "Cross-Site"}}),
        ("GET", f"{root}", {"headers": {"Origin": "http://evil.example"}}),
    ]
    for method, url, options in bodies:
        answer = requests.request(method, url, timeout=60, **options)
        target.hold(400 <= answer.status_code < 500, (url, answer.status_code))


def heads(target: Target) -> None:
    """Say what is no HTTP; after each the server answers or hangs up, and swallows nobody's next request."""
    for said in RAW:
        with socket.create_connection(("127.0.0.1", target.server.port), WAIT) as line:
            line.settimeout(PATIENCE)
            try:
                line.sendall(said)
                line.recv(4096)
            except (ConnectionError, BrokenPipeError):
                pass
            except TimeoutError:
                target.hold(False, f"no answer to {said[:40]!r}")
                continue
        target.hold(True, "")
    target.honest_is_served()


def thieves(target: Target) -> None:
    """Have this server fetch what is another's from itself."""
    account = target.attacker.client.account("kazoo")
    ask = client_of("kazoo").send(Order(account, "+12125550123", Document.of_pages(1)))
    for path in (f"/_localfax/sandboxes/{target.honest.id}/snapshot", "/_localfax/sandboxes", "/"):
        document = {"url": f"http://127.0.0.1:{target.server.port}{path}"}
        doc = {"to_number": "+12125550123", "from_number": "+12125550100", "document": document}
        requests.put(ask.url, headers=ask.headers, json={"data": doc}, timeout=WAIT)
    target.attacker.call("POST", f"/sandboxes/{target.attacker.id}/clock/advance", json={"by": "1h"})
    stolen = [fax["document"]["digest"] for fax in target.attacker.faxes() if fax["vendor"] == "kazoo"]
    target.hold(stolen == [None] * 3, stolen)


ATTACKS: tuple[Callable[[Target], None], ...] = (
    heads, idlers, listeners, texts, numbers, thieves, journals, snapshots, draws,
)  # fmt: skip


@contextmanager
def targets(size: float) -> Iterator[Callable[[], Target]]:
    """Run a server for the block, and make targets of fresh sandboxes on it; end it as an admin would."""
    port = free_port()
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port)]
    with running(command, port, "/_localfax/ready") as server, Receiver():
        control = Control(f"http://127.0.0.1:{port}")
        yield lambda: Target(server, control.create(), control.create(), size)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(GRACE)


def attack(size: float, names: Collection[str] = ()) -> list[str]:
    """Try everything, or what is named, and print what became of it; give what was lost."""
    lost: list[str] = []
    with targets(size) as make:
        for each in [each for each in ATTACKS if not names or each.__name__ in names]:
            target, begun = make(), time.monotonic()
            try:
                each(target)
                target.honest_is_served()
                target.within_bounds()
            except Exception as wrong:
                target.hold(False, f"{type(wrong).__name__}: {wrong}")
            held, seconds = target.tried - len(target.lost), time.monotonic() - begun
            row = f"{each.__name__:<10} tried {target.tried:>5}  held {held:>5}  lost {len(target.lost):>3}"
            sys.stdout.write(f"{row}  {seconds:6.1f} s  {target.lost[:1] or ''}\n")
            sys.stdout.flush()
            lost += [f"{each.__name__}: {said}" for said in target.lost]
    return lost


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(bool(attack(1.0 if "full" in words else 0.05, {*words} - {"full"})))
