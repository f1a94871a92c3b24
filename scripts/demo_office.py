"""A scripted office for the demo: people decide half of the sample county, and hand in complete packages (`make demo`).

30 decisions with their reviews, a split, a merge (并宗), 2 returns, 3 enforcement cases, 4 rectifications, each with papers. All through
the functions that the window calls, so that every act stands in the journal under a person's name.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from house import REPOSITORY

sys.path.insert(0, str(REPOSITORY))

from weipian_plugin.gui.recording import add_documents, copy_document, record_rectification, record_step
from weipian_plugin.judgment import decisions, load_profile, recording
from weipian_plugin.judgment.decisions import Actor, Change
from weipian_plugin.judgment.stored import proposal_of
from weipian_plugin.model.enforcement import CaseMember, CaseStep, EnforcementCase
from weipian_plugin.model.words import EnforcementStep, TransferTarget
from weipian_plugin.sample.scenes import chinese_font
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.enforcement import save_case
from weipian_plugin.workspace.journal import now

OFFICER, REVIEWER = "张三", "李四"
DECISIONS = 30
QUOTA = {"违法": 9, "合法": 12, "其他": 8}  # and the two parts of a split, and the leading parcel of a merge
SETTINGS = {
    "填报单位": "大安街道办事处",
    "制表人": "张三",
    "审核人": "李四",
    "主送单位": "永川区规划自然资源局",
    "落款": "大安街道办事处卫片执法工作专班办公室",
    "四眼原则": "是",
}
STEP = EnforcementStep


@dataclass
class Office:
    """What the scripted office has done so far; ``papers``: where its papers are drawn before they are registered."""

    store: Workspace
    papers: Path
    decided: list[str] = field(default_factory=list)  # numbers of parcels with a decision in force
    done: Counter[str] = field(default_factory=Counter)

    def proposal(self, number: str, part: str = "") -> dict[str, Any]:
        return next(iter(self.store.records("proposal", parcel=number, part=part)), {})

    def act(self, number: str, part: str, action: str, who: str, make: Any, form: dict[str, str] | None = None) -> None:
        stored = self.proposal(number, part)
        columns = {"proposal_digest": stored["digest"]} if action in ("accept", "override") and stored else {}
        recording.record(self.store, recording.Act(number, part, action, who, make, form=form or {}, columns=columns))
        self.done[action] += 1

    def decide(self, number: str, part: str = "", form: dict[str, str] | None = None) -> None:
        """As proposed, and reviewed by the other person."""
        proposal = proposal_of(self.proposal(number, part))
        profile = load_profile(str(self.proposal(number, part)["profile"]))

        def accept(history: list[Any]) -> Change:
            return decisions.accept(history, proposal, Actor(OFFICER, decisions.CASE_OFFICER, now()), profile)

        def review(history: list[Any]) -> Change:
            return decisions.review(history, Actor(REVIEWER, decisions.REVIEWER, now()), profile, True, True, "同意")

        self.act(number, part, "accept", OFFICER, accept, form)
        self.act(number, part, "review", REVIEWER, review)

    def document(
        self, number: str, kind: str, lines: Sequence[str], day: str = "2023-05-30", paper_number: str = ""
    ) -> None:
        """A drawn paper, registered with the parcel."""
        about = {"kind": kind, "number": paper_number, "title": kind, "date": day, "authority": SETTINGS["填报单位"]}
        add_documents(self.store, number, [self.copied(number, kind, lines)], about, OFFICER)

    def copied(self, number: str, kind: str, lines: Sequence[str]) -> dict[str, Any]:
        return copy_document(
            self.store.path, number, draw(self.papers / number / f"{kind}.pdf", kind, [f"图斑 {number}", *lines])
        )


def draw(path: Path, title: str, lines: Sequence[str]) -> Path:
    """One page as an office's paper looks, marked as an example."""
    from PIL import Image, ImageDraw

    page = Image.new("L", (827, 1169), 255)
    pen, (large, small) = ImageDraw.Draw(page), _fonts()
    pen.text((413, 160), title, font=large, fill=0, anchor="mm")
    for place, line in enumerate([*lines, "", "（示例数据，由程序生成，不具有任何效力）"]):
        pen.text((90, 280 + 40 * place), line, font=small, fill=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path, "PDF", resolution=100.0)
    return path


@lru_cache(maxsize=1)
def _fonts() -> tuple[Any, Any]:
    from PIL import ImageFont

    found = [chinese_font(size) for size in (34, 20)]
    return tuple(font or ImageFont.load_default() for font in found)  # type: ignore[return-value]


def work(workspace: Path) -> Office:
    """Carry out the whole script on the demo's workspace."""
    with Workspace.open(workspace) as store:
        office = Office(store, workspace.parent / "示例材料")
        chosen = choose(store)
        illegal = [number for number, category in chosen.items() if category == "违法"]
        for number, category in chosen.items():
            office.decide(number, form=typed(number) if category == "违法" else {})
            office.decided.append(number)
            if category != "违法":
                office.document(number, "批文", ["准予使用土地。"], "2022-11-08", f"永规资批〔2022〕{number[-3:]}号")
        split(office, set(chosen))
        merge(office, set(chosen))
        cases(office, illegal)
        rectify(office, illegal)
        send_back(office, [number for number in chosen if chosen[number] == "合法"][-2:])
        return office


def name_office(workspace: Path) -> None:
    """A new workspace that knows who fills in, before anything is exported: packages carry it."""
    import pandas as pd

    with Workspace.create(workspace) as store:
        for name, value in SETTINGS.items():
            store.replace(
                "setting", pd.DataFrame([{"name": name, "value": value}]), OFFICER, "填报单位等设置", name=name
            )


def choose(store: Workspace) -> dict[str, str]:
    """Land parcels by what is proposed, those with more photos first; category by number."""
    kinds = dict(store.values("parcel", ("number", "kind")))
    divided = {row[0] for row in store.values("part", ("parcel",))}
    photos = Counter(row[0] for row in store.values("photo_parcel", ("parcel",), status="attached"))
    left, chosen = dict(QUOTA), {}
    rows = store.values("proposal", ("parcel", "part", "category"))
    for number, part, category in sorted(rows, key=lambda row: (-photos[row[0]], row[0])):
        if not part and left.get(category, 0) and kinds[number] == "land" and number not in divided:
            left[category] -= 1
            chosen[number] = category
    return chosen


def typed(number: str) -> dict[str, str]:
    """What the platform asks of a violation."""
    texts = {
        "项目名称": f"示例项目{number[-4:]}",
        "项目主体": "示例公司",
        "建设时间": "2022-09",
        "用途分类细化": "厂房类",
    }
    return {**texts, "现场核查描述": "现场已硬化并建有厂房，未办理用地手续。"}


def split(office: Office, taken: set[str]) -> None:
    """One parcel is split as proposed, and both parts are decided."""
    store = office.store
    parts: dict[str, dict[str, float]] = {}
    for row in store.records("part"):
        if not row["sliver"]:
            parts.setdefault(row["parcel"], {})[row["part"]] = row["area_m2"]
    mining = {row[0] for row in store.values("parcel", ("number",), kind="mining")}
    for number, areas in sorted((number, areas) for number, areas in parts.items() if number not in mining):
        area = store.records("parcel", number=number)[0]["area_m2"]
        certain = all(office.proposal(number, part).get("category") in QUOTA for part in areas)
        if len(areas) == 2 and certain and number not in taken and abs(sum(areas.values()) - area) <= 0.01:
            break
    actor = Actor(OFFICER, decisions.CASE_OFFICER, now())
    office.act(
        number,
        "",
        "split",
        OFFICER,
        lambda history: decisions.split(history, number, decisions.Division(areas, area), actor),
    )
    for part in areas:
        office.decide(number, part, typed(number))
    office.document(number, "批文", ["准予使用土地（部分）。"], "2022-11-08", "永规资批〔2022〕S1号")
    office.decided.append(number)


def merge(office: Office, taken: set[str]) -> None:
    """Two undecided parcels become one project; the leading one is decided."""
    rows = office.store.values("proposal", ("parcel", "part", "category"))
    free = [
        number for number, part, category in sorted(rows) if not part and category == "违法" and number not in taken
    ]
    divided = {row[0] for row in office.store.values("part", ("parcel",))}
    mining = {row[0] for row in office.store.values("parcel", ("number",), kind="mining")}
    lead, member = [number for number in free if number not in divided | mining][:2]
    actor = Actor(OFFICER, decisions.CASE_OFFICER, now())

    def make(history: list[Any]) -> Change:
        return decisions.merge(
            history, lead, decisions.Merger([member], {member: []}, reason="同一建设单位的同一项目，分期建设"), actor
        )

    office.act(lead, "", "merge", OFFICER, make)
    office.decide(lead, form=typed(lead))
    office.decided += [lead, member]  # the decision counts for both, and both packages tell of it


def cases(office: Office, illegal: Sequence[str]) -> None:
    """Three cases: one of two parcels carried out and closed, one before the court, one with the police."""
    first = (STEP.OPENED, STEP.STOPPED, STEP.SURVEYED, STEP.PENALISED)
    ends = ((STEP.EXECUTED, STEP.CLOSED), (STEP.COURT,), (STEP.TRANSFERRED,))
    for place, (members, end) in enumerate(zip((illegal[:2], illegal[2:4], illegal[4:5]), ends), start=1):
        whole = tuple(CaseMember(number) for number in members)
        case = EnforcementCase("", whole, f"示例公司违法占地案{place}", "示例公司", "综合行政执法大队")
        case = save_case(office.store, case, OFFICER)
        for month, step in enumerate((*first, *end), start=6):
            entry = CaseStep(
                step, f"2023-{month:02d}-1{place}", f"永规资〔2023〕{place}{month}号", SETTINGS["填报单位"]
            )
            if step is STEP.PENALISED:
                entry = replace(entry, fine=12000.0 * place, demolished="限期拆除地上建筑物")
            if step is STEP.TRANSFERRED:
                entry = replace(entry, target=TransferTarget.POLICE, receipt=f"2023-{month:02d}-28 已接收")
            kind = {STEP.PENALISED: "处罚决定书", STEP.COURT: "强制执行申请书", STEP.EXECUTED: "处罚执行到位证明"}.get(
                step, f"{step.value}文书"
            )
            case = record_step(office.store, case, entry, [office.copied(members[0], kind, [case.name])], kind, OFFICER)
        office.done["case"] += 1


def rectify(office: Office, illegal: Sequence[str]) -> None:
    """补办 after the penalty, two demolitions with photos and acceptance, and one that is not finished."""
    regularised, *demolished, open_one = (illegal[0], illegal[2], illegal[3], illegal[4])
    office.document(regularised, "批文", ["准予补办用地手续。"], "2023-12-01", "永规资补〔2023〕1号")
    _rectification(office, regularised, "补办手续", "regularised_m2", closed_on="2023-12-10")
    for number in demolished:
        days = stages(office, number)
        office.document(number, "复耕验收意见", ["土地已复耕，验收合格。"], "2023-12-05")
        more = {"removed_on": days[-1], "accepted_by": "王五", "accepted_on": "2023-12-05", "closed_on": "2023-12-10"}
        _rectification(office, number, "拆除复耕", "removed_m2", **more)
    _rectification(office, open_one, "其他", "", note="等待司法机关处理")


def _rectification(office: Office, number: str, method: str, done: str, **more: str) -> None:
    measures = {row["measure"]: row["value"] for row in office.store.records("measure", parcel=number, part="")}
    area, farmland = float(measures["area"]), float(measures.get("farmland") or 0.0)
    values: dict[str, Any] = {"method": method, "unit": "村委会", "area_m2": area, "farmland_m2": farmland, **more}
    if done:
        values |= {done: area, done.replace("_m2", "_farmland_m2"): farmland}
    values |= {"remaining_m2": 0.0 if done else area, "closed": int("closed_on" in more)}
    record_rectification(office.store, number, "", values, OFFICER)
    office.done["rectification"] += 1


def stages(office: Office, number: str) -> list[str]:
    """A person says which photos show the ground before, during and after; their days, oldest first."""
    links = [row["photo"] for row in office.store.records("photo_parcel", parcel=number, status="attached")]
    rows = office.store.records("photo", sha256=links)
    photos = sorted(rows, key=lambda row: (row["azimuth"] is None, str(row["taken_at"])))
    for photo, purpose in zip(photos, ("整改前", "整改中", "整改后")):
        values = {"purpose": purpose, "manual": 1, "by": OFFICER, "at": now()}
        office.store.update("photo_parcel", {"photo": photo["sha256"], "parcel": number}, values, OFFICER, "改照片用途")
    return [str(photo["taken_at"])[:10] for photo in photos[:3]]


def send_back(office: Office, numbers: Sequence[str]) -> None:
    """Two are filed and returned by the city; one of them is decided again."""
    for number in numbers:
        reviewer = Actor(REVIEWER, decisions.REVIEWER, now())
        office.act(number, "", "file", REVIEWER, lambda history, by=reviewer: decisions.file(history, by))
        office.act(
            number,
            "",
            "send_back",
            REVIEWER,
            lambda history, by=reviewer: decisions.send_back(history, by, "批文不清晰，请补充", "市级"),
        )
    office.decide(numbers[0])
    office.done["accept"] -= 1  # the same parcel again


def summary(office: Office) -> str:
    made = office.done
    return (
        f"{made['accept']} decisions, {made['split']} split, {made['merge']} merge, {made['send_back']} returns, "
        f"{made['case']} enforcement cases, {made['rectification']} rectifications"
    )
