"""Build the zip that QGIS installs: dist/weipian_plugin-<version>.zip (`make package`).

The addresses of the project stand in pyproject.toml ([tool.weipian]) and are written into the metadata here. While they are
placeholders, only `make package LOCAL=1` builds: such a zip is for trying out, the plugin repository would refuse it.

The same sources give the same bytes: fixed order, fixed time stamps, fixed permissions, no compiled Python, no tests.
"""

from __future__ import annotations

import configparser
import hashlib
import re
import sys
import zipfile
from pathlib import Path

import tomllib
from house import PACKAGE, REPOSITORY, plugin_files

STAMP = (2020, 1, 1, 0, 0, 0)


def version() -> str:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(REPOSITORY / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def addresses() -> dict[str, str]:
    """E-mail and web addresses of the project by their keys in the metadata."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(settings["tool"]["weipian"])


def placeholders(found: dict[str, str]) -> list[str]:
    """Keys whose address is one that nobody can own (RFC 2606) or is missing."""
    keys = ("email", "homepage", "tracker", "repository")
    reserved = re.compile(r"(^|[@./])(example(\.(com|net|org))?|localhost|[^/]*\.(test|invalid|example))(/|:|$)")
    return [key for key in keys if not found.get(key) or reserved.search(found[key].removeprefix("https://"))]


def with_addresses(metadata: str) -> str:
    """The text of metadata.txt with the addresses before the licence."""
    lines = "".join(f"{key}={value}\n" for key, value in addresses().items())
    return metadata.replace("license=", lines + "license=", 1)


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
            content = file.read_bytes()
            if inside == "metadata.txt":
                content = with_addresses(content.decode("utf-8")).encode("utf-8")
            archive.writestr(entry, content)
    return unfinished.replace(target)


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if argument != "--local"]
    open_ones = placeholders(addresses())
    if open_ones and "--local" not in sys.argv:
        print(
            f"placeholders in [tool.weipian] of pyproject.toml: {', '.join(open_ones)}. Write the project's own addresses there, "
            "or build a zip for trying out only: make package LOCAL=1",
            file=sys.stderr,
        )
        return 1
    folder = Path(arguments[0]) if arguments else REPOSITORY / "dist"
    target = build(folder)
    content = target.read_bytes()
    print(f"{target}  {len(content):,} bytes  sha256 {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
