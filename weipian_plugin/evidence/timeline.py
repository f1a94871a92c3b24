"""The dated images of a catalogue in their order (时间轴), and which of them are a parcel's 前时相 and 后时相."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Callable, Optional

from ..formats.catalogue import is_remote, is_service
from ..formats.listing import RASTERS
from ..model.dates import DateSpan, span_text
from ..model.records import LayerSource
from ..model.secrets import masked
from .image_dates import imagery_date, style_span

IMAGERY, BEFORE, AFTER = "imagery", "imagery_before", "imagery_after"
ROLES = (IMAGERY, BEFORE, AFTER)
#: Files of one folder that are looked at: years of scenes; a drive chosen by mistake ends here.
_MOST_SCENES = 2000

TagReader = Callable[[LayerSource], Mapping[str, str]]


@dataclass(frozen=True)
class DatedImage:
    """The image of one date: one file or service, or all scenes of that date.

    ``span``: the days on which it may have been taken, None where unknown; ``role``: of the catalogue; ``key``: names it in the workspace.
    """

    sources: tuple[LayerSource, ...]
    span: Optional[DateSpan]
    role: str = IMAGERY

    @property
    def key(self) -> str:
        return masked(self.sources[0].source)

    @property
    def title(self) -> str:
        """The catalogue's own title, else the name of the file."""
        return self.sources[0].title or Path(masked(self.sources[0].source)).stem

    @property
    def date_text(self) -> str:
        return span_text(self.span)


@dataclass(frozen=True)
class Timeline:
    """``images`` by their last possible day, undated ones last; ``before``, ``after``: the parcel's own two, None where there is none."""

    images: tuple[DatedImage, ...] = ()
    before: Optional[DatedImage] = None
    after: Optional[DatedImage] = None


def no_tags(source: LayerSource) -> Mapping[str, str]:
    """For callers that cannot open rasters."""
    return {}


def dated_images(layers: Sequence[LayerSource], read_tags: TagReader = no_tags) -> tuple[DatedImage, ...]:
    """Every image of the catalogue with its date, in order. ``read_tags``: the metadata of a raster, asked only where nothing else says the day."""
    found: dict[tuple[str, object], DatedImage] = {}
    for scene in (scene for layer in layers if layer.role in ROLES for scene in scenes_of(layer)):
        span = date_of(scene, read_tags)
        key = (scene.role, span or (scene.source if scene.role == IMAGERY else ""))
        known = found.get(key)
        sources = (*known.sources, scene) if known else (scene,)
        found[key] = DatedImage(sources, span, scene.role)
    return tuple(sorted(found.values(), key=_order))


def timeline(
    layers: Sequence[LayerSource], earlier: object = "", later: object = "", read_tags: TagReader = no_tags
) -> Timeline:
    """The timeline of a parcel. ``earlier``, ``later``: its 前时相 and 后时相 as delivered."""
    return of_images(dated_images(layers, read_tags), earlier, later)


def of_images(images: Sequence[DatedImage], earlier: object = "", later: object = "") -> Timeline:
    """The same of images that are known already."""
    before, after = pick(images, BEFORE, earlier), pick(images, AFTER, later)
    if before is not None and before == after:  # one image is no pair
        before = None
    return Timeline(tuple(images), before, after)


def pick(images: Sequence[DatedImage], role: str, wanted: object) -> Optional[DatedImage]:
    """The image of a parcel's date: of the role, or else of no side, one that was taken within the wanted days.

    Where there is none: all of the role together (its scenes may have days of their own); of the images of no side the one next to the wanted
    day, without a wanted day the first (前时相) or the last (后时相).
    """
    span = DateSpan.parse(str(wanted or ""))
    own = [image for image in images if image.role == role]
    free = [image for image in images if image.role == IMAGERY and image.span is not None]
    place = 0 if role == BEFORE else -1
    if span is not None:
        within = [
            [image for image in some if image.span and span.first <= image.span.first <= span.last]
            for some in (own, free)
        ]
        if within[0]:
            return _together(within[0])
        if within[1]:
            return within[1][place]
    if own:
        return _together(own)
    if span is None or not free:
        return free[place] if free else None
    return min(free, key=lambda image: _days_between(image.span, span))


def _together(images: Sequence[DatedImage]) -> DatedImage:
    if len(images) == 1:
        return images[0]
    spans = [image.span for image in images if image.span is not None]
    span = (
        DateSpan(min(one.first for one in spans), max(one.last for one in spans)) if len(spans) == len(images) else None
    )
    return DatedImage(tuple(source for image in images for source in image.sources), span, images[0].role)


def scenes_of(layer: LayerSource) -> tuple[LayerSource, ...]:
    """The rasters behind an entry: itself, or the rasters of a folder and of its folders (named by date), in the order of their names."""
    folder = Path(layer.source)
    if is_remote(layer.source) or not folder.is_dir():
        return (layer,)
    below: Iterable[Path] = (
        path for entry in sorted(folder.iterdir()) for path in (sorted(entry.iterdir()) if entry.is_dir() else (entry,))
    )
    files = [path for path in below if path.suffix.lower() in RASTERS and not path.name.startswith(".")]
    return tuple(replace(layer, source=str(path), title="") for path in files[:_MOST_SCENES])


def date_of(source: LayerSource, read_tags: TagReader = no_tags) -> Optional[DateSpan]:
    """The date of one raster or service: what is said in words first; the file is opened only where they give no day."""
    if is_service(source.source):
        return imagery_date(source.title, source.source)
    path = Path(source.source)
    name = f"{path.parent.name}/{path.stem}"
    style = path.with_suffix(".qml")
    temporal = style_span(style.read_text(encoding="utf-8", errors="replace")) if style.is_file() else None
    span = imagery_date(source.title, name, temporal=temporal)
    if span is not None and span.first == span.last:
        return span
    return imagery_date(source.title, name, read_tags(source), temporal)


def _days_between(span: Optional[DateSpan], wanted: DateSpan) -> tuple[int, date]:
    """Days between two spans, 0 where they meet; the earlier one of two that are equally near."""
    if span is None:
        return 10**6, date.max
    return max(0, (span.first - wanted.last).days, (wanted.first - span.last).days), span.last


def _order(image: DatedImage) -> tuple[bool, date, date, str]:
    span = image.span
    return span is None, span.last if span else date.max, span.first if span else date.max, image.key
