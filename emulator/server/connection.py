"""One client's connection: requests are answered in the order in which they came.

All of it runs in the loop's thread and never waits: bytes come in by `data_received`, a whole request is
handed to a pool, and `answered` is called with what the application said. Requests that come in while one is
being answered are queued; beyond some of them no more is read. What is written follows how fast the client
reads: an answer's bytes are handed on as the socket takes them, a stream is not read while it does not.

For example a client sends a request of 300 bytes in two segments: the first makes no request, the second
does, and it begins at once as nothing is queued. Should its answer be delayed, a timer writes it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import cast

from emulator.server.answer import CONTINUE, Answer, chunk
from emulator.server.edge import Edge, Port, call_soon
from emulator.server.environ import base_environ
from emulator.server.head import Refusal
from emulator.server.incoming import Incoming, Request, make_refused

PIPELINED = 16
"""Requests that a client may send ahead of its answers before no more is read."""
PIECE = 2**18
"""Bytes of a large answer that are handed to the socket at once."""
DRAINED = 2**18
"""Bytes that a refused client may still send, and below the seconds that it has for that."""
DRAINING = 1.0


class Connection(asyncio.Protocol):
    """Reads, queues and writes for one client."""

    def __init__(self, edge: Edge, port: Port) -> None:
        self._edge = edge
        self._port = port
        self._transport: asyncio.Transport
        self._incoming: Incoming
        self._queue: deque[Request] = deque()
        self._current: Request | None = None
        self._answer: Answer | None = None
        self._out: deque[bytes | memoryview] = deque()
        self._refusal: Refusal | None = None
        self._drained = 0
        self._full = False
        self._connects = False  # whether the last request that was read asks for a tunnel
        self._paused = False
        self._delayed: asyncio.TimerHandle | None = None
        self._ended = False
        """Whether the client sends no more."""
        self._gone = False
        self.touched = edge.loop.time()
        """When the client last sent or took something."""
        self.began: float | None = None
        """When the first bytes came of a head that has no end yet."""

    # What comes in

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        own, peer = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        client = peer[0] if peer else ""
        self._incoming = Incoming(
            base_environ(self._port.scheme, own[:2], client, self._port.extra), self._edge.memory
        )
        self._edge.opened(self)

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            self._drained += len(data)
            if self._drained > DRAINED and self._current is None:
                self._transport.abort()
            return
        self.touched = self._edge.loop.time()
        self._incoming.add(data)
        self._read()

    def eof_received(self) -> bool:
        self._ended = True
        if self._current is not None:
            self._tell_gone(self._current)
        if not self.works:
            self.close()
        return self._transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        if self._delayed is not None:
            self._delayed.cancel()
        self._incoming.close()
        for request in self._queue:
            if request.body is not None:
                request.body.close()
        if self._current is not None:
            self._tell_gone(self._current)
        self._queue.clear()
        self._out.clear()
        self._end_stream()
        self._edge.closed(self)

    def _tell_gone(self, request: Request) -> None:
        request.manner.gone = True
        if request.manner.awaited:
            self._edge.aside(request.manner.tell_gone)

    def _read(self) -> None:
        incoming = self._incoming
        try:
            while not self._full and (request := incoming.next()) is not None:
                self._add(request)
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self._invite()
        if not incoming.began:
            self.began = None
        elif self.began is None:
            self.began = self.touched

    def _invite(self) -> None:
        """Tell a client to send the body for which it wants a word, once no answer is due before."""
        if self._incoming.expects and self._current is None:
            self._incoming.expects = False
            self._transport.write(CONTINUE)

    def _add(self, request: Request) -> None:
        self._connects = request.connects
        if self._current is None:
            self._edge.busy(self)
            self._dispatch(request)
        else:
            self._queue.append(request)
        if len(self._queue) >= PIPELINED or request.connects:
            self._full = True
            self._transport.pause_reading()

    # What goes out

    def _dispatch(self, request: Request) -> None:
        self._current = request
        self._edge.dispatch(self._port, request, self.answered)

    def answered(self, answer: Answer) -> None:
        """Write what the application has answered, at once or after its delay."""
        request, self._answer = self._current, answer
        if request is not None and request.body is not None:
            request.body.close()
        if self._gone:
            self._end_stream()
            if answer.passage is not None:
                answer.passage.close()
        elif answer.manner.delay > 0:
            self._delayed = self._edge.loop.call_later(answer.manner.delay, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        if self._gone:
            return
        if answer.manner.cut:
            self._transport.abort()
            return
        self._out.extend(memoryview(each) if len(each) > PIECE else each for each in answer.pieces)
        if answer.stream is not None:
            answer.stream.attach(partial(call_soon, self._edge.loop, self.stream_ready))
            self._edge.idle(self)
        self._pump()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self.touched = self._edge.loop.time()
        if not self._transport.is_closing():
            self._pump()

    def _pump(self) -> None:
        """Hand on as much as the socket takes; then see to the next request."""
        while self._out and not self._paused:
            piece = self._out.popleft()
            if len(piece) > PIECE:
                self._out.appendleft(piece[PIECE:])
                piece = piece[:PIECE]
            self._transport.write(piece)
        if self._out or self._answer is None:
            return
        if self._answer.stream is not None:
            self.stream_ready()
        else:
            self._finish(self._answer)

    def stream_ready(self) -> None:
        """Write what a stream has, unless the client does not keep up: then the stream lets the oldest go."""
        answer = self._answer
        if self._gone or answer is None or answer.stream is None or self._paused:
            return
        if piece := answer.stream.read():
            self._say(answer, piece)
        if answer.stream.ended or self._edge.stopping:
            self.close()

    def keep_stream(self, silence: float) -> None:
        """Keep a stream, and say something when it has been silent, so that a lost client is noticed."""
        answer = self._answer
        if answer is None or answer.stream is None:
            return
        self._edge.aside(answer.stream.keep)
        if not self._paused and self._edge.loop.time() - self.touched >= silence:
            self._say(answer, answer.stream.heartbeat)

    def _say(self, answer: Answer, piece: bytes) -> None:
        self.touched = self._edge.loop.time()
        self._transport.write(piece if answer.last else chunk(piece))

    def _end_stream(self) -> None:
        answer = self._answer
        if answer is not None and answer.stream is not None:
            self._edge.aside(answer.stream.close)
            answer.stream = None
            if not answer.last and not self._gone:
                self._transport.write(chunk(b""))

    def _finish(self, answer: Answer) -> None:
        """See to what is next when an answer has been handed to the socket."""
        refused = self._current is not None and self._current.refusal is not None
        self._answer = self._current = None
        if refused:
            self._part()
        elif answer.passage is not None:
            self._edge.hand_over(self, self._transport, self._port, answer.passage)
        elif answer.last or self._edge.stopping:
            self.close()
        elif self._queue:
            self._dispatch(self._queue.popleft())
            self._resume()
        elif self._refusal is not None:
            self.refuse(self._refusal)
        else:
            self._edge.idle(self)
            self._resume()
            self._invite()
            if self._ended and self._current is None:
                self.close()

    def _resume(self) -> None:
        if self._full and len(self._queue) < PIPELINED and not self._connects:
            self._full = False
            self._transport.resume_reading()
            self._read()

    # Its end

    @property
    def streams(self) -> bool:
        """Whether the answer is one without an end of its own."""
        return self._answer is not None and self._answer.stream is not None

    @property
    def works(self) -> bool:
        """Whether the client waits for an answer that has an end."""
        return self._current is not None and not self.streams

    @property
    def receives(self) -> bool:
        """Whether a body is on its way."""
        return self._incoming.receives

    @property
    def writes(self) -> bool:
        """Whether the client has yet to take what was answered."""
        return bool(self._out) or self._transport.get_write_buffer_size() > 0

    def refuse(self, refusal: Refusal) -> None:
        """Have a refusal answered after the answers that are due; what else comes is thrown away."""
        self._refusal, self.began = self._incoming.refuse(refusal), None
        self._incoming.close()
        if self._current is None:
            self._edge.busy(self)
            self._dispatch(make_refused(refusal, self._incoming.base))

    def _part(self) -> None:
        """Let a refused client finish what it is sending: closed at once, it might not read why."""
        with suppress(OSError, NotImplementedError):  # it has gone already; TLS knows no half
            self._transport.write_eof()
        self._edge.loop.call_later(0.0 if self._ended else DRAINING, self.close)

    def close(self) -> None:
        """Close, after what was written; a stream ends."""
        self._end_stream()
        if not self._transport.is_closing():  # asyncio forgets what a TLS connection is when closed twice
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()
