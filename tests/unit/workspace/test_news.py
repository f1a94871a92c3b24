"""What a window has to read again after others have written: the parcels concerned, or everything where the journal does not say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.news import newest, news_after

OLD = Path(__file__).with_name("data") / "version-1.gpkg"


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    with Workspace.open(Path(shutil.copy(OLD, tmp_path / "工作库.gpkg"))) as opened:
        yield opened


def numbers_of(store: Workspace) -> list[str]:
    return [str(number) for (number,) in store.values("parcel", ("number",))]


def test_nothing_written_is_no_news(store: Workspace) -> None:
    last = newest(store)
    assert news_after(store, last) == type(news_after(store, last))(last, ())


def test_each_kind_of_row_names_its_parcel(store: Workspace) -> None:
    one, two, three, four = numbers_of(store)[:4]
    last = newest(store)
    store.update("parcel", {"number": one}, {"village": "甲村"}, "李四", "试")
    store.insert("document", pd.DataFrame([{"id": "d9", "parcel": two}]), "李四", "试", each=True)
    store.delete("document", "李四", "试", id="d9")
    store.insert(
        "photo_parcel",
        pd.DataFrame([{"photo": "ab" * 32, "parcel": three, "status": "attached"}]),
        "李四",
        "试",
        each=True,
    )
    store.insert(
        "draft",
        pd.DataFrame([{"person": "李四", "parcel": four, "part": "", "fields": {"a": "b"}}]),
        "李四",
        "试",
        each=True,
    )
    news = news_after(store, last)
    assert set(news.numbers or ()) == {one, two, three, four} and news.last == newest(store)
    assert news_after(store, news.last).numbers == ()


def test_a_decision_and_its_undoing_name_the_parcel(store: Workspace) -> None:
    number = numbers_of(store)[0]
    last = newest(store)
    row = {"id": "x1", "parcel": number, "part": "", "action": "accept", "status": "current"}
    store.insert("decision", pd.DataFrame([row]), "李四", "采纳建议", each=True)
    assert news_after(store, last).numbers == (number,)
    last = newest(store)
    store.update("decision", {"id": "x1"}, {"status": "undone"}, "李四", "撤销")
    assert news_after(store, last).numbers == (number,)


@pytest.mark.parametrize("action", ["merge"])
def test_a_project_of_several_parcels_is_read_anew(store: Workspace, action: str) -> None:
    last = newest(store)
    row = {"id": "x2", "parcel": numbers_of(store)[0], "part": "", "action": action, "status": "current"}
    store.insert("decision", pd.DataFrame([row]), "李四", "并宗", each=True)
    assert news_after(store, last).numbers is None
    last = newest(store)
    store.update("decision", {"id": "x2"}, {"status": "undone"}, "李四", "撤销")
    assert news_after(store, last).numbers is None


def test_a_run_is_read_anew_and_what_no_queue_shows_is_passed_over(store: Workspace) -> None:
    last = newest(store)
    store.replace("measure", store.read("measure").drop(columns=["fid"]), "李四", "套合分析")
    assert news_after(store, last).numbers == ()
    store.replace("proposal", store.read("proposal").drop(columns=["fid"]), "李四", "判定")
    assert news_after(store, last).numbers is None
