"""The shared store, whose packages are not installed unless they are wanted."""

from __future__ import annotations

from emulator.core.storage.store import Store

PACKAGES = ("redis", "hiredis")


def open_redis(url: str, **bounds: int) -> Store:
    """Open a store in Redis; raise ValueError when a package is missing, Unavailable when it is silent."""
    try:
        from emulator.stores.redis import RedisStore
    except ModuleNotFoundError as missing:
        if missing.name not in PACKAGES:
            raise
        raise ValueError(f"a store in Redis needs packages: pip install {' '.join(PACKAGES)}") from None
    return RedisStore(url, **bounds)
