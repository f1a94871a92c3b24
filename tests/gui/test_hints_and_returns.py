"""What stands beside the proposal and never decides: the change hint and what came back from the field. And papers, drops and details."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from qgis.PyQt.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent
from qgis.PyQt.QtWidgets import QApplication, QPushButton
from qgis.utils import iface

from tests.gui.conftest import until, wait
from tests.gui.test_reviewing import decisions_of, settled
from weipian_plugin.gui.details_dialog import DetailsDialog
from weipian_plugin.gui.queue import COLUMNS
from weipian_plugin.workspace import Workspace

FACTORY = "500118SJBG23210005"


@pytest.mark.scale
def test_the_change_hint_stands_in_the_queue_and_on_the_card_and_decides_nothing(
    bench: Any, workspace: Path, picture: Any
) -> None:
    session, dock, runner = bench.parts.session, bench.dock, bench.parts.runner
    place = COLUMNS.index("change")
    assert dock.table.isColumnHidden(place), "no figure, no column"
    ended: list[bool] = []
    chosen = [FACTORY, *settled(bench)[:3]]
    runner.algorithm(
        "change", "影像变化提示", {"WORKSPACE": str(workspace), "FILTER": ",".join(dict.fromkeys(chosen))},
        lambda ok, results, errors: ended.append(ok),
    )  # fmt: skip
    until(lambda: ended, 90, "the hints are made")
    session.reload()
    until(lambda: session.rows[FACTORY].change is not None, 20, "the queue knows them")
    assert not dock.table.isColumnHidden(place)
    before = [row.proposal for row in session.rows.values()]
    dock.table.sortByColumn(place, Qt.SortOrder.DescendingOrder)
    scores = [session.rows[number].change or -1.0 for number in dock.shown_numbers()]
    assert scores == sorted(scores, reverse=True)
    session.select(FACTORY)
    until(lambda: session.details.number == FACTORY and session.details.change_picture, 10)
    assert "影像变化提示" in dock.card.text.toPlainText() and "不作为判定依据" in dock.card.text.toPlainText()
    # 实地未变化 is proposed for a parcel whose images differ strikingly: a warning, and nothing else
    with Workspace.open(workspace) as store:
        store.update("proposal", {"parcel": FACTORY, "part": ""}, {"subtype": "实地未变化"}, "试", "试")
    until(lambda: session.rows[FACTORY].second_look, 40, "the row warns")
    until(lambda: "影像变化明显" in dock.card.text.toPlainText(), 10, "the card warns")
    dock.set_filter("变化待核")
    assert dock.shown_numbers() == [FACTORY]
    dock.card.text.verticalScrollBar().setValue(dock.card.text.verticalScrollBar().maximum())
    picture("change_hint")
    dock.set_filter("全部")
    assert [row.proposal for row in session.rows.values()] == before and decisions_of(bench) == 0


@pytest.mark.scale
def test_values_from_the_field_are_offered_and_taken_over_by_a_person(
    bench: Any, workspace: Path, picture: Any
) -> None:
    session, form = bench.parts.session, bench.dock.form
    number = settled(bench)[0]
    session.select(number)
    assert not form.field_offer.isVisible()
    values = {"project_name": "村道拓宽", "field_description": "已建两层砖房，有人居住"}
    rows = [
        {
            "parcel": number, "name": name, "value": value, "exported": "", "verifier": "外业甲",
            "visited_at": "2023-06-02", "returned_at": f"2023-06-03T10:0{place}:00+08:00", "package": "外业包",
            "status": "conflict" if name == "project_name" else "new",
        }
        for place, (name, value) in enumerate({**values, "project_owner": ""}.items())
    ]  # fmt: skip
    with Workspace.open(workspace) as store:
        store.insert("field_result", pd.DataFrame(rows), "外业甲", "外业回收", each=True)
    until(form.field_offer.isVisible, 40, "what came back is seen")
    text = form.field_offer.text()
    assert "村道拓宽" in text and "外业甲" in text and "不同" in text and "项目主体" not in text
    assert form.project_name.text() != "村道拓宽", "offered, not filled in"
    bench.dock.scroll.ensureWidgetVisible(form.field_offer)
    picture("field_offer")
    form.field_offer.linkActivated.emit("project_name")
    assert form.project_name.text() == "村道拓宽" and "村道拓宽" not in form.field_offer.text()
    form.field_offer.linkActivated.emit("field_description")
    assert form.field_description.text() == values["field_description"] and not form.field_offer.isVisible()
    assert decisions_of(bench) == 0
    form.submit()
    stored = session.store.records("decision")[-1]["fields"]
    assert (stored["项目名称"], stored["现场核查描述"]) == tuple(values.values())


def drop_on_map(paths: list[Path], kind: Any = QEvent.Type.Drop) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = QPointF(20, 20) if not hasattr(Qt, "MidButton") else QPoint(20, 20)
    try:
        event = QDropEvent(
            QPointF(20, 20),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            kind,
        )
    except TypeError:
        event = QDropEvent(
            place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, kind
        )
    event.kept = data
    return event


def test_photos_dropped_on_the_map_are_added_and_rasters_go_on_to_qgis(bench: Any, county: dict[str, Path]) -> None:
    taken: list[list[str]] = []
    bench.parts.drop.dropped.disconnect()
    bench.parts.drop.dropped.connect(taken.append)
    photos = sorted(county["photos"].rglob("*.jpg"))[:2]
    viewport = iface.mapCanvas().viewport()
    assert bench.parts.drop.eventFilter(viewport, drop_on_map(photos)) and taken == [[str(path) for path in photos]]
    raster = next(county["folder"].rglob("*.tif"))
    assert not bench.parts.drop.eventFilter(viewport, drop_on_map([raster])), "an image of the ground is a layer"
    bench.parts.close_workspace()
    assert not bench.parts.drop.eventFilter(viewport, drop_on_map(photos)) and len(taken) == 1


def test_a_long_run_ends_with_its_result_and_its_details(bench: Any, tmp_path: Path, picture: Any) -> None:
    bench.parts.tabulate(str(tmp_path / "报表"))
    until(lambda: not bench.parts.runner.busy and bench.notifier.last[0] == "success", 90, "the tables are written")
    buttons = {button.text(): button for button in iface.messageBar().findChildren(QPushButton)}
    assert {"详情", "打开文件夹"} <= set(buttons)
    picture("message_with_details")
    buttons["详情"].click()
    wait(0.1)
    dialog = next(top for top in QApplication.topLevelWidgets() if isinstance(top, DetailsDialog) and top.isVisible())
    assert bench.parts.runner.lines and bench.parts.runner.lines[-1] in dialog.text.toPlainText()
    picture("details", dialog)
    dialog.close()


def test_the_location_map_of_the_current_parcel_is_printed(bench: Any, tmp_path: Path) -> None:
    bench.parts.session.select(FACTORY)
    file = tmp_path / "位置图 0005.pdf"
    bench.parts.location_map.print(str(file), show=False)
    until(lambda: bench.notifier.last[0] != "info", 60, "the map is drawn")
    assert bench.notifier.last[0] == "success", bench.notifier.last
    assert file.read_bytes().startswith(b"%PDF") and file.stat().st_size > 10_000
