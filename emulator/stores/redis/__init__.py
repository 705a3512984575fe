"""A store in a Redis server or cluster, shared by any number of processes.

Everything of a sandbox lies in one slot, and one script does a whole commit. What concerns all sandboxes
(their list, whom a credential finds, the size of all documents) lies in slots of its own; it is written
before or after, so that a process that dies in between leaves nothing that is kept and never found again.
"""

from emulator.stores.redis.store import RedisStore

__all__ = ["RedisStore"]
