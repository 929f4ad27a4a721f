"""NumPy is told what this processor is slow at, unless somebody has said otherwise."""

import subprocess
import sys
from pathlib import Path

import pytest

SHOW = "import os, sys, pathlib; from bot import processor; processor.prepare(pathlib.Path(sys.argv[1])); \
print(os.environ.get('NPY_DISABLE_CPU_FEATURES', ''), os.environ['OMP_NUM_THREADS'])"


@pytest.mark.parametrize(
    ("cpu", "told"),
    [
        ("vendor_id : AuthenticAMD\nflags : avx2 avx512f\n\nflags : avx2", "X86_V4 AVX512_ICL AVX512_SPR 1"),
        ("vendor_id : AuthenticAMD\nflags : avx2\n", "1"),
        ("vendor_id : GenuineIntel\nflags : avx2 avx512f\n", "1"),
    ],
)
def test_only_slow_instructions_are_left_alone(tmp_path: Path, cpu: str, told: str) -> None:
    """AVX-512 of AMD; and BLAS gets one thread."""
    (tmp_path / "cpuinfo").write_text(cpu)
    assert _shown(tmp_path / "cpuinfo", {}) == told


def test_what_was_set_stays(tmp_path: Path) -> None:
    """And a machine without the file is no error."""
    assert _shown(tmp_path / "none", {"OMP_NUM_THREADS": "7"}) == "7"


def test_arrow_keeps_the_memory_of_the_last_column_for_the_next(tmp_path: Path) -> None:
    """It takes the pool that it was told of, since it is imported later."""
    show = "from bot import processor; processor.prepare(); import pyarrow; \
print(pyarrow.default_memory_pool().backend_name)"
    ran = subprocess.run([sys.executable, "-c", show], env={}, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "system"


def _shown(cpu_info: Path, environment: dict[str, str]) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", SHOW, str(cpu_info)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()
