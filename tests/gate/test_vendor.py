"""The vendored packages are what `make vendor` makes from wheels with the hashes of the table: nobody edits them by hand."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest


def test_the_vendored_packages_are_as_made_from_the_wheels(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(repository / "scripts" / "vendor.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=240,
    )
    if "Could not find a version" in done.stderr or "No matching distribution" in done.stderr:
        pytest.skip("no package index can be reached, and .build/vendor holds no wheels")
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("from docx.oxml import parse_xml\n", "from ....docx.oxml import parse_xml\n"),
        ("from docx import Document  # why\n", "from ....docx import Document  # why\n"),
        ("    import docx.types as t\n", "    from ....docx import types as t\n"),
        ("import docx.oxml.ns\n", "from .... import docx; from ....docx.oxml import ns as _ns\n"),
        ("from docxcompose import x\nimport os, re\n", "from docxcompose import x\nimport os, re\n"),
        ("from .ns import qn\n", "from .ns import qn\n"),
        ('"""from docx import Document"""\n', '"""from docx import Document"""\n'),
    ],
)
def test_imports_of_vendored_packages_become_relative(
    source: str, made: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(repository / "scripts"))
    vendor = importlib.import_module("vendor")
    indented = source.startswith(" ")
    text = f"if True:\n{source}" if indented else source
    found = vendor.with_relative_imports(text, PurePosixPath("docx/oxml/text/run.py"), {"docx", "exifread"})
    assert found == (f"if True:\n{made}" if indented else made)
