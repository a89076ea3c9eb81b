"""Ids of records as Offstage makes them: UUIDs of version 7, which begin with the time and so come in order."""

import os
import time
import uuid


def new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10)))


def uuid7(milliseconds: int, chance: int) -> str:
    """RFC 9562, 5.7: the time since 1970, then 74 of the bits of chance."""
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62 & 0xFFF) << 64 | 2 << 62 | chance & (1 << 62) - 1))
