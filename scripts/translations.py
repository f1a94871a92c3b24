"""Collect the plugin's Chinese texts into resources/i18n/weipian_en.ts (`make translations`).

pylupdate knows only tr() as a method; here every string constant with Chinese characters in the code that faces people counts
(docstrings aside), in the one context that toolbelt/language.py asks for, and every <string> of forms/*.ui in the form's
own context. Translations already there are kept; texts that are gone are dropped; `--check` only reports what lacks one.
"""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import yaml
from house import PACKAGE, REPOSITORY

TARGET = REPOSITORY / "resources" / "i18n" / "weipian_en.ts"
FACING_PEOPLE = (
    "plugin.py",
    "algorithms",
    "gui",
    "toolbelt",
    "model/packages.py",
    "model/records.py",
    "model/words.py",
    "judgment/standing.py",
    "judgment/vocabulary.py",
    "pipeline/parameters.py",
)
CONTEXT = "Weipian"
CHINESE = re.compile(r"[\u3400-\u9fff]")

Texts = dict[tuple[str, str], str]  # (context, source text) → translation


def texts_of_code() -> Iterator[str]:
    for name in FACING_PEOPLE:
        top = REPOSITORY / PACKAGE / name
        for file in [top] if top.is_file() else sorted(top.rglob("*.py")):
            yield from _texts_of(ast.parse(file.read_text(encoding="utf-8")))


def _texts_of(tree: ast.Module) -> Iterator[str]:
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)  # a docstring
        elif isinstance(node, ast.JoinedStr):
            silent.update(value for value in node.values if isinstance(value, ast.Constant))
    for node in ast.walk(tree):
        if node in silent or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if CHINESE.search(node.value):
            yield node.value


def texts_of_forms() -> Iterator[tuple[str, str]]:
    for file in sorted((REPOSITORY / "forms").glob("*.ui")):
        root = ElementTree.parse(file).getroot()  # noqa: S314 - our own files
        context = root.findtext("class") or file.stem
        for string in root.iter("string"):
            if string.get("notr") != "true" and string.text and CHINESE.search(string.text):
                yield context, string.text


def texts_of_rules() -> Iterator[str]:
    """What shipped rules are called: rules, categories, sub-types, evidence. A county's own rules speak as the county wrote them."""
    for file in sorted((REPOSITORY / "resources" / "rules").glob("*.yaml")):
        profile = yaml.safe_load(file.read_text(encoding="utf-8"))
        categories = profile.get("categories", ())
        named = [profile, *categories, *(one for entry in categories for one in entry.get("subtypes", ()))]
        titled = [*profile.get("rules", ()), *profile.get("evidence", {}).values()]
        for text in (*(one.get("name") or one.get("title") for one in named), *(one.get("zh") for one in titled)):
            if text and CHINESE.search(str(text)):
                yield str(text)


def texts_of_measures() -> Iterator[str]:
    """Titles of measures: conditions name them."""
    measures = yaml.safe_load((REPOSITORY / "resources" / "measures.yaml").read_text(encoding="utf-8"))["measures"]
    yield from (str(one["zh"]) for one in measures.values())


def existing() -> Texts:
    if not TARGET.is_file():
        return {}
    found: Texts = {}
    for context in ElementTree.parse(TARGET).getroot().iter("context"):  # noqa: S314 - our own file
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text:
                found[name, message.findtext("source") or ""] = translation.text
    return found


def write(texts: Texts) -> None:
    root = ElementTree.Element("TS", version="2.1", language="en", sourcelanguage="zh_CN")
    for name in sorted({context for context, _ in texts}):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for (_, source), translation in sorted((k, v) for k, v in texts.items() if k[0] == name):
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "source").text = source
            answer = ElementTree.SubElement(message, "translation")
            answer.text = translation
            if not translation:
                answer.set("type", "unfinished")
    ElementTree.indent(root)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    body = ElementTree.tostring(root, encoding="unicode")
    TARGET.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def main() -> int:
    known = existing()
    wanted = [
        *((CONTEXT, text) for text in (*texts_of_code(), *texts_of_rules(), *texts_of_measures())),
        *texts_of_forms(),
    ]
    texts: Texts = {key: known.get(key, "") for key in wanted}
    lacking = sorted(source for (_, source), translation in texts.items() if not translation)
    if "--check" not in sys.argv:
        write(texts)
        print(f"{TARGET.relative_to(REPOSITORY)}: {len(texts)} texts, {len(lacking)} without translation")
        return 0
    print("\n".join(["without English translation (make translations):", *lacking] if lacking else ["all translated"]))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
