"""Columns give their memory back, whatever lies beside them; small blocks keep it."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, json, os, sys
from bot import memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
def held(megabytes, size):
    blocks = [libc.malloc(size) for _ in range(megabytes * 2**20 // size)]
    for block in blocks:
        ctypes.memset(block, 1, size)
    before = resident()
    for block in blocks[:-1]:  # the last one lies at the top of what is free
        libc.free(block)
    return before, resident(), blocks[-1]
memory.settle()
for block in [libc.malloc(30 * 2**20) for _ in range(4)]:  # seeing these freed, it would keep smaller ones
    libc.free(block)
print(json.dumps(held(int(sys.argv[1]), int(sys.argv[2]))[:2]))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux and the GNU C library")


def test_columns_go_back() -> None:
    """A column in use does not hold those below it."""
    before, after = _held(400, 2**20)
    assert before > 400
    assert after < 60


def test_small_blocks_stay() -> None:
    """They would have to be asked for again at once."""
    before, after = _held(100, 2**16)
    assert before > 100
    assert after == pytest.approx(before, rel=0.1)


def _held(megabytes: int, size: int) -> tuple[float, float]:
    """Memory of a process with so much in blocks of a size, and after it freed all but one."""
    command = [sys.executable, "-c", SCRIPT, str(megabytes), str(size)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = json.loads(ran.stdout)
    return before, after
