"""150 evidence photos (举证照片): who stood where, looked where, when, and what is wrong with some of them.

The plan is geometry only; a photo meant for a parcel is kept only if its line of sight meets that parcel and no other
parcel lies near its view, so that the truth file can name one parcel without doubt.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Optional

import numpy as np
import shapely
from PIL import Image, ImageEnhance
from shapely.geometry import LineString, Point, Polygon

from ..formats.decoding import open_picture
from .exif import Tags, exif_of, xmp_of
from .frame import lon_lat, meridian_convergence
from .plots import Plot
from .scenes import Camera, Site, draw_photo

BY_HAND, BY_DRONE = "人工举证照片", "无人机举证照片"
QUALITY = 80
# Magnetic north at Yongchuan in 2023 lies about 2.6 degrees west of true north (World Magnetic Model 2020).
DECLINATION = -2.6
ALTITUDE = 318.0
CLEAR_VIEW = 260.0

Defect = Optional[str]
_SHOWS_THE_PARCEL = ("no_azimuth", "too_early", "truncated", "duplicate")


@dataclass(frozen=True)
class Shot:
    """One photo of the plan. `spoil` names what is wrong with it; `parcel` is the parcel it should end up with."""

    file: str
    plot: Plot
    x: float
    y: float
    bearing: float
    taken_at: datetime
    scene: str
    purpose: str
    parcel: Optional[str]
    defect: Defect = None
    drone: bool = False
    reference: str = "T"
    height: float = 1.6
    pitch: float = 0.0
    size: tuple[int, int] = (960, 720)
    position: bool = True
    azimuth: bool = True
    gimbal: bool = False
    copy_of: Optional[str] = None

    @property
    def true_azimuth(self) -> float:
        """Degrees clockwise from true north: the bearing on the grid and the convergence of meridians."""
        return (self.bearing + meridian_convergence(self.x, self.y)) % 360.0


class Planner:
    """Finds standpoints, and hands out file names and times."""

    def __init__(self, plots: Sequence[Plot], seed: int) -> None:
        self.plots = [plot for plot in plots if plot.case.place != "outside"]
        self.generator = np.random.default_rng([seed, 8])
        self.tree = shapely.STRtree([plot.valid for plot in self.plots])
        self.clock = datetime(2023, 5, 25, 9, 0, 0)
        self.drone_serial = 0

    def time(self) -> datetime:
        """The next moment of field work, within office hours."""
        self.clock += timedelta(
            minutes=int(self.generator.integers(6, 55)), seconds=int(self.generator.integers(0, 59))
        )
        if self.clock.hour >= 17:
            self.clock = (self.clock + timedelta(days=1)).replace(hour=9, minute=int(self.generator.integers(0, 40)))
        return self.clock

    def others_in_view(self, x: float, y: float, bearing: float, own: Optional[str], reach: float = CLEAR_VIEW) -> bool:
        """Whether a parcel other than `own` lies in the view (80 degrees wide) or close around the standpoint."""
        turns = np.radians(np.linspace(bearing - 40, bearing + 40, 9))
        view_cone = Polygon([(x, y), *zip(x + reach * np.sin(turns), y + reach * np.cos(turns))]).union(
            Point(x, y).buffer(60)
        )
        return any(self.plots[int(i)].number != own for i in self.tree.query(view_cone, predicate="intersects"))

    def sees(self, plot: Plot, x: float, y: float, bearing: float, reach: float) -> bool:
        """Whether a line of ``reach`` metres at ``bearing`` degrees on the grid meets the parcel."""
        turn = math.radians(bearing)
        return bool(
            LineString([(x, y), (x + reach * math.sin(turn), y + reach * math.cos(turn))]).intersects(plot.valid)
        )

    def standpoint(
        self, plot: Plot, near: float = 5.0, far: float = 40.0, toward: Optional[float] = None, aim: float = 6.0
    ) -> Optional[tuple[float, float, float]]:
        """A place outside the parcel and a bearing onto it; `toward` fixes the bearing. None where there is none."""
        for _ in range(60):
            bearing = float(self.generator.uniform(0, 360)) if toward is None else toward
            turn = math.radians(bearing)
            target = plot.valid.representative_point()
            sight = LineString(
                [(target.x, target.y), (target.x - 3000 * math.sin(turn), target.y - 3000 * math.cos(turn))]
            )
            edge = shapely.intersection(sight, plot.valid.convex_hull)
            away = float(shapely.length(edge)) + float(self.generator.uniform(near, far))
            x, y = target.x - away * math.sin(turn), target.y - away * math.cos(turn)
            looked = bearing if toward is not None else (bearing + float(self.generator.uniform(-aim, aim))) % 360
            if self.sees(plot, x, y, looked, away + 50) and not self.others_in_view(x, y, looked, plot.number):
                return (round(x, 2), round(y, 2), round(looked, 1))
        return None

    def looking_away(self, plot: Plot) -> Optional[tuple[float, float, float]]:
        """Beside the parcel with the back to it, nothing else in view."""
        for _ in range(200):
            result = self.standpoint(plot)
            if result is None:
                return None
            x, y, bearing = result
            back = (bearing + 180 + float(self.generator.uniform(-15, 15))) % 360
            if not self.others_in_view(x, y, back, plot.number, 340.0):
                return (x, y, round(back, 1))
        return None

    def too_far(self, plot: Plot) -> Optional[tuple[float, float, float]]:
        """600 m off, looking at the parcel, no other parcel within 340 m of the view."""
        for _ in range(200):
            bearing = float(self.generator.uniform(0, 360))
            turn = math.radians(bearing)
            cx, cy = plot.centre
            away = float(self.generator.uniform(600, 640))
            x, y = cx - away * math.sin(turn), cy - away * math.cos(turn)
            if not self.others_in_view(x, y, bearing, plot.number, 420.0):
                return (round(x, 2), round(y, 2), round(bearing, 1))
        return None

    def name(self, taken_at: datetime, drone: bool) -> str:
        """The path of the next photo, as a drone (by number) or a phone (by time) calls it."""
        if drone:
            self.drone_serial += 1
            return f"{BY_DRONE}/UAV_{self.drone_serial:04d}.JPG"
        return f"{BY_HAND}/IMG_{taken_at:%Y%m%d_%H%M%S}.jpg"


def _shot(planner: Planner, plot: Plot, found: tuple[float, float, float], **more: Any) -> Shot:
    taken_at = more.pop("taken_at", None) or planner.time()
    drone = bool(more.get("drone", False))
    shot = Shot(planner.name(taken_at, drone), plot, *found, taken_at, plot.case.scene, "现状举证", plot.number)
    if drone:
        away = plot.valid.distance(Point(found[0], found[1])) + 25
        height = float(np.round(planner.generator.uniform(35, 60)))
        shot = replace(
            shot, height=height, pitch=-round(math.degrees(math.atan2(height, away)) * 0.72, 1), size=(1280, 960)
        )
    return replace(shot, **more)


#: A way to take the n-th photo of a kind of one parcel; None where there is no standpoint.
Take = Callable[[Planner, Plot, int], Optional[Shot]]


def _ordinary(**more: object) -> Take:
    def take(planner: Planner, plot: Plot, _: int) -> Optional[Shot]:
        result = planner.standpoint(plot)
        return None if result is None else _shot(planner, plot, result, **more)

    return take


def _with_defect(defect: str, **more: object) -> Take:
    return _ordinary(defect=defect, parcel=None, **more)


def _north(planner: Planner, plot: Plot, _: int) -> Optional[Shot]:
    x, y = plot.centre
    result = planner.standpoint(plot, toward=(-meridian_convergence(x, y - 40)) % 360.0)
    if result is None:
        return None
    return _shot(planner, plot, (result[0], result[1], (-meridian_convergence(result[0], result[1])) % 360.0))


def _numbered(planner: Planner, plot: Plot, index: int) -> Optional[Shot]:
    shot = _ordinary()(planner, plot, index)
    return None if shot is None else replace(shot, file=f"{BY_HAND}/{plot.number}_A_{index + 1:03d}.jpg")


def _away(planner: Planner, plot: Plot, _: int) -> Optional[Shot]:
    result = planner.looking_away(plot)
    return None if result is None else _shot(planner, plot, result, defect="away", parcel=None)


def _far(planner: Planner, plot: Plot, _: int) -> Optional[Shot]:
    result = planner.too_far(plot)
    return None if result is None else _shot(planner, plot, result, defect="too_far", parcel=None)


def _early(planner: Planner, plot: Plot, index: int) -> Optional[Shot]:
    taken = datetime(2021, 8, 12, 15, 10 + 7 * index, 24)
    scene = plot.case.scene_before if plot.case.scene_before in ("field", "factory", "house") else "field"
    return _ordinary(defect="too_early", parcel=None, taken_at=taken, scene=scene, purpose="旧照")(planner, plot, index)


class _Roll:
    """The photos taken so far, and the parcels from which the next ones are taken."""

    def __init__(self, planner: Planner, candidates: Sequence[Plot]) -> None:
        self.planner, self.candidates = planner, candidates
        self.shots: list[Shot] = []

    def add(self, count: int, take: Take, candidates: Optional[Sequence[Plot]] = None) -> None:
        """``count`` photos, one a parcel as long as there are parcels. Raises RuntimeError where too few have a standpoint."""
        chosen = self.candidates if candidates is None else candidates
        done = 0
        for plot in [*chosen, *chosen, *chosen]:
            if done == count:
                return
            shot = take(self.planner, plot, done)
            if shot is not None:
                self.shots.append(shot)
                done += 1
        raise RuntimeError(f"only {done} of {count} photos found a standpoint")


def plan_photos(plots: Sequence[Plot], seed: int) -> tuple[Shot, ...]:
    """All photos in the order in which they are written. Copies stand after what they copy."""
    planner = Planner(plots, seed)
    # Nobody can say which of two features with one number a photo belongs to; and one parcel is left without photos.
    unseen = ("mine_no_activity", "duplicate_number")
    targets = [plot for plot in planner.plots if plot.case.code not in unseen]
    mixed = [targets[int(i)] for i in planner.generator.permutation(len(targets))]
    roll = _Roll(planner, mixed)
    _take_good(roll)
    roll.shots += _rectification(planner, targets)
    _take_bad(roll)
    roll.shots += _copies(planner, roll.shots)
    roll.add(3, _with_defect("not_a_photo"), mixed[38:])
    roll.add(1, _with_defect("png_named_jpg"), mixed[44:])
    return tuple(
        replace(shot, file=f"{BY_HAND}/截图_{shot.taken_at:%Y%m%d%H%M%S}.png") if shot.defect == "not_a_photo" else shot
        for shot in roll.shots
    )


def _take_good(roll: _Roll) -> None:
    # Large drawings look better from the air, and road strips are hard to see from the side.
    airy = [plot for plot in roll.candidates if plot.valid.area > 3000]
    roll.add(1, _north)
    roll.add(64, _ordinary())
    roll.add(4, _ordinary(reference="M"))
    roll.add(12, _numbered)
    roll.add(4, _ordinary(drone=True, gimbal=True, azimuth=False), airy)
    roll.add(4, _ordinary(drone=True, gimbal=True), airy[4:])
    roll.add(19, _ordinary(drone=True), airy[8:])


def _take_bad(roll: _Roll) -> None:
    mixed = roll.candidates
    roll.add(4, _with_defect("no_position", position=False))
    roll.add(1, _with_defect("zero_position"), mixed[5:])
    roll.add(4, _with_defect("no_azimuth", azimuth=False), mixed[9:])
    roll.add(5, _away, mixed[13:])
    roll.add(4, _far, mixed[17:])
    roll.add(4, _early, mixed[21:])
    roll.add(3, _with_defect("truncated"), mixed[30:])
    roll.add(1, _with_defect("truncated_header"), mixed[34:])


def _copies(planner: Planner, shots: Sequence[Shot]) -> list[Shot]:
    """The same bytes sent again by a messenger, and the same place said to look the other way."""
    plain = [shot for shot in shots if shot.defect is None and not shot.drone and shot.reference == "T"]
    copies = []
    for index in range(3):
        source = plain[7 + 5 * index]
        file = f"{BY_HAND}/微信图片_2023061{index}0932{index}.jpg"
        copies.append(replace(source, file=file, defect="duplicate", copy_of=source.file))
    for index in range(3):
        source = plain[9 + 5 * index]
        taken_at = source.taken_at + timedelta(minutes=3)
        copies.append(replace(source, file=planner.name(taken_at, False), taken_at=taken_at, bearing=(source.bearing + 180) % 360,
                              defect="near_duplicate", parcel=None, copy_of=source.file))  # fmt: skip
    return copies


def _rectification(planner: Planner, targets: Sequence[Plot]) -> list[Shot]:
    """Before, during and after pictures of one parcel that was demolished and tilled again, from two sides."""
    plot = next(plot for plot in targets if plot.case.code == "nothing_paddy")
    stages = (("整改前", datetime(2023, 6, 8, 10, 12, 5), "factory"), ("整改中", datetime(2023, 8, 16, 9, 40, 31), "demolished"),
              ("整改后", datetime(2023, 10, 19, 15, 3, 47), "recultivated"))  # fmt: skip
    shots: list[Shot] = []
    places: list[tuple[float, float, float]] = []
    while len(places) < 2:
        result = planner.standpoint(plot, near=12.0, far=24.0)
        if result is not None and all(abs((result[2] - other[2] + 180) % 360 - 180) > 50 for other in places):
            places.append(result)
    for purpose, taken_at, scene in stages:
        for index, result in enumerate(places):
            moment = taken_at + timedelta(minutes=4 * index)
            shots.append(replace(_shot(planner, plot, result, taken_at=moment, scene=scene, purpose=purpose),
                                 file=f"{BY_HAND}/{plot.number}_{purpose}_{index + 1}.jpg"))  # fmt: skip
    return shots


def _tags(shot: Shot) -> Tags:
    lon, lat = lon_lat(shot.x, shot.y)
    azimuth: Optional[float] = shot.true_azimuth
    if shot.reference == "M":
        azimuth = (shot.true_azimuth - DECLINATION) % 360.0
    if shot.defect == "zero_position":
        lon = lat = 0.0
    return Tags(
        lon if shot.position else None,
        lat if shot.position else None,
        ALTITUDE + shot.height,
        azimuth if shot.azimuth else None,
        shot.reference,
        shot.taken_at,
        shot.drone,
        shot.true_azimuth if shot.gimbal else None,
        shot.pitch,
    )


def _picture(shot: Shot, seed: int, serial: int) -> Image.Image:
    camera = Camera(shot.x, shot.y, shot.height, shot.bearing, *shot.size, pitch=shot.pitch)
    site = Site(shot.plot.valid, shot.plot.angle, shot.scene)
    caption = (
        f"图斑编号 {shot.plot.number}",
        f"{shot.purpose}  永川区大安街道",
        f"方位角 {shot.true_azimuth:.1f}°  {shot.taken_at:%Y-%m-%d %H:%M:%S}",
    )
    return draw_photo(camera, site, caption, np.random.default_rng([seed, 9, serial]))


def _jpeg(picture: Image.Image, shot: Shot, quality: int = QUALITY) -> bytes:
    held = io.BytesIO()
    xmp = xmp_of(_tags(shot))
    options: dict[str, Any] = {} if xmp is None else {"xmp": xmp}
    picture.save(held, "JPEG", quality=quality, exif=exif_of(_tags(shot)), **options)
    return held.getvalue()


def _bytes_of(shot: Shot, seed: int, serial: int, written: dict[str, bytes]) -> bytes:
    if shot.defect == "duplicate" and shot.copy_of is not None:
        return written[shot.copy_of]
    if shot.defect == "near_duplicate" and shot.copy_of is not None:
        with open_picture(io.BytesIO(written[shot.copy_of])) as source:
            brighter = ImageEnhance.Brightness(
                source.convert("RGB").crop((3, 2, source.width - 2, source.height - 3))
            ).enhance(1.04)
        return _jpeg(brighter, shot, 66)
    picture = _picture(shot, seed, serial)
    if shot.defect in ("not_a_photo", "png_named_jpg"):
        held = io.BytesIO()
        picture.resize((640, 480)).quantize(96).save(held, "PNG", optimize=False)
        return held.getvalue()
    content = _jpeg(picture, shot)
    if shot.defect == "truncated":
        return content[: int(len(content) * 0.55)]
    if shot.defect == "truncated_header":
        return content[:300]
    return content


def write_photos(folder: Path, shots: Sequence[Shot], seed: int, step: Callable[[], None]) -> None:
    """Write all photos below `folder`; `step` is called once a photo."""
    copied = {shot.copy_of for shot in shots if shot.copy_of is not None}
    kept: dict[str, bytes] = {}
    for name in (BY_HAND, BY_DRONE):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for serial, shot in enumerate(shots):
        content = _bytes_of(shot, seed, serial, kept)
        if shot.file in copied:
            kept[shot.file] = content
        (folder / shot.file).write_bytes(content)
        step()


def photo_truth(shots: Sequence[Shot]) -> dict[str, object]:
    """By file: which parcel, or why none; `reasons` holds every reason that is right to give."""
    reasons = {"near_duplicate": ["near_duplicate", "away"], "truncated_header": ["truncated"], "png_named_jpg": ["not_a_photo"],
               "zero_position": ["no_position"]}  # fmt: skip
    result: dict[str, Any] = {}
    for shot in shots:
        lon, lat = lon_lat(shot.x, shot.y)
        result[shot.file] = {
            "parcel": shot.parcel,
            "subject": shot.plot.number,
            # A photo that shows the parcel but proves nothing may be kept with it, as long as its fault is stated.
            "may_attach": shot.plot.number if shot.defect in (None, *_SHOWS_THE_PARCEL) else None,
            "reason": shot.defect,
            "reasons": reasons.get(shot.defect, [shot.defect]) if shot.defect is not None else [],
            "lon": round(lon, 9) if shot.position and shot.defect != "zero_position" else None,
            "lat": round(lat, 9) if shot.position and shot.defect != "zero_position" else None,
            "azimuth_true": round(shot.true_azimuth, 2) if shot.position and (shot.azimuth or shot.gimbal) else None,
            "reference": shot.reference if shot.position and shot.azimuth else None,
            "taken_at": shot.taken_at.isoformat(),
            "distance_m": round(float(shot.plot.valid.distance(Point(shot.x, shot.y))), 2),
            "drone": shot.drone,
            "purpose": shot.purpose,
            "copy_of": shot.copy_of,
        }
    return result
