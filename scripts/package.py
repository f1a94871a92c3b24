"""Build the zip that QGIS installs: dist/weipian_plugin-<version>.zip (`make package`).

The same sources give the same bytes: fixed order, fixed time stamps, fixed permissions, no compiled Python, no tests.
"""

from __future__ import annotations

import configparser
import hashlib
import sys
import zipfile
from pathlib import Path

from house import PACKAGE, REPOSITORY, plugin_files

STAMP = (2020, 1, 1, 0, 0, 0)


def version() -> str:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(REPOSITORY / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def build(folder: Path) -> Path:
    """Write the zip into `folder` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PACKAGE}-{version()}.zip"
    unfinished = target.with_suffix(".zip.part")
    with zipfile.ZipFile(unfinished, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file, inside in plugin_files():
            entry = zipfile.ZipInfo(f"{PACKAGE}/{inside}", STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, file.read_bytes())
    return unfinished.replace(target)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "dist"
    target = build(folder)
    content = target.read_bytes()
    print(f"{target}  {len(content):,} bytes  sha256 {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
