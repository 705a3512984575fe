"""A store in a Redis server or cluster, shared by any number of processes.

Everything of a sandbox lies in one slot, and one script does a whole commit. What concerns all sandboxes
(their list, whom a credential finds, the size of all documents) lies in slots of its own; it is written
before or after, so that a process that dies in between leaves nothing that is kept and never found again.

    store, sandbox         the store's promises, about all sandboxes and about one
    session, thread        what a thread does in a row costs few round trips
    prefetch, transaction  what it has read of a sandbox at once, what it holds back to write as one
    ahead                  what it will want next
    locks, pubsub, blobs   between processes: who plays, what has come nearer, whose documents make room
    commands, scripts/     what is sent; an act that must be whole is a Lua script
    client, transport,     how it is sent, and what the server's refusals mean
    wire
    schema                 the keys, and how items, lists and what is due stand in them
"""

from emulator.stores.redis.store import RedisStore

__all__ = ["RedisStore"]
