"""The statistics of a report folder counted once more, by pandas from the plain tables and the raw rows of the workspace.

Nothing of the plugin is used: what a figure means is written here again, in the words of the notice and of docs/contracts.md.
:func:`differences` compares with the figures that the workbooks name in their hidden sheet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Optional

import pandas as pd
from openpyxl import load_workbook

MU_PER_M2 = Decimal("0.0015")
#: acts after which somebody has to judge again
_OPEN_AGAIN = ("send_back", "rejudge", "reject", "reopen", "postpone")
_NO_CONSTRUCTION = ("设施农用地", "农村道路", "临时用地")


@dataclass(frozen=True)
class Folder:
    """A report folder with the workspace it was made from, as of a day (ISO)."""

    report: Path
    workspace: Path
    as_of: str

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.report / f"{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)

    def stored(self, name: str) -> pd.DataFrame:
        with closing(sqlite3.connect(f"{self.workspace.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return pd.read_sql_query(f"SELECT * FROM {name} ORDER BY fid", connection)


def differences(folder: Folder) -> list[str]:
    """What the workbooks say otherwise than the recount; a figure that is missing there is a difference, too."""
    printed, found = dict(_printed(folder.report)), []
    for figure, wanted in recounted(folder).items():
        told = printed.get(figure, "missing")
        same = told is None if wanted is None else told != "missing" and told is not None and _equal(wanted, told)
        if not same:
            found.append(f"{figure}: recounted {wanted}, printed {told}")
    return found


def recounted(folder: Folder) -> dict[str, Optional[Decimal]]:
    """Figure id of the workbooks → value."""
    parcels, items = folder.table("parcels"), _items(folder)
    parcels["village"] = parcels["village"].replace("", "（未填）")
    items["village"] = items["village"].replace("", "（未填）")
    figures: dict[str, Optional[Decimal]] = {}
    land = items[items["kind"] == "land"]
    for unit, own, whole in _units(land, parcels):
        figures.update(_of_unit(unit, own, whole[whole["kind"] == "land"], folder))
    figures.update(_deadlines(folder, parcels))
    mines = items[items["kind"] == "mining"]
    figures["mining_statistics/total/verified_count"] = Decimal(len(mines))
    figures["mining_statistics/total/illegal_count"] = Decimal(int(mines["illegal"].sum()))
    figures["mining_statistics/total/undecided_count"] = Decimal(int((mines["category"] == "").sum()))
    figures["mining_statistics/total/area"] = _mu(mines["area"].sum())
    return figures


def _units(items: pd.DataFrame, parcels: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    yield "total", items, parcels
    if parcels["village"].nunique() > 1 and parcels["township"].nunique() == 1:
        for village, own in items.groupby("village"):
            yield str(village), own, parcels[parcels["village"] == village]


def _of_unit(unit: str, items: pd.DataFrame, parcels: pd.DataFrame, folder: Folder) -> dict[str, Optional[Decimal]]:
    illegal = items[items["illegal"]]
    done, left = illegal[illegal["done"]], illegal[~illegal["done"]]
    legal = items[(items["category"] == "合法") & ~items["subtype"].isin(_NO_CONSTRUCTION)]
    measured = _measures(folder)
    original = [measured.get((number, ""), {}).get("farmland", 0.0) for number in parcels["parcel"]]
    found: dict[str, Optional[Decimal]] = {
        "county_statistics/original_count": Decimal(len(parcels)),
        "county_statistics/original_farmland": _mu(sum(original)),
        "county_statistics/verified_count": Decimal(len(items)),
        "county_statistics/verified_farmland": _mu(items["farmland"].sum()),
        "county_statistics/nonagri_count": Decimal(len(illegal)),
        "county_statistics/nonagri_farmland": _mu(illegal["farmland"].sum()),
        "county_statistics/nonagri_basic_farmland": _mu(illegal["basic_farmland"].sum()),
        "violation_statistics_nonagri/all_count": Decimal(len(illegal)),
        "violation_statistics_nonagri/all_area": _mu(illegal["area"].sum()),
        "violation_statistics_nonagri/done_count": Decimal(len(done)),
        "violation_statistics_nonagri/done_area": _mu(done["area"].sum()),
        "violation_statistics_nonagri/open_count": Decimal(len(left)),
        "violation_statistics_nonagri/open_area": _mu(left["area"].sum()),
        "violation_statistics_nonagri/open_farmland": _mu(left["farmland"].sum()),
        "assessment/legal_farmland": _mu(legal["farmland"].sum()),
        "assessment/illegal_farmland": _mu(illegal["farmland"].sum()),
        "assessment/illegal_count": Decimal(len(illegal)),
        "assessment/case_closed": Decimal(int(illegal["closed"].sum())),
        "assessment/rectified_count": Decimal(len(done)),
        "assessment/farmland_ratio": _share(
            illegal["farmland"].sum(), legal["farmland"].sum() + illegal["farmland"].sum()
        ),
        "assessment/rectified_rate": _share(len(done) + int(illegal["not_filed"].sum()), len(illegal)),
        "assessment/duty_rate": _share(int((illegal["closed"] | illegal["not_filed"]).sum()), len(illegal)),
    }
    if "basic_farmland" not in set(folder.table("coverage")["role"]):  # no such layer was given: unknown, not 0
        found["county_statistics/nonagri_basic_farmland"] = None
    if unit != "total" and illegal.empty:  # violation tables list units that have one
        found = {name: value for name, value in found.items() if not name.startswith("violation_")}
    return {f"{name.partition('/')[0]}/{unit}/{name.partition('/')[2]}": value for name, value in found.items()}


def _deadlines(folder: Folder, parcels: pd.DataFrame) -> dict[str, Optional[Decimal]]:
    """Parcels to be filed, each once: filed, overdue, not yet due, without a day. A parcel in parts is filed when all parts are."""
    acts = _acts(folder)
    parts = {number: {part for name, part in acts if name == number and part} for number in parcels["parcel"]}
    filed = {
        number
        for number in parcels["parcel"]
        if all(_last(acts.get((number, part), ())) == "file" for part in (parts[number] or {""}))
    }
    due = dict(zip(parcels["parcel"], parcels["due"]))
    waiting = [number for number in parcels["parcel"] if number not in filed]
    overdue = [number for number in waiting if due[number] and due[number] < folder.as_of]
    none = [number for number in waiting if not due[number]]
    counts = {"all_count": len(parcels), "done": len(filed), "overdue": len(overdue), "none": len(none)}
    return {f"deadlines/total/{name}": Decimal(count) for name, count in counts.items()}


# ---- what is judged ----


def _items(folder: Folder) -> pd.DataFrame:
    """What is judged: each parcel once, one that was split as its decided parts; areas in m², category, and how far its case and cure are."""
    parcels, acts, measured = folder.table("parcels"), _acts(folder), _measures(folder)
    leads = _leads(folder)
    rows = []
    for parcel in parcels.to_dict("records"):
        number = parcel["parcel"]
        divided = sorted({part for name, part in acts if name == number and part})
        for part in divided or [""]:
            own = acts.get((leads.get(number, number), part), ())
            category, subtype = _judged(own)
            areas = measured.get((number, part), {})
            rows.append(
                {
                    **{name: parcel[name] for name in ("parcel", "kind", "village")},
                    "part": part, "category": category, "subtype": subtype, "illegal": "违法" in category,
                    **{name: float(areas.get(name, 0.0)) for name in ("area", "farmland", "basic_farmland")},
                    **_case(folder, leads.get(number, number), part), "done": False,
                }
            )  # fmt: skip
    items = pd.DataFrame(rows)
    items["done"] = [_is_done(folder, row) for row in items.to_dict("records")]
    return items


def _acts(folder: Folder) -> Mapping[tuple[str, str], tuple[Mapping[str, Any], ...]]:
    """Acts that were not taken back, by parcel and part, oldest first."""
    rows = folder.stored("decision").sort_values("sequence")
    found: dict[tuple[str, str], tuple[Mapping[str, Any], ...]] = {}
    for row in rows[rows["status"] != "undone"].to_dict("records"):
        key = (str(row["parcel"]), str(row["part"] or ""))
        found[key] = (*found.get(key, ()), row)
    return found


def _last(acts: tuple[Mapping[str, Any], ...]) -> str:
    return str(acts[-1]["action"]) if acts else ""


def _judged(acts: tuple[Mapping[str, Any], ...]) -> tuple[str, str]:
    """Category and subtype in force; blank where nobody has judged, or somebody must again."""
    category, subtype = "", ""
    for act in acts:
        if act["action"] in ("accept", "override"):
            category, subtype = str(act["category"] or ""), str(act["subtype"] or "")
        elif act["action"] in _OPEN_AGAIN:
            category, subtype = "", ""
    return category, subtype


def _leads(folder: Folder) -> Mapping[str, str]:
    """并宗: the leading parcel of each that was merged into it."""
    found: dict[str, str] = {}
    for row in folder.stored("decision").to_dict("records"):
        if row["action"] == "merge" and row["status"] != "undone":
            for member in json.loads(row["members"] or "[]"):
                found[str(member)] = str(row["parcel"])
    return found


def _measures(folder: Folder) -> Mapping[tuple[str, str], Mapping[str, float]]:
    frame = folder.table("measures")
    frame = frame[frame["measure"].isin(["area", "farmland", "basic_farmland"]) & (frame["value"] != "")]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in frame.to_dict("records"):
        found.setdefault((row["parcel"], row["part"]), {})[row["measure"]] = float(row["value"])
    return found


def _case(folder: Folder, number: str, part: str) -> Mapping[str, bool]:
    """Steps of the cases about a parcel that were taken by the day."""
    steps: set[str] = set()
    for row in folder.stored("enforcement_case").to_dict("records"):
        members = [(str(own["parcel"]), str(own.get("part") or "")) for own in json.loads(row["members"] or "[]")]
        if (number, part) in members or (number, "") in members:
            taken = json.loads(row["steps"] or "[]")
            steps |= {str(step["step"]) for step in taken if str(step["day"])[:10] <= folder.as_of}
    executed = bool(steps & {"执行到位", "结案"})
    return {"closed": "结案" in steps, "not_filed": "非立案处理" in steps, "executed": executed}


def _is_done(folder: Folder, item: Mapping[str, Any]) -> bool:
    """已整改: nothing remains, and demolished, accepted and closed by the day (or reviewed to the end by the city); 补办 after the penalty only."""
    rows = folder.stored("rectification")
    own = rows[(rows["parcel"] == item["parcel"]) & (rows["part"].fillna("") == item["part"])]
    if own.empty or not item["illegal"]:
        return False
    row = own.iloc[0].fillna("").to_dict()
    method, remaining = str(row["method"]), row["remaining_m2"]
    if remaining == "" or abs(float(remaining)) > 1e-9 or ("补办" in method and not item["executed"]):
        return False
    accepted = bool(row["accepted_by"]) and "" < str(row["accepted_on"])[:10] <= folder.as_of
    closed = bool(row["closed"]) and str(row["closed_on"])[:10] <= folder.as_of
    return "拆除" in method and accepted and closed


# ---- figures ----


def _mu(square_metres: float) -> Decimal:
    return (Decimal(repr(float(square_metres))) * MU_PER_M2).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _share(part: float, whole: float) -> Optional[Decimal]:
    if not whole:
        return None
    return (Decimal(repr(float(part))) / Decimal(repr(float(whole)))).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _equal(wanted: Decimal, printed: Any) -> bool:
    """Areas of measures.csv have two decimals of m²: a sum of them may lie at the other side of a half."""
    off = abs(wanted - Decimal(str(printed)))
    return (
        off == 0
        or (wanted != wanted.to_integral_value() and off <= Decimal("0.01") and wanted > 1)
        or off <= Decimal("0.0001")
    )


def _printed(report: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(report.glob("*.xlsx")):
        book = load_workbook(path, read_only=True)
        if "图斑索引" in book.sheetnames:
            for row in book["图斑索引"].iter_rows(min_row=2, values_only=True):
                yield str(row[0]), row[4]
        book.close()
