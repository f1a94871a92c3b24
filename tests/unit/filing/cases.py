"""Parcels to file: real photos, documents and maps on disk, figures that close, people who decided."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from shapely import box
from shapely.geometry import MultiPolygon

from weipian_plugin.filing.case import AttachedDocument, Conclusion, MapFile, ParcelCase, PhotoEvidence
from weipian_plugin.model.messages import Message
from weipian_plugin.model.records import Coverage, Missing, Parcel, Part, Photo, Proposal
from weipian_plugin.model.words import DecisionState, ParcelKind, Timing
from weipian_plugin.office.files import sha256_of

NUMBER = "5001180000000000123"  # nineteen digits: must never become a float
LON, LAT = 105.9, 29.35


def jpeg(path: Path, seed: int = 0, size: tuple[int, int] = (640, 480)) -> Path:
    """A photo that differs by `seed`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((seed * 37 % 255, seed * 91 % 255, 120), (40, 40, 40 + 20 * (seed % 7 + 1), 120))
    image.save(path, "JPEG", quality=70)
    return path


def pdf(path: Path, text: str = "1") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4\n% " + text.encode() + b"\n%%EOF\n")
    return path


def photo(path: Path, azimuth: float | None = 87.0, phase: str = "", **record: Any) -> PhotoEvidence:
    found = Photo(path.name, lon=LON - 0.0004, lat=LAT, azimuth=azimuth, reference="T")
    found = replace(found, taken_at="2026-03-05T10:20:30+08:00", **record)
    return PhotoEvidence(path, sha256_of(path), found, 38.25, 4.5, phase)


def decision(
    role: str = "经办", person: str = "李四", category: str = "合法", part: str = "", **more: str
) -> Conclusion:
    values = {
        "subtype": "批文",
        "basis": "渝府地〔2025〕12号",
        "reason": "图斑全部位于批准范围内",
        "decided_at": "2026-03-10T09:00:00+08:00",
    }
    return Conclusion(NUMBER, part, category, person=person, role=role, **{**values, **more})


def coverage() -> tuple[Coverage, ...]:
    document = "渝府地〔2025〕12号"
    approval = Coverage(NUMBER, "", "farmland_conversion", "", 1200.0, 1.8, 90.0, 1200.1, Timing.BEFORE)
    known = {"document": document, "date": "2025-01-05", "authority": "重庆市人民政府", "project": "工业园一期"}
    return (
        approval,
        replace(approval, group=document, use="工业用地", **known),
        Coverage(NUMBER, "", "land_supply", "", 0.0, 0.0, 0.0, 0.0),
        Coverage(NUMBER, "", "basic_farmland", "", 100.0, 0.15, 7.5, 100.0),
        Coverage(NUMBER, "", "land_survey", "", 1333.34, 2.0, 100.0, 1333.34),
        Coverage(NUMBER, "", "ecological_redline", "", 0.0, 0.0, 0.0, 0.0),
    )


MEASURES = {
    "": {
        "area": 1333.335,
        "farmland": 800.111,
        "other_agricultural": 200.112,
        "construction": 300.111,
        "unused": 33.001,
        "unsurveyed": 0.0,
        "basic_farmland": 100.0,
        "ecological_redline": 0.0,
        "approved": 1200.0,
        "approved_share": 90.0,
        "uncovered": 133.335,
        "uncovered_farmland": 80.0,
        "uncovered_basic_farmland": 0.0,
        "farmland_conversion": 1200.0,
        "land_supply": 0.0,
        "main_class": "0103",
    }
}


def parcel(**more: Any) -> Parcel:
    values: dict[str, Any] = {
        "number": NUMBER,
        "batch": "2026年一季度",
        "kind": ParcelKind.LAND,
        "county_code": "500118",
        "county": "永川区",
        "township": "大安街道",
        "village": "铁山村",
        "level": "一级",
        "type": "1",
        "earlier_image": "2025-03",
        "later_image": "2026-01-15",
        "issued": "2026-02-20",
        "due": "2026-03-25",
        "area_m2": 1333.335,
        "zone": 35,
        "delivered_area": 2.0,
        "delivered_unit": "mu",
        "state": DecisionState.REVIEWED,
        "claims": {},
        "delivered": {"JCBH": NUMBER, "JCMJ": 2.0, "XMC": "永川区", "TBLX": "1", "BZ": "=1+1"},
        "geometry": MultiPolygon([box(LON, LAT, LON + 0.0004, LAT + 0.0003)]),
    }
    return Parcel(**{**values, **more})


def case(folder: Path, photos: int = 2, **changes: Any) -> ParcelCase:
    """A complete legal parcel; `changes` replace fields of the case."""
    pictures = tuple(
        photo(jpeg(folder / "in" / f"IMG_{n}.jpg", n), azimuth=(87.0 + 90 * n) % 360) for n in range(photos)
    )
    paper = pdf(folder / "in" / "批文.pdf")
    placed = Image.new("RGB", (60, 40), "white")
    buffer = io.BytesIO()
    placed.save(buffer, "PNG")
    (folder / "in" / "map.png").write_bytes(buffer.getvalue())
    found = ParcelCase(
        parcel=parcel(),
        coverage=coverage(),
        measures=MEASURES,
        proposals=(
            Proposal(
                NUMBER,
                "",
                "合法",
                "批文",
                "legal.approval",
                1333.335,
                "high",
                reasons=(Message("run.file_missing", {"path": "示例"}),),
                missing=(Missing("现场照片", Message("run.cancelled")),),
                facts={"approved_share": 90.0, "area": 1333.335},
                verdict="未填报",
            ),
        ),
        decisions=(decision(), decision("复核", "王五", decided_at="2026-03-11T09:00:00+08:00")),
        decided_fields={"项目名称": "工业园一期", "owner": "某公司", "built": "2025-10"},
        photos=pictures,
        documents=(
            AttachedDocument(
                paper, "批文", "农用地转用批文", "渝府地〔2025〕12号", "2025-01-05", "重庆市人民政府", sha256_of(paper)
            ),
        ),
        journal=(
            {
                "at": "2026-03-10T09:00:00+08:00",
                "who": "李四",
                "why": "判定",
                "what": "decision",
                "action": "insert",
                "after": {"category": "合法"},
            },
        ),
        profile="national-2023",
        profile_sha256="ab" * 32,
        plugin_version="1.0.0",
        maps=(MapFile(pdf(folder / "in" / "map.pdf", "map")), MapFile(folder / "in" / "map.png")),
    )
    return replace(found, **changes)


def split(found: ParcelCase) -> ParcelCase:
    """The parcel as two proposed parts."""
    halves = (box(LON, LAT, LON + 0.0003, LAT + 0.0003), box(LON + 0.0003, LAT, LON + 0.0004, LAT + 0.0003))
    parts = (
        Part(NUMBER, "_1", "farmland_conversion", "渝府地〔2025〕12号", 1000.0, geometry=halves[0]),
        Part(NUMBER, "_2", "", "", 333.335, geometry=halves[1]),
    )
    measures = {**MEASURES, "_1": {"area": 1000.0, "farmland": 600.0, "construction": 400.0}, "_2": {"area": 333.335}}
    return replace(found, parts=parts, measures=measures)


def zip_of(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
