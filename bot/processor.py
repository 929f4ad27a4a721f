"""What this machine's processor is good at, told to NumPy and Arrow before they are imported."""

from __future__ import annotations

import os
from pathlib import Path

from bot.memory import settle

CPU_INFO = Path("/proc/cpuinfo")
LIBRARIES = ("OMP", "OPENBLAS", "MKL")


def prepare(cpu_info: Path = CPU_INFO) -> None:
    """Sets the environment for numbers; what somebody has set already stays. See `settle` for memory."""
    for name, value in environment(cpu_info).items():
        os.environ.setdefault(name, value)
    settle()


def environment(cpu_info: Path = CPU_INFO) -> dict[str, str]:
    """One BLAS thread each, the faster of NumPy's two sorts, and memory that Arrow keeps.

    Arrow's own allocator returns each decoded column to the system, which then clears its pages again for the
    next one: a fifth of what decoding takes.

    AMD's AVX-512 stores compressed vectors by microcode, which makes NumPy's sort of a float take 40 ns
    instead of the 6 ns that it takes with AVX2.
    """
    found = {f"{library}_NUM_THREADS": "1" for library in LIBRARIES}
    found["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    if _is_slow_with_avx512(cpu_info):
        found["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
    return found


def _is_slow_with_avx512(cpu_info: Path) -> bool:
    try:
        first = cpu_info.read_text().partition("\n\n")[0]
    except OSError:  # not Linux
        return False
    return "AuthenticAMD" in first and " avx512f" in first
