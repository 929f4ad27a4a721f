"""What the C library has free goes back to the system when a process holds much of it."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, json, sys
from bot import memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
memory.one_arena()
blocks = [libc.malloc(65_536) for _ in range(int(sys.argv[1]) * 16)]
for block in blocks:
    ctypes.memset(block, 1, 65_536)
for block in blocks[:-1]:  # the last one lies at the top: what is free below it stays with the process
    libc.free(block)
before = memory.resident_bytes()
print(json.dumps([before / 2**20, memory.give_back(), memory.resident_bytes() / 2**20]))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux and the GNU C library")


def test_what_is_free_goes_back_when_there_is_much() -> None:
    """A hole below what is still in use."""
    before, given, after = _held(600)
    assert before > 550
    assert given
    assert after < 100


def test_a_small_process_keeps_what_it_has() -> None:
    """It would have to ask for it again at once."""
    before, given, after = _held(100)
    assert before > 90
    assert not given
    assert after == pytest.approx(before, rel=0.1)


def _held(megabytes: int) -> tuple[float, bool, float]:
    """Memory of a process that freed so much, before and after it gave back what it has to."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(megabytes)], capture_output=True, text=True, check=True
    )
    before, given, after = json.loads(ran.stdout)
    return before, given, after
