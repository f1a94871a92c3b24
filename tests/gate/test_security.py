"""Bandit and detect-secrets on the unpacked zip: one finding blocks an upload, so none is allowed, of any severity."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def findings_of_bandit(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "--recursive", str(folder), "--format", "json", "--quiet", "--ignore-nosec"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 0
    return [
        f"{Path(r['filename']).relative_to(folder)}:{r['line_number']} {r['test_id']} {r['issue_text']}"
        for r in report["results"]
    ]


def findings_of_detect_secrets(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."],
        capture_output=True, text=True, timeout=300, check=True, cwd=folder,
    )  # fmt: skip
    results = json.loads(done.stdout)["results"]
    return [f"{name}:{hit['line_number']} {hit['type']}" for name, hits in results.items() for hit in hits]


def test_bandit_finds_nothing(unpacked: Path) -> None:
    assert findings_of_bandit(unpacked) == []


def test_detect_secrets_finds_nothing(unpacked: Path) -> None:
    assert findings_of_detect_secrets(unpacked) == []


def test_both_would_find_something(tmp_path: Path) -> None:
    key = "".join(["AKIA", "QWERTYUIOPASDFGH"])
    (tmp_path / "bad.py").write_text(f'import subprocess\nKEY = "{key}"\nassert KEY\n', encoding="utf-8")
    assert any("B101" in found for found in findings_of_bandit(tmp_path))
    assert any("AWS" in found for found in findings_of_detect_secrets(tmp_path))
