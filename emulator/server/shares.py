"""How evenly workers that share a listening socket take its connections.

The kernel wakes all workers for a new connection, and the quickest takes it: with kept connections one
worker may serve all clients while another rests. So each writes how many it has into memory that all of them
see, and one that has more than another lets a moment pass before it takes the next. The moment is bounded: a
worker that stands still does not keep the others from taking what comes.
"""

from __future__ import annotations

from mmap import mmap

_BYTES = 4


class Shares:
    """The counts of all workers; made before they are forked."""

    def __init__(self, workers: int) -> None:
        self._counts = memoryview(mmap(-1, _BYTES * workers)).cast("i")

    def of(self, number: int) -> Share:
        """The share of one worker, which has nothing yet."""
        share = Share(self._counts, number)
        share.set(0)
        return share


class Share:
    """How many connections one worker has, beside the others."""

    def __init__(self, counts: memoryview[int], number: int) -> None:
        self._counts = counts
        self._number = number

    def set(self, count: int) -> None:
        self._counts[self._number] = count

    def is_more_than_another(self) -> bool:
        """Tell whether another worker has fewer."""
        return self._counts[self._number] > min(self._counts)
