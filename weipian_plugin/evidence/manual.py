"""A person's word on a photo is kept when links are computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..model.messages import Message
from ..model.photos import PhotoLink
from ..model.tables import column, frame_of, records, values
from ..model.words import PhotoStatus
from .records import MATCH, PhotoMatch


def merge_manual(links: pd.DataFrame, manual: pd.DataFrame | None) -> pd.DataFrame:
    """Recomputed ``links`` with a person's choices (``manual``: ``photo, parcel, status`` attached / detached, perhaps ``purpose, by``) kept.

    A photo that a person attached is attached to just those parcels; a parcel that a person detached is never attached again.
    """
    if manual is None or manual.empty:
        return links
    choices = records(manual, PhotoLink)
    attached = [choice for choice in choices if choice.status is PhotoStatus.ATTACHED]
    detached = {(choice.photo, choice.parcel) for choice in choices if choice.status is not PhotoStatus.ATTACHED}
    by_hand = {choice.photo for choice in attached}
    pairs = list(zip(values(links, MATCH.photo), values(links, MATCH.parcel)))
    rejected = np.array([pair in detached for pair in pairs], dtype=bool)
    kept = links[~column(links, MATCH.photo).isin(by_hand) & ~rejected]
    gone = sorted({photo for photo, _ in detached} - by_hand - set(values(kept, MATCH.photo)))
    rows = [*_attached(links, attached), *_detached(links, gone)]
    if not rows:
        return kept.reset_index(drop=True)
    return pd.concat([kept.astype(object), frame_of(rows, PhotoMatch).astype(object)], ignore_index=True)


def _attached(links: pd.DataFrame, choices: Sequence[PhotoLink]) -> Iterator[PhotoMatch]:
    """Links by a person's word, with what was measured of them."""
    measured: dict[tuple[str, str], PhotoMatch] = {}
    files: dict[str, str | None] = {}
    of_these = column(links, MATCH.photo).isin({choice.photo for choice in choices})
    for link in records(links[of_these], PhotoMatch):
        measured.setdefault((link.photo, link.parcel), link)
        files.setdefault(link.photo, link.file)
    for choice in choices:
        known = measured.get((choice.photo, choice.parcel), PhotoMatch(choice.photo, choice.parcel, score=1.0))
        person = Message("evidence.tie_by_hand", {"person": choice.by or ""})
        yield replace(
            known,
            status=PhotoStatus.ATTACHED,
            manual=True,
            file=files.get(choice.photo),
            reasons=(person,),
            purpose=choice.purpose or known.purpose,
        )


def _detached(links: pd.DataFrame, photos: Sequence[str]) -> Iterator[PhotoMatch]:
    """Photos that are left without a parcel because a person took them off."""
    files = dict(zip(reversed(values(links, MATCH.photo)), reversed(values(links, MATCH.file))))
    for photo in photos:
        if photo in files:
            reason = Message("evidence.tie_detached", {})
            yield PhotoMatch(photo, score=0.0, file=files[photo], manual=True, reasons=(reason,))
