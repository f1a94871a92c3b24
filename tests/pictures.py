"""Pages compared with reference pictures, within a tolerance: fonts and versions may differ, the layout may not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

#: set to write the references anew after a wanted change; look at them before committing
WRITE = "WEIPIAN_WRITE_REFERENCES"


def pages_of(pdf: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """The pages of a pdf as pictures (poppler)."""
    stem = folder / f"{pdf.stem}-page"
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(stem)], check=True, timeout=60)
    return sorted(folder.glob(f"{stem.name}*.png"))


def difference(one: Path, other: Path, blur: float = 3.0) -> tuple[float, float]:
    """Mean difference of two pictures (0–255) and share of clearly different pixels, after blurring away the glyphs' edges."""
    with Image.open(one) as first, Image.open(other) as second:
        size = first.size
        pictures = [
            np.asarray(
                image.convert("RGB").resize(size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(blur)),
                float,
            )
            for image in (first, second)
        ]
    apart = np.abs(pictures[0] - pictures[1]).mean(axis=2)
    return float(apart.mean()), float((apart > 40).mean())


def assert_like(picture: Path, reference: Path, mean: float = 4.0, share: float = 0.02) -> None:
    """`picture` looks like `reference`."""
    if os.environ.get(WRITE):
        reference.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(picture) as image:
            image.convert("RGB").quantize(64).save(reference, optimize=True)
        return
    found = difference(reference, picture)
    assert found[0] <= mean and found[1] <= share, f"{picture.name}: mean {found[0]:.2f}, share {found[1]:.4f}"
