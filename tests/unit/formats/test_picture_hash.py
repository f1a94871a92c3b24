"""The hash of pictures has the bits of the ImageHash library, with which the photos of earlier batches were read."""

from __future__ import annotations

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageFilter

from weipian_plugin.formats.picture_hash import bits_apart, from_hex, picture_hash, to_hex


def textured(seed: int) -> Image.Image:
    """A landscape of soft spots with an edge and some noise, as photos have."""
    random = np.random.default_rng(seed)
    width, height = random.integers(60, 500, 2)
    coarse = Image.fromarray(random.integers(0, 256, (9, 12), dtype=np.uint8)).resize((int(width), int(height)))
    picture = np.asarray(coarse.filter(ImageFilter.GaussianBlur(3)), dtype=float)
    picture[:, : int(width) // 3] *= random.uniform(0.4, 1.0)
    noisy = np.clip(picture + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)
    return Image.fromarray(noisy if seed % 2 else np.dstack([noisy, noisy[::-1], noisy[:, ::-1]]))


def test_the_bits_are_those_of_imagehash() -> None:
    different = [
        seed for seed in range(400) if (picture_hash(textured(seed)) != imagehash.phash(textured(seed)).hash).any()
    ]
    assert different == []


def test_the_text_is_that_of_imagehash_both_ways() -> None:
    theirs = imagehash.phash(textured(3))
    assert to_hex(picture_hash(textured(3))) == str(theirs)
    assert (from_hex(str(theirs)) == theirs.hash).all()


def test_a_changed_picture_is_near_and_another_one_far() -> None:
    picture = textured(5)
    smaller = picture.resize((picture.width // 2, picture.height // 2))
    assert bits_apart(picture_hash(picture), picture_hash(smaller)) <= 4
    assert bits_apart(picture_hash(picture), picture_hash(textured(7))) > 12


@pytest.mark.parametrize("text", ["", "12", "zz" * 8, "00" * 9])
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_hex(text)
