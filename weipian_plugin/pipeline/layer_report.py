"""The report of a layer check: ``layer-check.html`` for people, ``layer-check.csv`` for scripts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..model.messages import render
from ..model.secrets import masked
from ..model.vocabulary import role_title
from ..office.files import write_text_atomic
from ..office.page import render_page
from .field_check import FieldCheck, key_title
from .layer_check import CatalogueCheck, Finding, LayerCheck
from .report import write_csv

HTML, CSV = "layer-check.html", "layer-check.csv"
COLUMNS = ("number", "role", "layer", "source", "features", "crs", "encoding", "level", "findings")
_TITLES = {
    "zh": {
        "title": "图层清单检查", "lacking": "清单里没有的", "layers": "图层", "role": "用途", "layer": "图层与来源", "count": "要素数",
        "crs": "坐标系", "encoding": "编码", "state": "检查结果", "field": "内容", "column": "字段", "samples": "示例值",
    },
    "en": {
        "title": "Layer check", "lacking": "What the catalogue lacks", "layers": "Layers", "role": "Role", "layer": "Layer and source",
        "count": "Features", "crs": "CRS", "encoding": "Encoding", "state": "Found", "field": "Content", "column": "Column",
        "samples": "Examples",
    },
}  # fmt: skip


def write_report(check: CatalogueCheck, folder: Path, language: str = "zh") -> Path:
    """Both files below ``folder``; gives back the page. Raises what the atomic writer raises."""
    page = render_page(
        "layer-check.html",
        lang="en" if language == "en" else "zh-CN",
        t=_TITLES["en" if language == "en" else "zh"],
        facts=f"{check.catalogue}　{date.today().isoformat()}",
        lacking=[_finding(one, language) for one in check.lacking],
        layers=[_layer(one, language) for one in check.layers],
    )
    write_csv(folder / CSV, list(COLUMNS), [_row(number, one) for number, one in enumerate(check.layers, start=1)])
    return write_text_atomic(folder / HTML, page)


def _layer(check: LayerCheck, language: str) -> dict[str, object]:
    source = check.source
    return {
        "role": role_title(source.role, language),
        "name": source.layer or source.title,
        "source": masked(source.source),
        "count": check.count if check.count >= 0 else "",
        "crs": check.crs,
        "encoding": check.encoding,
        "findings": [_finding(one, language) for one in check.findings],
        "fields": [_field(one, language) for one in check.fields],
    }


def _finding(one: Finding, language: str) -> dict[str, str]:
    return {"level": one.level.value, "text": render(one.message, language)}


def _field(one: FieldCheck, language: str) -> dict[str, str]:
    return {
        "title": key_title(one.key, language),
        "column": one.column,
        "samples": "、".join(one.samples),
        "level": one.level.value,
        "text": field_text(one, language),
    }


def field_text(one: FieldCheck, language: str = "zh") -> str:
    """What the values of a field are like, and what is lacking because of it."""
    return " ".join(render(message, language) for message in (one.message, one.effect) if message is not None)


def _row(number: int, check: LayerCheck) -> list[str]:
    source = check.source
    texts = [render(one.message) for one in check.findings]
    texts += [
        f"{key_title(one.key)}：{field_text(one)}" for one in check.fields if one.level.value in ("warning", "error")
    ]
    return [
        str(number),
        source.role,
        source.layer or "",
        masked(source.source),
        str(check.count) if check.count >= 0 else "",
        check.crs,
        check.encoding,
        check.level.value,
        " ".join(texts),
    ]
