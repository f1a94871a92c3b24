"""The long run: ``make drill`` (``DRILL='seed count'``)."""

from __future__ import annotations

import collections
import sys
import tempfile
import time
from pathlib import Path

from .checking import fault_of
from .writers import cases, libreoffice


def main(seed: int = 1, count: int = 3200) -> int:
    """Run ``count`` cases and the conversions; what is wrong is listed, the last line is the sum."""
    begun, slowest = time.monotonic(), (0.0, "")
    faults: list[str] = []
    kinds: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        for runs in (cases(Path(folder) / "c", seed, count), libreoffice(Path(folder))):
            for case in runs:
                start = time.monotonic()
                fault = fault_of(case)
                slowest = max(slowest, (time.monotonic() - start, case.title))
                kinds[case.title.split(" ")[0]] += 1
                if fault:
                    faults.append(f"{case.title}\n    {fault}")
                    sys.stdout.write(f"FAULT {faults[-1]}\n")
    sys.stdout.write(
        f"{sum(kinds.values())} cases {dict(kinds)}\n{len(faults)} faults, slowest {slowest[0]:.1f} s ({slowest[1]}), "
    )
    sys.stdout.write(f"{time.monotonic() - begun:.0f} s in all\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
