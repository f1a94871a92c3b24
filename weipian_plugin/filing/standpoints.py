"""整改前、中、后 photos from one standpoint, side by side: paired by where the camera stood and where it looked (notice 五(三)).

A pair is closer than both tolerances (``filing.yaml``, ``same_standpoint``); the closest photos of two stages go together first, and each
photo stands in one row. What finds no counterpart is listed with the reason, never left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from ..geodesy.units import half_up
from ..model.messages import Message, render
from ..model.words import Purpose
from .case import PhotoEvidence
from .placeholder import Value
from .settings import FilingRules, SameStandpoint

STAGES = (Purpose.BEFORE.value, Purpose.DURING.value, Purpose.AFTER.value)
_METRES_A_DEGREE = 111_320.0  # of latitude; a standpoint is a matter of metres, where the ellipsoid does not count
_Photos = Mapping[int, PhotoEvidence]  # by their place in the case, from 1


@dataclass(frozen=True)
class Gap:
    """How far two photos are from one standpoint."""

    metres: float
    degrees: float

    def cost(self, limit: SameStandpoint) -> float:
        """Both deviations in shares of their tolerance; infinite where one is passed."""
        if self.metres > limit.distance_m or self.degrees > limit.azimuth_deg:
            return math.inf
        return self.metres / limit.distance_m + self.degrees / limit.azimuth_deg


@dataclass(frozen=True)
class Standpoint:
    """One row of the comparison: places of the photos in the case by stage, and the widest gap between two of them."""

    photos: Mapping[str, int]
    gap: Gap
    in_order: bool  # taken in the order of the stages, as far as times are stated

    @property
    def whole(self) -> bool:
        return len(self.photos) == len(STAGES)


@dataclass(frozen=True)
class Unmatched:
    """A photo of a stage without a counterpart, and why."""

    place: int
    stage: str
    why: Message


@dataclass(frozen=True)
class Comparison:
    """The rows of standpoints, and the photos of a stage that have no counterpart."""

    rows: tuple[Standpoint, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()

    @property
    def before_and_after(self) -> bool:
        """Whether one standpoint shows the ground before and after."""
        return any({STAGES[0], STAGES[-1]} <= set(row.photos) for row in self.rows)


def compare(photos: Sequence[PhotoEvidence], rules: FilingRules) -> Comparison:
    """Pair the photos of a case that show a stage of the rectification."""
    staged = {place: photo for place, photo in enumerate(photos, start=1) if rules.phase_of(photo.phase) in STAGES}
    stage_of = {place: rules.phase_of(photo.phase) for place, photo in staged.items()}
    limit = rules.same_standpoint
    groups: list[dict[str, int]] = []
    before, during, after = STAGES
    for first, second in ((before, after), (before, during), (during, after)):
        if first == before and second == during:
            _join(groups, staged, _free(stage_of, groups, during), limit)
        groups += _pairs(
            staged, _free(stage_of, groups, first), _free(stage_of, groups, second), (first, second), limit
        )
    rows = sorted((_row(group, staged) for group in groups), key=lambda row: min(row.photos.values()))
    left = [place for stage in STAGES for place in _free(stage_of, groups, stage)]
    unmatched = (Unmatched(place, stage_of[place], _why(place, staged, stage_of, rules)) for place in sorted(left))
    return Comparison(tuple(rows), tuple(unmatched))


def rows_of(found: Comparison, rules: FilingRules) -> list[dict[str, Value]]:
    """The pairs as rows of a form: numbers of the photos by stage, the gap, and what is to be said."""
    rows: list[dict[str, Value]] = []
    for row in found.rows:
        shown: dict[str, Value] = {stage: row.photos.get(stage) for stage in STAGES}
        rows.append(
            {
                "sequence": len(rows) + 1, **shown, "distance": half_up(row.gap.metres, 1), "turn": half_up(row.gap.degrees, 1),
                "note": "；".join(notes_of(row, rules)) or None,
            }
        )  # fmt: skip
    return rows


def unmatched_text(found: Comparison) -> Optional[str]:
    """A line for every photo without a counterpart; None where there is none."""
    return "\n".join(render(entry.why) for entry in found.unmatched) or None


def notes_of(row: Standpoint, rules: FilingRules) -> Iterator[str]:
    """What a row lacks, and whether its times contradict its stages."""
    for stage in STAGES:
        if stage not in row.photos:
            yield render(Message("filing.standpoint_lacks", {"stage": rules.word("phase", stage)}))
    if not row.in_order:
        yield render(Message("filing.standpoint_order"))


def gap(first: PhotoEvidence, second: PhotoEvidence) -> Optional[Gap]:
    """None where one of them states no position or no azimuth; 359° and 1° are two degrees apart."""
    if first.position is None or second.position is None or first.azimuth is None or second.azimuth is None:
        return None
    (west, south), (east, north) = first.position, second.position
    across = (east - west) * math.cos(math.radians((south + north) / 2))
    turn = abs(first.azimuth - second.azimuth) % 360.0
    return Gap(math.hypot(across, north - south) * _METRES_A_DEGREE, min(turn, 360.0 - turn))


def _free(stage_of: Mapping[int, str], groups: Iterable[Mapping[str, int]], stage: str) -> list[int]:
    taken = {place for group in groups for place in group.values()}
    return [place for place, own in stage_of.items() if own == stage and place not in taken]


def _pairs(
    photos: _Photos, first: Sequence[int], second: Sequence[int], stages: tuple[str, str], limit: SameStandpoint
) -> list[dict[str, int]]:
    """The closest pair first, each photo once."""
    result: list[dict[str, int]] = []
    used: set[int] = set()
    for cost, one, other in sorted((_cost(photos, [a], b, limit), a, b) for a in first for b in second):
        if math.isfinite(cost) and not used & {one, other}:
            result.append({stages[0]: one, stages[1]: other})
            used |= {one, other}
    return result


def _join(groups: Sequence[dict[str, int]], photos: _Photos, during: Sequence[int], limit: SameStandpoint) -> None:
    """A photo of the work joins the pair of before and after that it is from the standpoint of both of."""
    costs = sorted(
        (_cost(photos, list(group.values()), place, limit), place, at)
        for at, group in enumerate(groups)
        for place in during
    )
    joined: set[int] = set()
    for cost, place, at in costs:
        if math.isfinite(cost) and place not in joined and STAGES[1] not in groups[at]:
            groups[at][STAGES[1]] = place
            joined.add(place)


def _cost(photos: _Photos, group: Sequence[int], place: int, limit: SameStandpoint) -> float:
    gaps = [gap(photos[own], photos[place]) for own in group]
    return max(math.inf if each is None else each.cost(limit) for each in gaps)


def _row(group: Mapping[str, int], photos: _Photos) -> Standpoint:
    places = [group[stage] for stage in STAGES if stage in group]
    gaps = [gap(photos[one], photos[other]) for at, one in enumerate(places) for other in places[at + 1 :]]
    known = [each for each in gaps if each is not None]
    widest = Gap(max(each.metres for each in known), max(each.degrees for each in known))
    days = [photos[place].taken_at[:10] for place in places if photos[place].taken_at]
    return Standpoint(dict(group), widest, days == sorted(days))


def _why(place: int, photos: _Photos, stage_of: Mapping[int, str], rules: FilingRules) -> Message:
    photo = photos[place]
    lacking = [title for title, value in (("位置", photo.position), ("方位角", photo.azimuth)) if value is None]
    if lacking:
        return Message("filing.standpoint_unknown", {"number": place, "lacking": "、".join(lacking)})
    limit = rules.same_standpoint
    others = [other for other in photos if stage_of[other] != stage_of[place]]
    gaps = [(result, other) for other in others for result in [gap(photo, photos[other])] if result is not None]
    if not gaps:
        return Message("filing.standpoint_no_other", {"number": place, "stage": rules.word("phase", stage_of[place])})
    nearest, other = min(gaps, key=lambda each: (each[0].metres, each[0].degrees))
    fitting = [each for result, each in gaps if math.isfinite(result.cost(limit))]
    if fitting:
        return Message("filing.standpoint_taken", {"number": place, "other": fitting[0]})
    details = {"number": place, "other": other, "metres": round(nearest.metres), "degrees": round(nearest.degrees)}
    limits = {"distance": f"{limit.distance_m:g}", "turn": f"{limit.azimuth_deg:g}"}
    return Message("filing.standpoint_apart", {**details, **limits})
