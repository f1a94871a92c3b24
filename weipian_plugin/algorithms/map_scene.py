"""What the location map of a parcel shows: system, scale, layers with their features, imagery with its reasons, and the map's own texts.

The same for every page writer. Layers are kept and refilled, imagery is opened once, so that a map costs little more than drawing its
pictures. Everything belongs to the thread that made the :class:`SceneMaker`. Azimuths are from true north: on the map they are turned by
the convergence of the meridian (子午线收敛角).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsRectangle,
    QgsVectorLayer,
)
from shapely.geometry.base import BaseGeometry

from ..evidence.timeline import AFTER as ROLE_AFTER
from ..evidence.timeline import BEFORE as ROLE_BEFORE
from ..evidence.timeline import ROLES, DatedImage, Timeline, dated_images, of_images
from ..filing import FilingRules, ParcelCase
from ..filing.placeholder import Value
from ..formats.catalogue import is_service
from ..geodesy import zone as zones
from ..geodesy.extents import Extent
from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.records import STORED_CRS, LayerSource
from ..model.secrets import masked
from .image_tags import read_tags
from .imagery import Image, open_image
from .map_layers import STYLES, refill, vector_layer

#: The two pictures and the overview of a page, by the names of their items in the layout.
BEFORE, AFTER, OVERVIEW = "前时相", "后时相", "示意图"
OVERVIEW_FACTOR = 8.0
#: round scales a map may have, finest first
SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000, 500_000)
#: the parcel takes at most this share of the picture's width or height
_PARCEL_SHARE = 0.62
#: photos up to this distance from the parcel may make the scale coarser, by this many steps at most
_PHOTO_REACH_M, _PHOTO_STEPS = 250.0, 2
#: Around a parcel, in degrees, where its imagery is expected; and why an image is not drawn, in the few words a map has room for.
_REACH = 1.0
_SHORT = {
    "filing.image_no_position": "{path} 没有坐标",
    "filing.image_contradicts": "{path} 坐标系与坐标不符",
    "filing.image_crs_unknown": "{path} 没有坐标系",
    "filing.image_crs_unreadable": "{path} 坐标系无法理解",
    "filing.image_damaged": "{path} 打不开",
}


@dataclass(frozen=True)
class Scene:
    """``extent``: the parcel in metres of ``crs``; ``used``: names of the layers with features, from the top down; ``rasters``: layers of
    each picture; ``texts``: the map's own fields."""

    case: ParcelCase
    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    scale: int
    used: tuple[str, ...]
    rasters: Mapping[str, Sequence[Any]]
    lacking: tuple[str, ...]
    texts: Mapping[str, Value]


class SceneMaker:
    """``images``: of which those of both dates are drawn, see :func:`images_of`. :meth:`close` when done."""

    def __init__(self, images: Sequence[DatedImage], rules: FilingRules) -> None:
        self._rules = rules
        self.layers: dict[str, QgsVectorLayer] = {style.name: vector_layer(style) for style in STYLES}
        self._dated = images
        self._opened: dict[str, Image] = {}
        #: of the parcel that is drawn: first what is its date's, then the rest of the role
        self._imagery: dict[str, list[Image]] = {}
        self._stored = QgsCoordinateReferenceSystem(STORED_CRS)

    def remarks(self) -> tuple[Message, ...]:
        """What is to be said of the imagery: which images cannot be placed and why, which were inferred, which are in an old datum.

        Known after the first map: images are placed around the parcels.
        """
        result = (
            message
            for image in self._opened.values()
            for message in (image.place.problem, *image.place.notes)
            if message is not None
        )
        return distinct(result)

    def scene(self, case: ParcelCase, papers: Sequence[tuple[float, float]]) -> Scene:
        """Fill the layers for ``case``, open its imagery, choose the scale. ``papers``: the pictures in metres on paper.

        Raises ``filing.map_without_geometry``.
        """
        geometry = case.geometry
        if geometry is None or geometry.is_empty:
            raise WeipianError("filing.map_without_geometry", parcel=case.number)
        centre = shapely.centroid(geometry)
        lon, lat = float(centre.x), float(centre.y)
        self._open_imagery(case, lon, lat)
        crs, convergence = plane(lon, lat)
        used = self._fill_layers(case, convergence)
        to_plane = QgsCoordinateTransform(self._stored, crs, QgsCoordinateTransformContext())
        extent = to_plane.transformBoundingBox(QgsRectangle(*geometry.bounds))
        photos = [to_plane.transform(*photo.position) for photo in case.photos if photo.position is not None]
        scale = fitting_scale(extent, photos, papers)
        images = {role: [image for image in result if image.shows(geometry)] for role, result in self._imagery.items()}
        lacking, sources = self._told(images)
        texts = {"map_scale": scale, "map_crs": zones.title(int(zones.zone_of(lon))), **sources}
        return Scene(case, crs, extent, scale, used, self._rasters(images), lacking, texts)

    def close(self) -> None:
        """Let go of the layers, so that Windows can delete the files they had open."""
        self.layers.clear()
        self._imagery.clear()
        self._opened.clear()

    def _told(self, images: Mapping[str, Sequence[Image]]) -> tuple[tuple[str, ...], dict[str, Value]]:
        """Which imagery is lacking, and the text on its source for each picture."""
        lacking: list[str] = []
        sources: dict[str, Value] = {}
        for role, title in ((ROLE_BEFORE, "前时相影像"), (ROLE_AFTER, "后时相影像")):
            sources[role] = "、".join(dict.fromkeys(map(_source_text, images[role]))) or self._missing(role)
            if not images[role]:
                lacking.append(title + self._missing(role)[1:])
        return tuple(lacking), sources

    def _rasters(self, images: Mapping[str, Sequence[Image]]) -> dict[str, list[Any]]:
        around = [
            [image.layer for image in self._imagery[role] if image.drawable] for role in (ROLE_AFTER, ROLE_BEFORE)
        ]
        return {
            BEFORE: [image.layer for image in images[ROLE_BEFORE]],
            AFTER: [image.layer for image in images[ROLE_AFTER]],
            OVERVIEW: around[0] or around[1],
        }

    def _open_imagery(self, case: ParcelCase, lon: float, lat: float) -> None:
        """Open what the parcel needs, once; around every parcel, draw it in the system that is right there."""
        line = timeline_of(case, self._dated)
        for role, picked in ((ROLE_BEFORE, line.before), (ROLE_AFTER, line.after)):
            requested = [*(picked.sources if picked else ()), *_of_role(self._dated, role)]
            self._imagery[role] = [self._open(source, lon, lat) for source in _once(requested)]
            for image in self._imagery[role]:
                image.draw_around(lon, lat)

    def _open(self, source: LayerSource, lon: float, lat: float) -> Image:
        known = self._opened.get(source.source)
        if known is None:
            around = Extent((lon - _REACH, lat - _REACH, lon + _REACH, lat + _REACH), "图斑周边", "given")
            known = self._opened[source.source] = open_image(source, around)
        return known

    def _fill_layers(self, case: ParcelCase, convergence: float) -> tuple[str, ...]:
        """Refill the layers with this parcel's shapes; names of those that have any, from the top down."""
        shapes: dict[str, list[tuple[BaseGeometry, list[Any]]]] = {style.name: [] for style in STYLES}
        shapes["parcel"].append((case.geometry, []))
        shapes["parts"] = [(part.geometry, []) for part in case.parts if part.geometry is not None]
        legal_bases = (*self._rules.legal_basis_roles,)
        for role, group, geometry in _covered(case):
            if role == "basic_farmland" and not group:
                shapes["basic_farmland"].append((geometry, []))
            elif role == "ecological_redline" and not group:
                shapes["redline"].append((geometry, []))
            elif role in legal_bases and group:
                shapes["approved"].append((geometry, []))
        for position, photo in enumerate(case.photos, start=1):
            if photo.position is None:
                continue
            turned = None if photo.azimuth is None else photo.azimuth - convergence
            name = "unaimed" if turned is None else "photos"
            shapes[name].append((shapely.Point(photo.position), [str(position), turned or 0.0]))
        for name, entries in shapes.items():
            refill(self.layers[name], entries)
        return tuple(name for name, entries in shapes.items() if entries)

    def _missing(self, role: str) -> str:
        """无, with the reason where an image of the catalogue cannot be drawn."""
        problems = [image.place.problem for image in self._imagery[role] if image.place.problem is not None]
        reasons = "；".join(dict.fromkeys(_SHORT[problem.code].format_map(problem.details) for problem in problems))
        return f"无（{reasons}）" if reasons else "无"


def images_of(layers: Sequence[LayerSource]) -> tuple[DatedImage, ...]:
    """The dated images of a catalogue. Opens the rasters whose day only their tags tell: once for a run, whatever draws its maps."""
    return dated_images(layers, read_tags)


def timeline_of(case: ParcelCase, images: Sequence[DatedImage]) -> Timeline:
    """The dated images of the catalogue with the parcel's own two."""
    return of_images(images, case.parcel.earlier_image, case.parcel.later_image)


def imagery_inputs(images: Sequence[DatedImage]) -> list[list[Any]]:
    """Role, name, size and time of every image, so that a package knows whether its map is current."""
    return [
        [source.role, masked(Path(source.source).name), *_state(source)]
        for role in ROLES
        for source in _of_role(images, role)
    ]


def distinct(messages: Iterator[Message]) -> tuple[Message, ...]:
    """Each message once, in their order (their details cannot be hashed)."""
    kept: list[Message] = []
    for message in messages:
        if message not in kept:
            kept.append(message)
    return tuple(kept)


def frame_extent(extent: QgsRectangle, paper: tuple[float, float], scale: float) -> QgsRectangle:
    """What a picture of ``paper`` (width and height in metres) shows at a scale, around the middle of ``extent``."""
    width, height = (metres * scale / 2.0 for metres in paper)
    centre = extent.center()
    return QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height)


def fitting_scale(extent: QgsRectangle, photos: Sequence[Any], papers: Sequence[tuple[float, float]]) -> int:
    """The finest round scale at which the parcel fits every picture, coarser by up to two steps to show its photos.

    ``extent`` and ``photos`` in metres of the plane; ``papers``: width and height of the pictures in metres on paper.
    """

    def fits(area: QgsRectangle, share: float, scale: int) -> bool:
        return all(
            area.width() <= width * scale * share and area.height() <= height * scale * share
            for width, height in papers
        )

    base = next((step for step, scale in enumerate(SCALES) if fits(extent, _PARCEL_SHARE, scale)), len(SCALES) - 1)
    reach = extent.buffered(_PHOTO_REACH_M)
    near = [point for point in photos if reach.contains(point)]
    centre = extent.center()
    width = max([extent.width() / 2, *(abs(point.x() - centre.x()) for point in near)])
    height = max([extent.height() / 2, *(abs(point.y() - centre.y()) for point in near)])
    whole = QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height)
    last = min(base + _PHOTO_STEPS, len(SCALES) - 1)
    return SCALES[next((step for step in range(base, last + 1) if fits(whole, 0.92, SCALES[step])), last)]


def plane(lon: float, lat: float) -> tuple[QgsCoordinateReferenceSystem, float]:
    """The 3-degree zone's system, and the convergence of the meridian in degrees (grid north minus true north, positive east of it).

    Outside the zones of China, which have no EPSG code, the same projection is written out.
    """
    zone = int(zones.zone_of(lon))
    if zones.FIRST_ZONE <= zone <= zones.LAST_ZONE:
        crs = QgsCoordinateReferenceSystem(f"EPSG:{zones.epsg(zone, prefix=True)}")
    else:
        crs = QgsCoordinateReferenceSystem.fromProj(
            f"+proj=tmerc +lat_0=0 +lon_0={zones.central_meridian(zone)} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
        )
    return crs, zones.convergence(lon, lat, zone)


def _covered(case: ParcelCase) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Role, group and shape of what lies over the whole parcel."""
    for row in case.coverage:
        if row.geometry is not None and not row.geometry.is_empty and not row.part:
            yield row.role, row.group, row.geometry


def _of_role(images: Sequence[DatedImage], role: str) -> list[LayerSource]:
    return [source for image in images if image.role == role for source in image.sources]


def _once(sources: Sequence[LayerSource]) -> list[LayerSource]:
    return list({source.source: source for source in reversed(sources)}.values())[::-1]


def _state(source: LayerSource) -> tuple[int, int]:
    """Size and time of a file, zeros for services and what is not there."""
    path = Path(source.source)
    if is_service(source.source) or not path.is_file():
        return 0, 0
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _source_text(image: Image) -> str:
    """Title of an image on the map, with the warning of an old datum that was not moved."""
    return f"{image.title}（{image.place.datum}，未作转换，可能相差上百米）" if image.place.datum else image.title
