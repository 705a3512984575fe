"""The default store: everything in this process, one lock a sandbox, gone when the process ends."""

from emulator.stores.memory.store import MemoryStore

__all__ = ["MemoryStore"]
