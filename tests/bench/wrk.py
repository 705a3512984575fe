"""Load by wrk where it is installed, else by our client in Python, which is the bottleneck above 6,000/s."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import load

CONNECTIONS = 16
WRK = shutil.which("wrk")
TOOL = "wrk" if WRK else "a client in Python, the bottleneck above 6,000/s (install wrk)"

_SCRIPT = """
local requests = {%s}
local at = 0
request = function() at = at %% #requests + 1; return requests[at] end
done = function(summary, latency, all)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("measured %%d %%f %%f %%f %%d\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e6, latency:percentile(99) / 1e6, failed))
end
"""


@dataclass(frozen=True)
class Measured:
    """Requests a second, how long half and 99 of 100 of them took at most in seconds, and how many failed."""

    rate: float
    p50: float
    p99: float
    failed: int


def measure(port: int, requests: bytes | Sequence[bytes], *, seconds: int = 2) -> Measured:
    """Send the requests, in turn, over 16 kept connections for so many seconds."""
    wanted = [requests] if isinstance(requests, bytes) else list(requests)
    return _by_wrk(port, wanted, seconds) if WRK else _by_python(port, wanted, seconds)


def _by_wrk(port: int, requests: Sequence[bytes], seconds: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "requests.lua")
        script.write_text(_SCRIPT % ", ".join(map(_lua, requests)))
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script)]
        command = ["wrk", *options, f"http://127.0.0.1:{port}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^measured (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$", said, re.MULTILINE)
    assert found, said
    return Measured(int(found[1]) / float(found[2]), float(found[3]), float(found[4]), int(found[5]))


def _by_python(port: int, requests: Sequence[bytes], seconds: int) -> Measured:
    found = load(port, requests, connections=CONNECTIONS, seconds=seconds)
    failed = sum(count for status, count in found.statuses.items() if status >= 400)
    return Measured(found.rate, found.percentile(50), found.percentile(99), failed)


def _lua(request: bytes) -> str:
    return '"' + "".join(f"\\{byte:03}" for byte in request) + '"'
