"""Keep what a process holds in large pages of memory, so that reading a model's weights costs fewer look-ups.

Linux alone gives them on request (madvise(2): MADV_HUGEPAGE, and MADV_COLLAPSE since 6.1); elsewhere nothing changes.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

SIZE = 2 << 20  # bytes of a large page
_HUGEPAGE, _COLLAPSE = 14, 25
_MAPS = Path("/proc/self/maps")
_OWN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0", re.A)


def enlarge_pages() -> int:
    """Ask for large pages for all memory that the process has written; return how many bytes got them."""
    try:
        maps, madvise = _MAPS.read_text(), ctypes.CDLL(None).madvise
    except (OSError, AttributeError, TypeError):
        return 0
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    enlarged = 0
    for found in _OWN.finditer(maps):
        start, end = -(-int(found[1], 16) // SIZE) * SIZE, int(found[2], 16) // SIZE * SIZE
        if end - start > SIZE and madvise(start, end - start, _HUGEPAGE) == 0:
            enlarged += (end - start) * (madvise(start, end - start, _COLLAPSE) == 0)
    return enlarged
