"""What a store must do. The memory store and any shared one keep the same promises, proved by one suite."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from emulator.core.item import Add, Item
from emulator.core.sandbox import Sandbox

ItemT = TypeVar("ItemT", bound=Item)

DROPPED = "dropped/documents"
"""The counter of a sandbox's documents that were let go to make room."""
SPARE = "spare/"
"""How the digests of content begin that no document may make room for: it goes first, and is not counted."""


@dataclass(frozen=True)
class Due:
    """Something to play: the item of `kind` and `id` is due at the virtual instant `at`."""

    at: float
    kind: str
    id: str


RANK = {"fax": 0, "delivery": 1}
"""What is played first when several things are due at one instant; all else comes last, as 2."""


@dataclass(frozen=True)
class JournalPage:
    """Entries of a journal, oldest first, each with its rising `number`; `dropped` counts what was let go."""

    entries: tuple[tuple[int, Mapping[str, Any]], ...]
    dropped: int


class SandboxStore(Protocol):
    """Everything of one sandbox; a light handle that is made anew whenever it is wanted.

    Every method is atomic and safe from any thread. What is returned is immutable. Any act on a sandbox that
    does not exist, or was removed, raises NotFound; a store that cannot answer raises Unavailable.
    """

    @property
    def id(self) -> str:
        """The sandbox's id; to have it asks nothing of the store."""

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox as it was created."""

    def clear(self, keep: Sequence[str]) -> None:
        """Forget everything but items of the kinds in `keep` and the counters of balances."""

    # items
    def get(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        """Read an item by its id."""

    def find(self, kind: type[ItemT], ref: str) -> ItemT | None:
        """Read the item that has `ref` among its refs."""

    def commit(
        self,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
        same: Sequence[Item] = (),
    ) -> None:
        """Write all or nothing.

        Each put carries the version that follows the stored one (1 for a new item) and each delete the stored
        one, else Conflict; so is it when one of `same` is not stored just like that. An add that leaves its
        bounds raises LimitReached; several of one name add up in their order.
        """

    def list(
        self,
        kind: type[ItemT],
        name: str,
        *,
        after: int | None = None,
        offset: int = 0,
        limit: int = 50,
        descending: bool = True,
    ) -> list[ItemT]:
        """Read a page of a list in the order of `sequence`; `after` is exclusive.

        All of a list are of one kind. A page costs the same however long the list is.
        """

    def count(self, name: str) -> int:
        """Count the items of a list."""

    def items(self) -> Sequence[Item]:
        """Read every item, for a snapshot."""

    # numbers
    def next(self, name: str) -> int:
        """Count a counter up by one: 1, 2, 3, …"""

    def number(self, name: str) -> int:
        """Read a counter, 0 when it was never changed."""

    def numbers(self) -> Mapping[str, int]:
        """Read all counters."""

    # time
    def due(self) -> Due | None:
        """Tell what is due first: by instant, then faxes before deliveries, then by sequence."""

    def exclusive(self, name: str, *, wait: float) -> AbstractContextManager[bool]:
        """Hold a lock of that name for the block; yields False if not to be had in `wait` real seconds.

        To let go of it counts as a change of what is due: who did not get it is told to look again.
        """

    # blobs
    def put_blob(self, digest: str, content: bytes) -> None:
        """Keep content under its digest; beyond the store's bound the spare goes first, then the oldest."""

    def blob(self, digest: str) -> bytes | None:
        """Read content, None when it never was or was let go."""

    def digests(self) -> Sequence[str]:
        """List the digests of all content kept, for a snapshot."""

    # journals
    def log(self, journal: str, entry: Mapping[str, Any]) -> int:
        """Append to a bounded journal; returns the entry's number, 0 when the store does not wait for it."""

    def journal(
        self, journal: str, *, after: int | None = None, limit: int = 100, newest: bool = False
    ) -> JournalPage:
        """Read a journal from `after` on, or with `newest` its end; entries come oldest first."""

    def journals(self) -> Sequence[str]:
        """List the names of all journals, for a snapshot."""

    # what one thread does in a row
    def together(self) -> AbstractContextManager[object]:
        """Let what this thread commits in the block be written as one, if the store likes.

        Raises Overtaken, and nothing of it is written, when another writer came between.
        """


class Store(Protocol):
    """All sandboxes: which there are, whom a credential finds, what concerns every one of them.

    Every method is atomic and safe from any thread; a store that cannot answer raises Unavailable.
    """

    shared: bool
    """Whether other processes may use it too, and may have begun what this one ends."""

    # sandboxes
    def of(self, sandbox_id: str) -> SandboxStore:
        """Turn to one sandbox; this asks nothing of the store, so it need not exist."""

    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        """Add a sandbox, at once with its first items and counters; raise Conflict when the id is taken."""

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        """List sandboxes in the order of their ids."""

    def remove(self, sandbox_id: str) -> None:
        """Forget a sandbox, its items and the credentials that find it; raise NotFound when there is none."""

    def note_use(self, sandbox_id: str, at: float) -> None:
        """Note that a sandbox is used at a real instant; that it is made is its first use."""

    def list_unused(self, before: float) -> Sequence[str]:
        """List the ids of sandboxes whose last noted use lies before a real instant."""

    def bind(self, key: str, sandbox_id: str) -> None:
        """Make a credential find a sandbox, else raise NotFound; keys are `vendor/credential`."""

    def bound(self, key: str) -> str | None:
        """Look up the id of the sandbox that a credential finds."""

    # time
    def on_due(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with a sandbox's id when what is due first comes nearer, or its clock changes.

        It may be called at other times too.
        """

    # what one thread does in a row
    def reading(self, *, plays: bool = False, request: str = "") -> AbstractContextManager[object]:
        """Let what this thread reads of a sandbox in the block be of one moment, as far as the store likes.

        A moment lasts a fraction of a second at most, and the thread sees what it writes itself. One that
        `plays` will ask after each write what is due. One that answers a `request` (its vendor, method and
        path) logs it last: the faxes that it makes may be written as late as its entry. Whatever the thread
        asks of the store next then raises Unwritten when they cannot be.
        """

    def afterwards(self, do: Callable[[], object]) -> None:
        """Do something when what this thread has committed is written; never when it is overtaken."""

    # other processes
    def broadcast(self, word: Mapping[str, Any]) -> None:
        """Say something to the other processes that use the store; one that cannot be reached misses it."""

    def on_broadcast(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `listener` with what other processes say."""

    def close(self) -> None:
        """Let go of threads and connections."""
