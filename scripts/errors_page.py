"""Write docs/errors.md from the sentences the plugin can say: every code, what it says, in Chinese and English (`make docs`)."""

from __future__ import annotations

import argparse
import sys

import yaml
from house import REPOSITORY

PAGE = REPOSITORY / "docs" / "errors.md"
TITLES = {
    "run": "运行 · running an algorithm",
    "workspace": "工作库 · workspace",
    "geodesy": "坐标与面积 · coordinates and areas",
    "office": "写文件 · writing files",
    "formats": "读文件 · reading files",
    "intake": "图斑入库 · intake",
    "overlay": "套合分析 · overlay",
    "judgment": "判定 · judgment and decisions",
    "evidence": "照片与外业 · photos and field work",
    "filing": "卷宗 · packages",
    "oversight": "台账与统计 · tables and statistics",
    "sample": "示例县 · sample county",
}
HEAD = """# Messages and what to do · 提示代码

Every message of the plugin has a stable code; logs and reports name it. The sentence itself says what is wrong, where, and what to do;
‹words in braces› are filled in with the file, layer or parcel. Written by `make docs` from `resources/messages`; do not edit.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for path in sorted(
        (REPOSITORY / "resources" / "messages").glob("*.yaml"),
        key=lambda path: list(TITLES).index(path.stem) if path.stem in TITLES else 99,
    ):
        lines += [f"## {TITLES.get(path.stem, path.stem)}", "", "| code | 中文 | English |", "| --- | --- | --- |"]
        for code, texts in sorted(yaml.safe_load(path.read_text(encoding="utf-8")).items()):
            lines.append(f"| `{code}` | {_cell(texts['zh'])} | {_cell(texts['en'])} |")
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("{", "‹").replace("}", "›").replace("<", "&lt;")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the page is current")
    if parser.parse_args().check:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        print("docs/errors.md is current" if current else "docs/errors.md is out of date: make docs")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
