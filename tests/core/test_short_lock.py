"""A lock for what takes microseconds: one thread at a time, also beneath a condition."""

from __future__ import annotations

import threading
import time

from emulator.core.short_lock import ShortLock


def test_only_one_thread_at_a_time_has_it():
    lock, held, most = ShortLock(), [], []

    def take_often():
        for _ in range(200):
            with lock:
                held.append(1)
                most.append(len(held))
                time.sleep(0)  # lets the others come
                held.pop()

    threads = [threading.Thread(target=take_often) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert set(most) == {1}
    assert len(most) == 800


def test_its_own_thread_may_take_it_again():
    lock = ShortLock()
    with lock, lock:
        assert _is_taken(lock)
    assert not _is_taken(lock)


def test_a_condition_that_has_it_wakes_who_waits():
    changed, told = threading.Condition(ShortLock()), []

    def wait():
        with changed:
            while not told:
                changed.wait()

    waiting = threading.Thread(target=wait)
    waiting.start()
    with changed:
        told.append(1)
        changed.notify()
    waiting.join(10)
    assert not waiting.is_alive()


def _is_taken(lock: ShortLock) -> bool:
    """Whether another thread finds it taken."""
    found: list[bool] = []

    def try_it():
        found.append(not lock.acquire(blocking=False))
        if not found[0]:
            lock.release()

    other = threading.Thread(target=try_it)
    other.start()
    other.join()
    return found[0]
