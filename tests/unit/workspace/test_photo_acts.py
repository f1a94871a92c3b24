"""Two people act on one photo: the second is shown what the first did, and nothing is written over without a look."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

import pandas as pd
import pytest

from weipian_plugin.gui.recording import SeenLink, attach, put_back_photo, set_purpose
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import PhotoLink
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.repository import Repository

PHOTO, HERE, THERE = "a" * 64, "500118SJBG24010001", "500118SJBG24010002"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "区.gpkg"
    with Workspace.create(place) as store:
        photo = {"file": "照片/一.jpg", "sha256": PHOTO, "status": "read"}
        store.insert("photo", pd.DataFrame([photo]), "系统", "照片挂接")
        link = {"photo": PHOTO, "parcel": HERE, "status": "attached", "manual": 0}
        store.insert("photo_parcel", pd.DataFrame([link]), "系统", "照片挂接")
    return place


def link(store: Workspace, parcel: str) -> Optional[PhotoLink]:
    return next(iter(Repository(store).all(PhotoLink, photo=PHOTO, parcel=parcel)), None)


def detach(store: Workspace, parcel: str = HERE) -> None:
    attach(store, PHOTO, parcel, False, "王五")


def take(store: Workspace) -> None:
    attach(store, PHOTO, THERE, True, "王五")


def rename(store: Workspace) -> None:
    set_purpose(store, PHOTO, HERE, "整改后", "王五")


@pytest.mark.parametrize(
    ("colleague", "act", "person"),
    [
        (detach, lambda store, seen: attach(store, PHOTO, HERE, False, "李四", SeenLink(seen)), "王五"),
        (rename, lambda store, seen: attach(store, PHOTO, HERE, False, "李四", SeenLink(seen)), "王五"),
        (rename, lambda store, seen: set_purpose(store, PHOTO, HERE, "整改前", "李四", SeenLink(seen)), "王五"),
        (detach, lambda store, seen: set_purpose(store, PHOTO, HERE, "整改前", "李四", SeenLink(seen)), "王五"),
    ],
)
def test_what_a_colleague_did_to_a_photo_is_shown_before_it_is_changed(
    path: Path, colleague: Any, act: Any, person: str
) -> None:
    with Workspace.open(path) as mine, Workspace.open(path) as other:
        seen = link(mine, HERE)
        colleague(other)
        stored = link(mine, HERE)
        with pytest.raises(WeipianError) as caught:
            act(mine, seen)
        assert caught.value.code == "workspace.photo_conflict"
        text = caught.value.text("zh")
        assert "照片/一.jpg" in text and person in text and HERE in text and link(mine, HERE) == stored
        act(mine, stored)  # having looked, the person may
        found = link(mine, HERE)
        assert found is not None and found.by == "李四" and mine.journal_break() is None


def test_two_people_do_not_give_one_loose_photo_to_two_parcels_unawares(path: Path) -> None:
    with Workspace.open(path) as mine, Workspace.open(path) as other:
        detach(other)
        seen = SeenLink(link(mine, THERE), loose=True)
        attach(other, PHOTO, HERE, True, "王五")
        with pytest.raises(WeipianError) as caught:
            attach(mine, PHOTO, THERE, True, "李四", seen)
        assert caught.value.code == "workspace.photo_conflict" and HERE in caught.value.text("zh")
        assert link(mine, THERE) is None
        before = attach(mine, PHOTO, THERE, True, "李四", SeenLink(None))  # at the parcel itself, knowing of the other
        put_back_photo(mine, PHOTO, THERE, before, "李四")
        assert link(mine, THERE) is None


def test_a_loose_photo_that_both_give_to_the_same_parcel_is_said_once(path: Path) -> None:
    with Workspace.open(path) as mine, Workspace.open(path) as other:
        detach(other)
        seen = SeenLink(None, loose=True)
        take(other)
        with pytest.raises(WeipianError) as caught:
            attach(mine, PHOTO, THERE, True, "李四", seen)
        assert caught.value.code == "workspace.photo_conflict"
        found = link(mine, THERE)
        assert found is not None and found.by == "王五"
