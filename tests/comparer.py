"""The results of a run held against what the sample county planted (truth.json): used by the tests and by `make demo`.

Reads only the plain tables of the report folder, so that it shares no code with the plugin.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NOT_COMPARED = ("coverage", "classes")


def compare(truth_file: Path, report: Path) -> list[str]:
    """One sentence for each difference; an empty list when all is as planted."""
    truth = json.loads(Path(truth_file).read_text(encoding="utf-8"))
    return [
        *_intake(truth, report),
        *_areas(truth, report),
        *_coverage(truth, report),
        *_proposals(truth, report),
        *_photos(truth, report),
    ]


def rows(report: Path, name: str) -> list[dict[str, str]]:
    with (Path(report) / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _intake(truth: dict[str, Any], report: Path) -> Iterator[str]:
    parcels = {row["parcel"]: row for row in rows(report, "parcels")}
    rejected = rows(report, "refused")
    planted = truth["counts"]["land_features"] + truth["counts"]["mining_features"]
    at_intake = [row for row in rejected if row.get("step", "intake") == "intake"]
    if len(parcels) + len(at_intake) != planted:
        yield f"{planted} features were delivered, {len(parcels)} accepted and {len(at_intake)} refused"
    allowed = {entry["number"] for entry in truth["findings"]}
    for number in truth["parcels"]:
        if number not in parcels and number not in allowed:
            yield f"{number} was delivered and is not among the parcels"
    for number in sorted(set(parcels) - set(truth["parcels"])):
        yield f"{number} was never delivered"
    for entry in truth["findings"]:
        number = entry["number"]
        flagged = bool(parcels.get(number, {}).get("flags"))
        if not flagged and not any(number in row["feature"] for row in rejected):
            yield f"{number}: {entry['finding']} was neither refused nor flagged"


def _within(found: float, planted: float, truth: dict[str, Any], whole: float) -> bool:
    areas = truth["areas"]
    return abs(found - planted) <= areas["tolerance_m2"] + areas["tolerance_relative"] * max(whole, abs(planted))


def _areas(truth: dict[str, Any], report: Path) -> Iterator[str]:
    found = {(row["parcel"], row["measure"]): row["value"] for row in rows(report, "measures") if not row["part"]}
    accepted = {row["parcel"] for row in rows(report, "parcels")}
    for number, planted in truth["parcels"].items():
        if number not in accepted:
            continue
        for measure, value in planted["measures"].items():
            if measure in _NOT_COMPARED or not isinstance(value, (int, float)):
                continue
            text = found.get((number, measure))
            if text in (None, ""):
                yield f"{number} ({planted['case']}): {measure} was not measured"
            elif not _within(float(text), value, truth, planted["measures"]["area"]):
                yield f"{number} ({planted['case']}): {measure} is {text} m², planted {value}"


def _coverage(truth: dict[str, Any], report: Path) -> Iterator[str]:
    found = {
        (row["parcel"], row["role"]): float(row["area_m2"]) for row in rows(report, "coverage") if not row["group"]
    }
    accepted = {row["parcel"] for row in rows(report, "parcels")}
    for number, planted in truth["parcels"].items():
        if number not in accepted:
            continue
        for role, area in planted["measures"]["coverage"].items():
            if (number, role) not in found:
                yield f"{number} ({planted['case']}): no coverage row for {role}"
            elif not _within(found[number, role], area, truth, planted["measures"]["area"]):
                yield f"{number} ({planted['case']}): {role} covers {found[number, role]} m², planted {area}"


def _proposals(truth: dict[str, Any], report: Path) -> Iterator[str]:
    table = rows(report, "proposals")
    whole = {row["parcel"]: row for row in table if not row["part"]}
    accepted = {row["parcel"] for row in rows(report, "parcels")}
    for number, planted in truth["parcels"].items():
        if number not in accepted:
            continue
        if number not in whole:
            yield f"{number} ({planted['case']}): no proposal"
            continue
        category = whole[number]["category"]
        if category not in planted["expected"]["acceptable"]:
            yield f"{number} ({planted['case']}): proposed {category}, planted {planted['expected']['acceptable']}"
        parts = [row for row in table if row["parcel"] == number and row["part"]]
        if planted["split"] and len(parts) < 2:
            yield f"{number} ({planted['case']}): should be split, {len(parts)} parts proposed"
        if parts:
            total, area = sum(float(row["area_m2"]) for row in parts), float(whole[number]["area_m2"])
            if abs(total - area) > 0.005:
                yield f"{number}: the parts add up to {total} m², the parcel has {area}"


def _photos(truth: dict[str, Any], report: Path) -> Iterator[str]:
    accepted = {row["parcel"] for row in rows(report, "parcels")}
    table = {Path(row["file"].replace("\\", "/")).name: row for row in rows(report, "photos")}
    for file, planted in truth["photos"].items():
        name = Path(file).name
        row = table.get(name)
        if row is None:
            yield f"photo {name} has no row"
            continue
        wanted = planted["parcel"] if planted["parcel"] in accepted else None
        # A flawed photo may stay with its parcel as long as its fault is stated.
        tolerated = planted.get("may_attach") == row["parcel"] and bool(row["reason"] or row["findings"])
        if row["status"] == "attached" and row["parcel"] != wanted and not tolerated:
            yield f"photo {name}: attached to {row['parcel']}, planted {wanted or planted.get('reason')}"
        elif wanted and row["status"] == "refused":
            yield f"photo {name}: refused ({row['reason']}), planted {wanted}"
        if row["status"] != "attached" and not row["reason"]:
            yield f"photo {name}: not attached and no reason given"
