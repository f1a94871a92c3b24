"""What the district's desk would send back is said before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from weipian_plugin.filing import MapFile, ParcelCase, completeness, load_rules
from weipian_plugin.filing.case import AttachedDocument
from weipian_plugin.filing.completeness import _LOOKS
from weipian_plugin.model.enforcement import CaseMember, CaseStep, EnforcementCase
from weipian_plugin.model.messages import catalogue, render
from weipian_plugin.model.paths import resource
from weipian_plugin.model.records import Rectification
from weipian_plugin.model.words import EnforcementStep

from . import cases


def codes(case: ParcelCase, level: str = "error") -> set[str]:
    return {check.code for check in completeness(case) if check.level == level}


def decided(case: ParcelCase, category: str, **fields: Any) -> ParcelCase:
    both = (
        cases.decision(category=category),
        cases.decision("复核", "王五", category=category, decided_at="2026-03-11"),
    )
    return replace(case, decisions=both, **fields)


def papers(tmp_path: Path, *kinds: str) -> tuple[AttachedDocument, ...]:
    return tuple(AttachedDocument(cases.pdf(tmp_path / "in" / f"{n}.pdf"), kind) for n, kind in enumerate(kinds))


def test_a_complete_legal_parcel_lacks_nothing_that_blocks(legal_case: ParcelCase) -> None:
    assert codes(legal_case) == set() and codes(legal_case, "warning") == set()


@pytest.mark.parametrize("category", ["合法", "其他", "合法（批文）", "某种新类别"])
@pytest.mark.parametrize(
    ("photos", "documents", "wanted"),
    [
        (True, True, set()),
        (False, True, {"azimuth_photo"}),
        (True, False, {"approval_paper"}),
        (False, False, {"azimuth_photo", "approval_paper"}),
    ],
)
def test_legal_and_other_need_a_paper_and_an_azimuth_photo(
    legal_case: ParcelCase, category: str, photos: bool, documents: bool, wanted: set[str]
) -> None:
    case = decided(
        legal_case,
        category,
        photos=legal_case.photos if photos else (),
        documents=legal_case.documents if documents else (),
    )
    assert codes(case) == wanted


@pytest.mark.parametrize("lost", ["azimuth", "lon", "taken_at"])
def test_a_photo_counts_only_with_position_azimuth_and_time(legal_case: ParcelCase, lost: str) -> None:
    photos = tuple(replace(photo, record=replace(photo.record, **{lost: None})) for photo in legal_case.photos)
    assert codes(replace(legal_case, photos=photos)) == {"azimuth_photo"}


def test_azimuth_zero_is_an_azimuth(legal_case: ParcelCase) -> None:
    photo = replace(legal_case.photos[0], record=replace(legal_case.photos[0].record, azimuth=0.0))
    assert codes(replace(legal_case, photos=(photo,))) == set()


@pytest.mark.parametrize(
    ("kinds", "phases", "remaining", "wanted"),
    [
        (("复耕验收意见",), ("before", "during", "after"), 0.0, set()),
        ((), ("before", "during", "after"), 0.0, {"acceptance_opinion"}),
        (("复耕验收意见",), ("before", "after"), 0.0, {"before_during_after"}),
        (("复耕验收意见",), (), 0.0, {"before_during_after"}),
        (("复耕验收意见",), ("before", "during", "after"), 12.5, {"nothing_remains"}),
        (("复耕验收意见",), ("before", "during", "after"), None, {"nothing_remains"}),
    ],
)
def test_demolition_needs_three_stages_acceptance_and_nothing_left(
    legal_case: ParcelCase,
    tmp_path: Path,
    kinds: tuple[str, ...],
    phases: tuple[str, ...],
    remaining: float | None,
    wanted: set[str],
) -> None:
    photos = tuple(replace(legal_case.photos[0], phase=phase) for phase in phases or ("",))
    row = Rectification(cases.NUMBER, method="拆除复耕", remaining_m2=remaining, removed_on="2026-03-01")
    fields = {"用途分类细化": "厂房类", **legal_case.decided_fields}
    case = decided(
        legal_case,
        "非农违法",
        photos=photos,
        documents=papers(tmp_path, "立案决定书", *kinds),
        rectification=(row,),
        decided_fields=fields,
    )
    assert codes(case) == wanted


@pytest.mark.parametrize(
    ("lost", "removed_on", "code"),
    [
        ("", "2026-03-05", ""),  # the photo was taken on 2026-03-05
        ("", "2026-03-06", "after_photo_early"),
        ("", "", "demolition_day"),
        ("", None, "demolition_day"),
        ("azimuth", "2026-03-01", "after_photo"),
        ("lat", "2026-03-01", "after_photo"),
        ("taken_at", "2026-03-01", "after_photo"),
    ],
)
def test_the_photo_after_a_demolition_has_a_place_a_direction_and_a_later_day(
    legal_case: ParcelCase, tmp_path: Path, lost: str, removed_on: str | None, code: str
) -> None:
    before = replace(legal_case.photos[0], phase="before")
    after = replace(before, phase="after", record=replace(before.record, **({lost: None} if lost else {})))
    row = Rectification(cases.NUMBER, method="拆除复耕", remaining_m2=0.0, removed_on=removed_on)
    case = decided(
        legal_case,
        "违法",
        photos=(before, replace(before, phase="during"), after),
        documents=papers(tmp_path, "立案决定书", "复耕验收意见"),
        rectification=(row,),
        decided_fields={"use_detail": "厂房类", **legal_case.decided_fields},
    )
    assert codes(case) == ({code} if code else set())


PENALTY = (
    CaseStep(EnforcementStep.OPENED, "2026-03-01", "8号", document="d"),
    CaseStep(EnforcementStep.PENALISED, "2026-03-05", "8号", document="d"),
)
CARRIED_OUT = (*PENALTY, CaseStep(EnforcementStep.EXECUTED, "2026-03-09", document="d"))


def enforced(*steps: CaseStep, part: str = "") -> tuple[EnforcementCase, ...]:
    return (EnforcementCase("案", (CaseMember(cases.NUMBER, part),), steps=steps),)


def test_late_approval_needs_its_paper_and_comes_after_the_penalty(legal_case: ParcelCase, tmp_path: Path) -> None:
    row = Rectification(cases.NUMBER, method="补办手续", remaining_m2=0.0)
    fields = {"use_detail": "厂房类", **legal_case.decided_fields}
    case = decided(legal_case, "违法", rectification=(row,), documents=(), decided_fields=fields)
    assert codes(case) == {"late_approval_paper", "case_papers", "penalty_first"}
    approved = replace(case, documents=papers(tmp_path, "用地批文"))
    assert codes(approved) == {"case_papers", "penalty_first"}
    assert codes(replace(approved, enforcement=enforced(*PENALTY))) == {"penalty_first"}
    assert codes(replace(approved, enforcement=enforced(*CARRIED_OUT))) == set()
    with_papers = papers(tmp_path, "用地批文", "处罚决定书", "处罚执行到位证明")
    assert codes(replace(case, documents=with_papers)) == set()
    asked = papers(tmp_path, "用地批文", "处罚决定书", "强制执行申请书")
    assert codes(replace(case, documents=asked)) == {"penalty_first"}, "asking the court is not carrying out"


def test_each_illegal_part_needs_its_case_and_every_violation_its_rectification(legal_case: ParcelCase) -> None:
    decisions = [cases.decision(part="_1"), cases.decision("复核", "王五", part="_1", decided_at="2026-03-11")]
    decisions += [
        cases.decision(part="_2", category="违法"),
        cases.decision("复核", "王五", category="违法", part="_2", decided_at="2026-03-12"),
    ]
    fields = {"_2": {"use_detail": "厂房类", **legal_case.decided_fields}, "_1": {}}
    split = replace(
        cases.split(legal_case),
        decisions=tuple(decisions),
        part_fields=fields,
        parcel=cases.parcel(split_state="被拆分"),
    )
    assert codes(split) == {"case_papers_part", "rectification_stated"}
    assert codes(replace(split, enforcement=enforced(*PENALTY, part="_1"))) == {
        "case_papers_part",
        "rectification_stated",
    }
    assert codes(replace(split, enforcement=enforced(*PENALTY, part="_2"))) == {"rectification_stated"}
    without = (CaseStep(EnforcementStep.WITHOUT_CASE, "2026-03-01", document="d", reason="自行拆除"),)
    assert codes(replace(split, enforcement=enforced(*without))) == {"rectification_stated"}
    assert codes(replace(split, enforcement=enforced(CaseStep(EnforcementStep.STOPPED, "2026-03-01"), part="_2"))) >= {
        "case_papers_part"
    }


@pytest.mark.parametrize("subtype", ["实地未变化", "农村道路翻新（实地未变化）"])
@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, set()),
        ({"earlier_image": ""}, {"dated_imagery"}),
        ({"later_image": "不详"}, {"dated_imagery"}),
    ],
)
def test_unchanged_ground_asks_for_dated_imagery_and_for_no_approval(
    legal_case: ParcelCase, subtype: str, changes: dict[str, Any], wanted: set[str]
) -> None:
    case = decided(legal_case, "其他", documents=(), parcel=cases.parcel(**changes))
    both = tuple(replace(entry, subtype=subtype) for entry in case.decisions)
    assert codes(replace(case, decisions=both)) == wanted
    bare = tuple(replace(file, lacks=("前时相影像",)) for file in case.maps)
    assert codes(replace(case, decisions=both, maps=bare)) == wanted | {"imagery_shown"}


def test_a_violation_needs_its_fields_and_names_each(legal_case: ParcelCase) -> None:
    case = decided(legal_case, "非农违法", decided_fields={"项目名称": " "})
    said = [check.message.details["field"] for check in completeness(case) if check.code == "violation_fields"]
    assert said == ["项目名称", "项目主体", "建设时间", "用途分类细化"]


@pytest.mark.parametrize(
    ("category", "kinds", "wanted"),
    [
        ("设施农用地", (), {"facility_paper"}),
        ("设施农用地", ("设施备案表",), set()),
        ("农村道路", (), set()),
        ("伪变化", (), set()),
    ],
)
def test_other_categories_of_the_five_way_practice(
    legal_case: ParcelCase, tmp_path: Path, category: str, kinds: tuple[str, ...], wanted: set[str]
) -> None:
    assert codes(decided(legal_case, category, documents=papers(tmp_path, *kinds))) == wanted


@pytest.mark.parametrize(
    ("decisions", "code", "level"),
    [
        ((), "decision", "error"),
        ((cases.decision(person=" "),), "decision_person", "error"),
        ((cases.decision(category="存疑"),), "decision_open", "error"),
        ((cases.decision(),), "review", "error"),
        ((cases.decision(), cases.decision("复核", "李四", decided_at="2026-03-12")), "review_same_person", "error"),
        (
            (cases.decision(), cases.decision("复核", "王五", category="违法", decided_at="2026-03-12")),
            "review_differs",
            "error",
        ),
        ((cases.decision("复核", "王五", decided_at="2026-03-01"), cases.decision()), "review", "error"),
        ((cases.decision(category="违法", reason=" "),), "decision_follows_proposal", "warning"),
    ],
)
def test_decision_and_review(legal_case: ParcelCase, decisions: tuple[Any, ...], code: str, level: str) -> None:
    assert code in codes(replace(legal_case, decisions=decisions), level)


def test_one_person_is_enough_where_the_workspace_says_so(legal_case: ParcelCase) -> None:
    alone = (cases.decision(),)
    himself = (cases.decision(), cases.decision("复核", " 李 四", decided_at="2026-03-11T09:00:00+08:00"))
    for office, level in (
        ({"四眼原则": "否"}, "warning"),
        ({"四眼原则": "是"}, "error"),
        ({}, "error"),
        ({"四眼原则": "?"}, "error"),
    ):
        for decisions, code in ((alone, "review"), (himself, "review_same_person")):
            case = replace(legal_case, decisions=decisions, office=office)
            assert code in codes(case, level), office
            assert ("four_eyes_unset" in codes(case, "warning")) is (office.get("四眼原则") not in ("是", "否")), office


def test_two_persons_leave_nothing_to_say_of_four_eyes(legal_case: ParcelCase) -> None:
    assert not any("four_eyes" in check.code for check in completeness(replace(legal_case, office={})))


def test_a_split_parcel_is_decided_part_by_part(legal_case: ParcelCase) -> None:
    both = tuple(
        act
        for part in ("_1", "_2")
        for act in (cases.decision(part=part), cases.decision("复核", "王五", part=part, decided_at="2026-03-12"))
    )
    split = replace(cases.split(legal_case), decisions=both, parcel=cases.parcel(split_state="被拆分"))
    assert codes(split) == set()
    assert codes(replace(split, decisions=())) == {"split_decided"}


@pytest.mark.parametrize(
    ("purpose", "phase"), [("整改前", "before"), ("整改中", "during"), ("复耕验收", "after"), ("核查", ""), ("", "")]
)
def test_purposes_of_photos_are_stages(purpose: str, phase: str) -> None:
    assert load_rules().phase_of(purpose) == phase


def test_every_part_of_a_split_wants_a_decision_once_one_has_it(legal_case: ParcelCase) -> None:
    split = cases.split(legal_case)
    assert "split_decided" not in codes(split)
    partly = replace(split, decisions=(*split.decisions, cases.decision(part="_1")))
    said = [check.message.details["part"] for check in completeness(partly) if check.code == "split_decided"]
    assert said == ["_2"]


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        ({"measures": {}}, "overlay", "error"),
        ({"measures": {"": {"area": 1333.335, "farmland": 1.0}}}, "areas_close", "error"),
        ({"maps": ()}, "map", "error"),
    ],
)
def test_overlay_areas_and_map(legal_case: ParcelCase, change: dict[str, Any], code: str, level: str) -> None:
    assert code in codes(replace(legal_case, **change), level)


def test_a_map_without_imagery_is_said(legal_case: ParcelCase) -> None:
    maps = tuple(MapFile(file.path, lacks=("前时相影像",)) for file in legal_case.maps)
    (check,) = [check for check in completeness(replace(legal_case, maps=maps)) if check.code == "map_imagery"]
    assert "前时相影像" in render(check.message)


def test_files_beyond_the_platforms_limits_are_said_but_filed(legal_case: ParcelCase, tmp_path: Path) -> None:
    big = tmp_path / "in" / "大文件.pdf"
    with big.open("wb") as stream:
        stream.write(b"%PDF-")
        stream.truncate(10 * 1048576 + 1)
    odd = tmp_path / "in" / "程序.exe"
    odd.write_bytes(b"MZ")
    documents = (AttachedDocument(big, "批文", "很长的名称" * 5), AttachedDocument(odd, "附件"))
    case = replace(legal_case, documents=documents)
    assert {"platform_bytes", "platform_type"} <= codes(case, "warning")
    assert "platform_name" in codes(case, "info")


def test_every_check_has_sentences_with_all_their_details(legal_case: ParcelCase) -> None:
    worst = replace(
        legal_case,
        decisions=(),
        documents=(),
        photos=(),
        maps=(),
        measures={},
        rectification=(Rectification(cases.NUMBER, method="拆除"),),
    )
    for check in completeness(worst):
        for language in ("zh", "en"):
            for message in (check.message, check.remedy):
                said = render(message, language)
                assert "‹" not in said and not said.startswith("filing."), said


def test_every_requirement_of_the_data_is_looked_at_and_has_its_sentences() -> None:
    rules = load_rules()
    assert set(_LOOKS) == set(rules.requirements)
    for name in rules.requirements:
        if name in ("platform_limits", "evidence_unchanged"):
            continue  # their sentences are per case: platform_bytes, evidence_file, ...
        assert f"filing.lacks_{name}" in catalogue() and f"filing.remedy_{name}" in catalogue(), name


def test_every_entry_of_the_data_has_a_source_and_a_confidence() -> None:
    data = yaml.safe_load(resource("filing.yaml").read_text(encoding="utf-8"))
    for entry in (*data["forms"], *data["platform"], *data["requirements"].values()):
        assert entry["source"] and entry["confidence"] in ("official", "practice", "assumed"), entry
