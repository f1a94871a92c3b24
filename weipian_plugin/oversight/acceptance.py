"""区级验收: a check list over the whole batch, with a link to each package; what cannot be checked is said, never passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..geodesy.units import half_up, mu_exact
from ..judgment.standing import UNDONE
from ..model.messages import Message
from ..model.values import is_blank
from ..workspace import journal
from . import records, rectification
from .building import Prepared, by_parcel, categories, listing, subtitle
from .data import acceptance
from .standing import decisions_as_of
from .table import Table, layout

PASSED, FAILED, SKIPPED, INAPPLICABLE = "通过", "不通过", "未能检查", "不适用"
_OUTCOMES_BY_COLUMN = {"passed": PASSED, "failed": FAILED, "skipped": SKIPPED, "inapplicable": INAPPLICABLE}
_OUTCOMES = tuple(_OUTCOMES_BY_COLUMN.values())
#: What the checks ask of an item.
_ASKED = [
    "item", "parcel", "part", "parent", "group", "area", "whole_area", "farmland", "other_agricultural", "construction", "unused",
    "unsurveyed", "nonagri", "nongrain", "finished", "closed",
]  # fmt: skip
_LANDS = ("farmland", "other_agricultural", "construction", "unused", "unsurveyed")


@dataclass(frozen=True)
class Check:
    """The outcome of one check of one parcel and, unless it passed, why."""

    outcome: str
    why: str = ""


def tables(snapshot: records.Snapshot, prepared: Prepared, root: Path | None = None) -> tuple[Table, Table]:
    """区级验收汇总表 and 区级验收清单. ``root`` is where relative package paths start."""
    keys = [entry.key for entry in acceptance().checks]
    frame = by_parcel(prepared)
    checked = check_parcels(snapshot, prepared, root)
    rows = [checked[parcel] for parcel in frame["parcel"]]
    paths = _packages(snapshot, prepared)
    named = categories(prepared)
    frame = frame.assign(
        item=frame["parcel"], number=frame["parcel"], category=["、".join(named[parcel]) for parcel in frame["parcel"]],
        remarks=["；".join(check.why for check in row.values() if check.why) for row in rows],
        result=[_conclusion(row) for row in rows],
        **{key: [row[key].outcome for row in rows] for key in keys},
    )  # fmt: skip
    order = sorted(
        range(len(frame)), key=list(zip(frame["result"].map(_ORDER), frame["township"], frame["parcel"])).__getitem__
    )
    frame = frame.iloc[order].reset_index(drop=True)
    detail = listing(prepared, "acceptance", frame, ())
    links = {
        (position, "number"): _address(paths[number]["path"], root)
        for position, number in enumerate(frame["parcel"])
        if number in paths and paths[number]["path"]
    }
    detail = replace(detail, links=links)
    return _summary(snapshot, prepared, rows, frame), detail


def check_parcels(
    snapshot: records.Snapshot, prepared: Prepared, root: Path | None = None
) -> dict[str, dict[str, Check]]:
    """Every check of every parcel, by number and check key."""
    items: dict[str, list[dict[Any, Any]]] = {}
    for row in prepared.items[_ASKED].to_dict("records"):
        items.setdefault(str(row["parcel"]), []).append(row)
    signers = _signers(snapshot, prepared)
    packages = _packages(snapshot, prepared)
    photos = _photos(snapshot)
    findings = _rectification(prepared)
    families = _families(prepared)
    rules = acceptance()
    tolerance = float(mu_exact(rules.closing_tolerance_m2.value)) + 1e-9
    result = {}
    for parcel, rows in items.items():
        shots = photos.get(parcel, [])
        result[parcel] = {
            "decided": _decided(rows),
            "signed": _signed(signers.get(parcel, {})),
            "package": _package(packages.get(parcel), root),
            "verified": _verified(packages.get(parcel)),
            "photos": _enough(shots, rules.photos.least),
            "photos_true": _true(shots, rules.photo_levels.fail, parcel),
            "areas": _lands(rows, tolerance),
            "parts": _parts(parcel, rows, families, tolerance),
            "rectified": _rectified(rows, findings),
        }
    return result


def journal_check(snapshot: records.Snapshot) -> Check:
    """Whether the journal's chain is whole: each row carries the digest of the row before it."""
    rows = records.table(snapshot, "journal")
    if not len(rows):
        return Check(SKIPPED, "操作记录为空，0 行被检查")
    previous = ""
    fields = ["at", "who", "why", "what", "key", "action", "before", "after", "state", "previous", "digest", "chain"]
    for position, row in enumerate(rows[fields].itertuples(index=False), start=1):
        texts = [*row[:6], journal.as_json(_present(row[6])), journal.as_json(_present(row[7])), row[8], row[9]]
        chain = None if is_blank(row[11]) else int(row[11])
        if (row[9] or "") != previous or journal.digest(texts, chain) != row[10]:
            return Check(FAILED, f"操作记录第 {position} 行与前一行不衔接，可能被改动或删除")
        previous = row[10]
    if "fid" in rows.columns and [int(fid) for fid in rows["fid"]] != list(range(1, len(rows) + 1)):
        return Check(FAILED, "操作记录的行号不连续，可能有行被删除")
    for doubt in snapshot["doubt"]["text"] if "doubt" in snapshot else ():
        return Check(FAILED, str(doubt))
    return Check(PASSED, f"共 {len(rows)} 行，前后衔接，末行校验值 {previous[:16]}")


_ORDER = {FAILED: 0, SKIPPED: 1, PASSED: 2}


def _conclusion(row: Mapping[str, Check]) -> str:
    outcomes = {check.outcome for check in row.values()}
    return FAILED if FAILED in outcomes else SKIPPED if SKIPPED in outcomes else PASSED


def _summary(
    snapshot: records.Snapshot, prepared: Prepared, rows: list[dict[str, Check]], frame: pd.DataFrame
) -> Table:
    drawn = layout("acceptance_summary")
    counted: list[tuple[str, str, Mapping[str, int], str]] = []  # row key, name, outcomes, note
    keys: dict[str, tuple[str, ...]] = {}
    for entry in acceptance().checks:
        key = entry.key
        outcomes = frame[key] if len(frame) else pd.Series(dtype=object)
        counted.append((key, entry.title, {name: int((outcomes == name).sum()) for name in _OUTCOMES}, ""))
        for column, outcome in _OUTCOMES_BY_COLUMN.items():
            members = tuple(frame["parcel"][outcomes == outcome]) if len(frame) else ()
            keys[f"acceptance_summary/{key}/{column}"] = members
    whole = journal_check(snapshot)
    counted.append(("journal", "操作记录不间断", {name: int(whole.outcome == name) for name in _OUTCOMES}, whole.why))
    conclusions = [_conclusion(row) for row in rows]
    results = {**{name: conclusions.count(name) for name in (PASSED, FAILED, SKIPPED)}, INAPPLICABLE: 0}
    counted.append(("result", "全部检查", results, "按图斑计"))
    cells = tuple(tuple(_counted(*row[1:])[column.key] for column in drawn.columns) for row in counted)
    note = Message("oversight.acceptance.note")
    return Table(
        drawn.id, drawn.title, drawn.columns, cells, tuple(row[0] for row in counted), None, (note,), keys,
        subtitle(prepared), acceptance().source,
    )  # fmt: skip


def _counted(name: str, counts: Mapping[str, int], note: str) -> Mapping[str, Any]:
    """The cells of a row of the summary, by column."""
    tested = counts[PASSED] + counts[FAILED]
    by_column = {column: counts[outcome] for column, outcome in _OUTCOMES_BY_COLUMN.items()}
    notes = "【0 项被检查】没有结论，不代表通过" if not tested else note
    return {"name": name, "checked": tested, **by_column, "said": notes}


def _decided(rows: list[dict[Any, Any]]) -> Check:
    open_parts = [row["part"] or "整图斑" for row in rows if row["group"] in ("undecided", "unknown")]
    if open_parts:
        return Check(FAILED, f"未判定（{'、'.join(open_parts)}）")
    doubtful = [row for row in rows if row["group"] == "doubtful"]
    return Check(FAILED, "判定存疑") if doubtful else Check(PASSED)


def _signers(snapshot: records.Snapshot, prepared: Prepared) -> dict[str, dict[str, set[str]]]:
    """Parcel → role (经办/复核) → persons, from decisions that stand or were followed by a later one."""
    found: dict[str, dict[str, set[str]]] = {}
    for decision in decisions_as_of(snapshot, prepared.as_of):
        if decision.status != UNDONE and decision.person.strip():
            found.setdefault(decision.parcel, {}).setdefault(decision.role, set()).add(decision.person)
    return found


def _signed(signers: Mapping[str, set[str]]) -> Check:
    missing = [role for role in ("经办", "复核") if not signers.get(role)]
    if missing:
        return Check(FAILED, f"缺少{'、'.join(missing)}签名")
    if len(signers["经办"] | signers["复核"]) < 2:
        return Check(FAILED, "经办与复核为同一人")
    return Check(PASSED)


def _packages(snapshot: records.Snapshot, prepared: Prepared) -> dict[str, dict[Any, Any]]:
    table = records.plain(records.as_of(snapshot, "package", prepared.as_of))
    return {str(row["parcel"]): row for row in table.to_dict("records")}


def _package(record: Mapping[Any, Any] | None, root: Path | None) -> Check:
    if record is None or is_blank(record["path"]):
        return Check(FAILED, "没有卷宗")
    path = _located(str(record["path"]), root)
    if path is not None and not path.exists():
        return Check(FAILED, f"卷宗不在记录的位置（{record['path']}）")
    if not record["complete"] or record["complete"] != record["complete"]:
        missing = record["missing"] if isinstance(record["missing"], list) else []
        return Check(FAILED, f"卷宗不完整（缺 {len(missing)} 项）" if missing else "卷宗不完整")
    return Check(PASSED)


def _verified(record: Mapping[Any, Any] | None) -> Check:
    if record is None:
        return Check(SKIPPED)
    if is_blank(record["verified_at"]):
        return Check(SKIPPED, "卷宗尚未校验")
    if not is_blank(record["made_at"]) and str(record["verified_at"]) < str(record["made_at"]):
        return Check(FAILED, "校验之后卷宗又重新导出")
    return Check(PASSED)


def _photos(snapshot: records.Snapshot) -> dict[str, list[dict[Any, Any]]]:
    """Parcel → its attached photos, each with ``parcels``: how many parcels it is attached to."""
    photos = records.table(snapshot, "photo")
    by_key: dict[str, dict[Any, Any]] = {}
    for row in photos.to_dict("records"):
        for key in (row["file"], row["sha256"]):
            if not is_blank(key):
                by_key.setdefault(str(key), row)
    links = records.table(snapshot, "photo_parcel")
    attached = links[links["status"] == "attached"]
    uses = attached.groupby("photo")["parcel"].nunique().to_dict()
    found: dict[str, list[dict[Any, Any]]] = {}
    for photo, parcel in zip(attached["photo"], attached["parcel"]):
        shot = by_key.get(str(photo))
        if shot is not None:
            found.setdefault(str(parcel), []).append({**shot, "parcels": uses[photo]})
    return found


def _enough(shots: list[dict[Any, Any]], least: int) -> Check:
    counting = [
        shot
        for shot in shots
        if not any(is_blank(shot[key]) or shot[key] != shot[key] for key in ("lon", "lat", "azimuth", "taken_at"))
    ]
    if len(counting) >= least:
        return Check(PASSED)
    return Check(FAILED, f"位置、方位角、时间齐全的照片 {len(counting)} 张（共挂接 {len(shots)} 张），少于 {least} 张")


def _true(shots: list[dict[Any, Any]], failing: Sequence[str], parcel: str) -> Check:
    if not shots:
        return Check(SKIPPED, "没有挂接照片，照片真实性未检查")
    problems = [
        str(finding.get("text") or finding.get("code"))
        for shot in shots
        for finding in (shot["findings"] if isinstance(shot["findings"], list) else [])
        if isinstance(finding, Mapping)
        and finding.get("level") in failing
        and finding.get("parcel") in (None, "", parcel)
    ]
    shared = [shot for shot in shots if shot["parcels"] > 1]
    problems += [f"照片 {Path(str(shot['file'])).name} 同时用于 {shot['parcels']} 个图斑" for shot in shared]
    return (
        Check(FAILED, "；".join(dict.fromkeys(problem.rstrip("。") for problem in problems)))
        if problems
        else Check(PASSED)
    )


def _lands(rows: list[dict[Any, Any]], tolerance: float) -> Check:
    """地块面积 = 耕地 + 非耕农用地 + 未利用地 + 建设用地 (+ 无地类), each item; needs all of them."""
    outcomes = []
    for row in rows:
        parts = [row["farmland"], *(row[name] for name in _LANDS[1:])]
        needed = [row["area"], *parts[:4]]
        if any(value != value for value in needed):
            return Check(SKIPPED, "地类面积不全，面积闭合未检查")
        difference = row["area"] - sum(value for value in parts if value == value)
        if abs(difference) > tolerance:
            outcomes.append(f"地类面积之和与图斑面积相差 {half_up(difference, 4)} 亩")
    return Check(FAILED, "；".join(outcomes)) if outcomes else Check(PASSED)


def _families(prepared: Prepared) -> dict[str, tuple[float, float]]:
    """Split parent → (its area, the sum of its children's areas) in 亩; NaN where one is not known."""
    area = dict(zip(prepared.originals["parcel"], prepared.originals["area"]))
    children: dict[str, list[float]] = {}
    for row in (
        prepared.items[["parcel", "part", "parent", "area"]].drop_duplicates(["parcel", "part"]).itertuples(index=False)
    ):
        if row[2]:
            children.setdefault(str(row[2]), []).append(float(row[3]))
    return {parent: (float(area.get(parent, float("nan"))), sum(areas)) for parent, areas in children.items()}


def _parts(
    parcel: str, rows: list[dict[Any, Any]], families: Mapping[str, tuple[float, float]], tolerance: float
) -> Check:
    parent = rows[0]["parent"]
    if parent:
        whole, total = families[parent]
    elif rows[0]["part"]:
        whole, total = rows[0]["whole_area"], sum(row["area"] for row in rows)
    else:
        return Check(INAPPLICABLE)
    if whole != whole or total != total:
        return Check(SKIPPED, "原图斑或地块面积不明，分割闭合未检查")
    difference = whole - total
    return (
        Check(PASSED)
        if abs(difference) <= tolerance
        else Check(FAILED, f"分割后面积之和相差 {half_up(difference, 4)} 亩")
    )


def _rectification(prepared: Prepared) -> dict[str, tuple[Message, ...]]:
    frame = rectification.ledger(prepared.items)
    return dict(zip(frame["item"], frame["findings"]))


def _rectified(rows: list[dict[Any, Any]], findings: Mapping[str, tuple[Message, ...]]) -> Check:
    illegal = [row for row in rows if row["nonagri"] or row["nongrain"]]
    if not illegal:
        return Check(INAPPLICABLE)
    problems: list[str] = []
    for row in illegal:
        name = f"地块{row['part']} " if row["part"] else ""
        notes = rectification.remarks(row["item"], findings.get(row["item"], ()))
        notes += ["未整改到位"] if not row["finished"] else [] if row["closed"] else ["未销号"]
        problems += [name + text for text in notes]
    return Check(FAILED, "；".join(problems)) if problems else Check(PASSED)


def _located(path: str, root: Path | None) -> Path | None:
    """Where a package should be; None for a relative path without a root, which cannot be looked for."""
    located = Path(path)
    if located.is_absolute():
        return located
    return root / located if root is not None else None


def _address(path: str, root: Path | None) -> str:
    located = _located(str(path), root)
    return str(path) if located is None else str(located.resolve())


def _present(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value
