"""A hint whether the ground of a parcel changed between two images: a number to order and to warn by, never to decide by.

Season, light and sensor differ between two dates everywhere; a building differs here only. So every pixel gets a difference of structure and
colour after the later image was shifted onto the earlier one (phase correlation) and its colours were matched to it (quantiles of the
surroundings), and the score says how the differences inside the parcel stand against those around it: 0 like the surroundings, 1 larger than
nearly all of them. Methods from textbooks of remote sensing (phase correlation: Kuglin and Hines 1975; histogram matching; rank statistic of
Mann and Whitney 1947); no trained weights, nothing but numpy. Limits: a crop that was harvested inside the parcel only, deep shadows, clouds
and images displaced by more than some pixels raise the score; a change of the whole neighbourhood lowers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from ..model.messages import Message

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_MOST_SHIFT = 6  # pixels; beyond it the images do not belong together
_LEAST_PIXELS = 25  # inside: fewer say nothing
_LEAST_AROUND = 400
_LEAST_VALID = 0.6  # share of the parcel that both images show
_WINDOW = 5  # pixels of the local statistics
_QUANTILES = 64


@dataclass(frozen=True)
class ChangeHint:
    """``score``: 0–1, None where the images cannot be compared, then ``reason`` says why; ``shift``: rows and columns by which the later image
    was moved; ``heat``: (h, w) 0–1, NaN where there is nothing to compare."""

    score: Optional[float]
    shift: tuple[int, int] = (0, 0)
    heat: Optional[Floats] = None
    reason: Optional[Message] = None


def change_hint(before: Floats, after: Floats, inside: Mask, valid: Optional[Mask] = None) -> ChangeHint:
    """Compare two images of the same grid.

    ``before``, ``after``: (h, w) or (h, w, bands), any units; ``inside``: (h, w), the parcel; ``valid``: (h, w), pixels that both show.
    The window should show the parcel's surroundings, at least its own size on every side.
    """
    first, second = _bands(before), _bands(after)
    count = min(first.shape[2], second.shape[2])
    first, second = first[..., :count], second[..., :count]
    seen = np.isfinite(first).all(axis=2) & np.isfinite(second).all(axis=2)
    seen &= np.ones(inside.shape, bool) if valid is None else valid
    if inside.sum() < _LEAST_PIXELS:
        return ChangeHint(None, reason=Message("evidence.change_small", {"pixels": int(inside.sum())}))
    if seen[inside].mean() < _LEAST_VALID or (seen & ~inside).sum() < _LEAST_AROUND:
        return ChangeHint(None, reason=Message("evidence.change_unseen", {"share": f"{100 * seen[inside].mean():.0f}"}))
    first, second = np.nan_to_num(first), np.nan_to_num(second)
    shift = _shift(first.mean(axis=2), second.mean(axis=2), seen)
    second = np.roll(second, shift, (0, 1))
    seen &= np.roll(seen, shift, (0, 1))
    around = seen & ~_grown(inside)
    if around.sum() < _LEAST_AROUND:
        around = seen & ~inside
    differences = _differences(first, _matched(second, first, around), around)
    heat = np.where(seen, _ranks(differences, differences[around]), np.nan).astype(np.float32)
    score = float(np.clip(2 * np.nanmean(heat[inside & seen]) - 1, 0.0, 1.0))
    return ChangeHint(score, shift, heat)


def _bands(image: Floats) -> Floats:
    values = np.asarray(image, np.float32)
    bands: Floats = values[..., None] if values.ndim == 2 else values
    return bands


def _shift(first: Floats, second: Floats, seen: Mask) -> tuple[int, int]:
    """Whole pixels (rows, columns) that bring ``second`` onto ``first``; (0, 0) where no shift is clearly better."""
    window = np.outer(np.hanning(first.shape[0]), np.hanning(first.shape[1])) * seen
    spectra = [np.fft.rfft2((image - image[seen].mean()) * window) for image in (_edges(first), _edges(second))]
    product = spectra[0] * np.conj(spectra[1])
    surface = np.fft.irfft2(product / np.maximum(np.abs(product), 1e-9), first.shape)
    reach = np.arange(-_MOST_SHIFT, _MOST_SHIFT + 1)
    near = surface[np.ix_(reach % first.shape[0], reach % first.shape[1])]
    row, column = np.unravel_index(int(np.argmax(near)), near.shape)
    clear = near[row, column] > near[_MOST_SHIFT, _MOST_SHIFT] + 4 * surface.std()
    return (int(reach[row]), int(reach[column])) if clear else (0, 0)


def _edges(image: Floats) -> Floats:
    """Strength of the gradient."""
    down, right = np.gradient(image)
    strength: Floats = np.hypot(down, right).astype(np.float32)
    return strength


def _matched(second: Floats, first: Floats, around: Mask) -> Floats:
    """Each band of ``second`` with the quantiles that ``first`` has in the surroundings."""
    steps = np.linspace(0.0, 1.0, _QUANTILES)
    result = np.empty_like(second)
    for band in range(second.shape[2]):
        has = np.quantile(second[..., band][around], steps)
        wants = np.quantile(first[..., band][around], steps)
        grows = np.concatenate([[True], np.diff(has) > 0])  # interp needs rising places
        result[..., band] = np.interp(second[..., band], has[grows], wants[grows])
    return result


def _differences(first: Floats, second: Floats, around: Mask) -> Floats:
    """Structure and colour together, each in units of what is usual around."""
    structure = np.abs(_box(_edges(first.mean(axis=2))) - _box(_edges(second.mean(axis=2))))
    colour = _box(np.sqrt(np.square(first - second).sum(axis=2)))
    return _in_usual(structure, around) + _in_usual(colour, around)


def _in_usual(values: Floats, around: Mask) -> Floats:
    usual = float(np.median(values[around]))
    scaled: Floats = values / np.float32(usual if usual > 0 else 1.0)
    return scaled


def _box(image: Floats) -> Floats:
    """Mean over a square window, edges repeated."""
    half = _WINDOW // 2
    padded = np.pad(image, half + 1, mode="edge").astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    size = 2 * half + 1
    total = padded[size:, size:] - padded[:-size, size:] - padded[size:, :-size] + padded[:-size, :-size]
    mean: Floats = (total[: image.shape[0], : image.shape[1]] / size**2).astype(np.float32)
    return mean


def _grown(inside: Mask) -> Mask:
    """The parcel with the width of a window around it, so that what stands at its edge does not count as surroundings."""
    return _box(inside.astype(np.float32)) > 0


def _ranks(values: Floats, sample: Floats) -> Floats:
    """Share of ``sample`` that is smaller than each value; equal ones count half."""
    ordered = np.sort(sample)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    return ((below + up_to) / (2 * len(ordered))).astype(np.float32)
