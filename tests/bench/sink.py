"""A receiver of any number of webhooks: `python -m tests.bench.sink PORT DELAY`; GET says how many came."""

from __future__ import annotations

import asyncio
import re
import sys

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

ADDRESSES = [f"127.0.0.{number}" for number in range(1, 10)]


class Sink(asyncio.Protocol):
    """One connection; each POST is counted and answered with 200 after so many seconds."""

    taken = 0
    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self.received, 0, end + 2)
            size = end + 4 + int(length[1] if length else 0)
            if len(self.received) < size:
                return
            counted = self.received.startswith(b"POST")
            self.received = self.received[size:]
            Sink.taken += counted
            body = b"" if counted else str(Sink.taken).encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            asyncio.get_running_loop().call_later(Sink.delay * counted, self.transport.write, answer)


async def main(port: int, delay: float) -> None:
    """Serve for ever."""
    Sink.delay = delay
    server = await asyncio.get_running_loop().create_server(Sink, ADDRESSES, port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
