"""区级验收: a check list over the whole batch, with a link to each package; what cannot be checked is said, never passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..geodesy.units import half_up, mu_exact
from ..judgment.decisions import CASE_OFFICER, REVIEWER
from ..judgment.standing import UNDONE
from ..model.messages import Message
from ..model.records import Package, Photo, PhotoLink
from ..model.values import is_blank, is_missing
from ..model.words import PhotoStatus
from ..workspace import journal
from ..workspace.mapping import records_of
from ..workspace.repository import Repository, rows_of
from . import records, rectification
from .building import Prepared, by_parcel, categories, listing, subtitle
from .columns import ordered
from .columns import rows as table_rows
from .data import acceptance
from .item_columns import UNDECIDED, Item
from .standing import decisions_as_of
from .table import Table, layout

PASSED, FAILED, SKIPPED, INAPPLICABLE = "通过", "不通过", "未能检查", "不适用"
_OUTCOMES_BY_COLUMN = {"passed": PASSED, "failed": FAILED, "skipped": SKIPPED, "inapplicable": INAPPLICABLE}
_OUTCOMES = tuple(_OUTCOMES_BY_COLUMN.values())


@dataclass(frozen=True)
class Check:
    """The outcome of one check of one parcel and, unless it passed, why."""

    outcome: str
    why: str = ""


def tables(snapshot: records.Snapshot, prepared: Prepared, root: Path | None = None) -> tuple[Table, Table]:
    """区级验收汇总表 and 区级验收清单. ``root`` is where relative package paths start."""
    parcels = by_parcel(prepared)
    checked = check_parcels(snapshot, prepared, root)
    results = parcels.parcel.map({number: _conclusion(row) for number, row in checked.items()})
    parcels = parcels.take(ordered(zip(results.map(_ORDER), parcels.township, parcels.parcel)))
    rows = [checked[parcel] for parcel in parcels.parcel]
    named = categories(prepared)
    cells = parcels.cells(
        number=parcels.parcel,
        category=["、".join(named[parcel]) for parcel in parcels.parcel],
        remarks=["；".join(check.why for check in row.values() if check.why) for row in rows],
        result=[_conclusion(row) for row in rows],
        **{entry.key: [row[entry.key].outcome for row in rows] for entry in acceptance().checks},
    )
    paths = _packages(snapshot, prepared)
    links = {
        (position, "number"): _address(paths[number].path, root)
        for position, number in enumerate(parcels.parcel)
        if number in paths and paths[number].path
    }
    detail = replace(listing(prepared, "acceptance", cells), links=links)
    return _summary(snapshot, prepared, dict(zip(parcels.parcel, rows))), detail


def check_parcels(
    snapshot: records.Snapshot, prepared: Prepared, root: Path | None = None
) -> dict[str, dict[str, Check]]:
    """Every check of every parcel, by number and check key."""
    items: dict[str, list[Item]] = {}
    for item in table_rows(Item, prepared.items):
        items.setdefault(item.parcel, []).append(item)
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
            "parts": _parts(rows, families, tolerance),
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
    for doubt in records.doubts(snapshot):
        return Check(FAILED, doubt)
    return Check(PASSED, f"共 {len(rows)} 行，前后衔接，末行校验值 {previous[:16]}")


_ORDER = {FAILED: 0, SKIPPED: 1, PASSED: 2}


def _conclusion(row: Mapping[str, Check]) -> str:
    outcomes = {check.outcome for check in row.values()}
    return FAILED if FAILED in outcomes else SKIPPED if SKIPPED in outcomes else PASSED


def _summary(snapshot: records.Snapshot, prepared: Prepared, rows: Mapping[str, Mapping[str, Check]]) -> Table:
    """``rows``: the checks of each parcel, in the order of the list."""
    drawn = layout("acceptance_summary")
    counted: list[tuple[str, str, Mapping[str, int], str]] = []  # row key, name, outcomes, note
    keys: dict[str, tuple[str, ...]] = {}
    for entry in acceptance().checks:
        counts = {}
        for column, outcome in _OUTCOMES_BY_COLUMN.items():
            members = tuple(parcel for parcel, row in rows.items() if row[entry.key].outcome == outcome)
            keys[f"acceptance_summary/{entry.key}/{column}"] = members
            counts[outcome] = len(members)
        counted.append((entry.key, entry.title, counts, ""))
    whole = journal_check(snapshot)
    counted.append(("journal", "操作记录不间断", {name: int(whole.outcome == name) for name in _OUTCOMES}, whole.why))
    conclusions = [_conclusion(row) for row in rows.values()]
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


def _decided(rows: Sequence[Item]) -> Check:
    open_parts = [row.part or "整图斑" for row in rows if row.group in UNDECIDED]
    if open_parts:
        return Check(FAILED, f"未判定（{'、'.join(open_parts)}）")
    return Check(FAILED, "判定存疑") if any(row.group == "doubtful" for row in rows) else Check(PASSED)


def _signers(snapshot: records.Snapshot, prepared: Prepared) -> dict[str, dict[str, set[str]]]:
    """Parcel → role (经办/复核) → persons, from decisions that stand or were followed by a later one."""
    found: dict[str, dict[str, set[str]]] = {}
    for decision in decisions_as_of(snapshot, prepared.as_of):
        if decision.status != UNDONE and decision.person.strip():
            found.setdefault(decision.parcel, {}).setdefault(decision.role, set()).add(decision.person)
    return found


def _signed(signers: Mapping[str, set[str]]) -> Check:
    persons = [signers.get(role, set()) for role in (CASE_OFFICER, REVIEWER)]
    missing = [role for role, found in zip((CASE_OFFICER, REVIEWER), persons) if not found]
    if missing:
        return Check(FAILED, f"缺少{'、'.join(missing)}签名")
    if len(set.union(*persons)) < 2:
        return Check(FAILED, "经办与复核为同一人")
    return Check(PASSED)


def _packages(snapshot: records.Snapshot, prepared: Prepared) -> dict[str, Package]:
    stored = records_of(Package, rows_of(records.as_of(snapshot, "package", prepared.as_of)))
    return {package.parcel: package for package in stored}


def _package(package: Package | None, root: Path | None) -> Check:
    if package is None or is_blank(package.path):
        return Check(FAILED, "没有卷宗")
    path = _located(package.path, root)
    if path is not None and not path.exists():
        return Check(FAILED, f"卷宗不在记录的位置（{package.path}）")
    if not package.complete:
        missing = len(package.missing)
        return Check(FAILED, f"卷宗不完整（缺 {missing} 项）" if missing else "卷宗不完整")
    return Check(PASSED)


def _verified(package: Package | None) -> Check:
    if package is None:
        return Check(SKIPPED)
    if not package.verified_at or is_blank(package.verified_at):
        return Check(SKIPPED, "卷宗尚未校验")
    if not is_blank(package.made_at) and package.verified_at < package.made_at:
        return Check(FAILED, "校验之后卷宗又重新导出")
    return Check(PASSED)


@dataclass(frozen=True)
class _Shot:
    """A photo attached to a parcel, and to how many parcels it is attached."""

    photo: Photo
    parcels: int


def _photos(snapshot: records.Snapshot) -> dict[str, list[_Shot]]:
    """Parcel → its attached photos."""
    stored = Repository(snapshot)
    attached = stored.all(PhotoLink, status=PhotoStatus.ATTACHED.value)
    by_key = stored.photos_by_key([link.photo for link in attached])
    uses: dict[str, set[str]] = {}
    for link in attached:
        uses.setdefault(link.photo, set()).add(link.parcel)
    found: dict[str, list[_Shot]] = {}
    for link in attached:
        if link.photo in by_key:
            found.setdefault(link.parcel, []).append(_Shot(by_key[link.photo], len(uses[link.photo])))
    return found


def _enough(shots: Sequence[_Shot], least: int) -> Check:
    counting = sum(one.photo.tells_its_view for one in shots)
    if counting >= least:
        return Check(PASSED)
    return Check(FAILED, f"位置、方位角、时间齐全的照片 {counting} 张（共挂接 {len(shots)} 张），少于 {least} 张")


def _true(shots: Sequence[_Shot], failing: Sequence[str], parcel: str) -> Check:
    if not shots:
        return Check(SKIPPED, "没有挂接照片，照片真实性未检查")
    problems = [
        str(finding.get("text") or finding.get("code"))
        for shot in shots
        for finding in shot.photo.findings or ()
        if isinstance(finding, Mapping)
        and finding.get("level") in failing
        and finding.get("parcel") in (None, "", parcel)
    ]
    problems += [
        f"照片 {Path(shot.photo.file).name} 同时用于 {shot.parcels} 个图斑" for shot in shots if shot.parcels > 1
    ]
    return (
        Check(FAILED, "；".join(dict.fromkeys(problem.rstrip("。") for problem in problems)))
        if problems
        else Check(PASSED)
    )


def _lands(rows: Sequence[Item], tolerance: float) -> Check:
    """地块面积 = 耕地 + 非耕农用地 + 未利用地 + 建设用地 (+ 无地类), each item; needs all of them."""
    outcomes = []
    for row in rows:
        lands = [row.farmland, row.other_agricultural, row.construction, row.unused]
        if any(is_missing(area) for area in (row.area, *lands)):
            return Check(SKIPPED, "地类面积不全，面积闭合未检查")
        difference = row.area - sum([*lands, 0.0 if is_missing(row.unsurveyed) else row.unsurveyed])
        if abs(difference) > tolerance:
            outcomes.append(f"地类面积之和与图斑面积相差 {half_up(difference, 4)} 亩")
    return Check(FAILED, "；".join(outcomes)) if outcomes else Check(PASSED)


def _families(prepared: Prepared) -> dict[str, tuple[float, float]]:
    """Split parent → (its area, the sum of its children's areas) in 亩; NaN where one is not known."""
    items = prepared.items
    area = dict(zip(prepared.originals.parcel, prepared.originals.area))
    children: dict[str, list[float]] = {}
    for parent, own in zip(items.parent, items.area):
        if parent:
            children.setdefault(parent, []).append(float(own))
    return {parent: (float(area.get(parent, float("nan"))), sum(areas)) for parent, areas in children.items()}


def _parts(rows: Sequence[Item], families: Mapping[str, tuple[float, float]], tolerance: float) -> Check:
    first = rows[0]
    if first.parent:
        whole, total = families[first.parent]
    elif first.part:
        whole, total = first.whole_area, sum(row.area for row in rows)
    else:
        return Check(INAPPLICABLE)
    if is_missing(whole) or is_missing(total):
        return Check(SKIPPED, "原图斑或地块面积不明，分割闭合未检查")
    difference = whole - total
    return (
        Check(PASSED)
        if abs(difference) <= tolerance
        else Check(FAILED, f"分割后面积之和相差 {half_up(difference, 4)} 亩")
    )


def _rectification(prepared: Prepared) -> dict[str, tuple[Message, ...]]:
    ledger = rectification.ledger(prepared.items)
    return dict(zip(ledger.item, ledger.findings))


def _rectified(rows: Sequence[Item], findings: Mapping[str, tuple[Message, ...]]) -> Check:
    illegal = [row for row in rows if row.nonagri or row.nongrain]
    if not illegal:
        return Check(INAPPLICABLE)
    problems: list[str] = []
    for row in illegal:
        name = f"地块{row.part} " if row.part else ""
        notes = rectification.remarks(row.item, findings.get(row.item, ()))
        notes += ["未整改到位"] if not row.finished else [] if row.closed else ["未销号"]
        problems += [name + text for text in notes]
    return Check(FAILED, "；".join(problems)) if problems else Check(PASSED)


def _located(path: str, root: Path | None) -> Path | None:
    """Where a package should be; None for a relative path without a root, which cannot be looked for."""
    located = Path(path)
    if located.is_absolute():
        return located
    return root / located if root is not None else None


def _address(path: str, root: Path | None) -> str:
    located = _located(path, root)
    return path if located is None else str(located.resolve())


def _present(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value
