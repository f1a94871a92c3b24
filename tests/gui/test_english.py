"""Readers of other languages get English: no Chinese text is left on what the plugin adds to the window.

What stands beside an English name in brackets may be Chinese, and so may data: numbers, places, names of files and documents, and the
official sub-types of a county's own profile.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QTextDocumentFragment
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QTableWidget,
    QTreeWidget,
    QWidget,
    QWizard,
)
from qgis.utils import iface

from tests.gui.conftest import until, wait
from tests.gui.test_importing import press_next
from weipian_plugin.judgment import profile_names
from weipian_plugin.judgment.profile_files import profile_named
from weipian_plugin.plugin import WeipianPlugin
from weipian_plugin.toolbelt import settings

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: A Chinese term beside its English name.
BESIDE = re.compile(r"(?<=[A-Za-z.]) ?[（(][^()（）]*[)）]")


def texts_of(top: QWidget) -> Iterator[str]:
    """Everything a person reads on a widget that the plugin wrote; what was typed or chosen in it is data."""
    yield top.windowTitle()
    for widget in [top, *top.findChildren(QWidget)]:
        if isinstance(widget, QgsFileWidget) or isinstance(widget.parent(), QgsFileWidget):
            continue  # QGIS's own words
        yield widget.toolTip()
        if isinstance(widget, QLabel):
            yield QTextDocumentFragment.fromHtml(widget.text()).toPlainText()
        elif isinstance(widget, QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QGroupBox):
            yield widget.title()
        elif isinstance(widget, QProgressBar):
            yield widget.text()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))
        elif isinstance(widget, QTableWidget):
            heads = (widget.horizontalHeaderItem(column) for column in range(widget.columnCount()))
            yield from (head.text() for head in heads if head is not None)
        elif isinstance(widget, QTreeWidget):
            yield from (widget.headerItem().text(column) for column in range(widget.columnCount()))


def chinese_in(texts: Iterable[str], data: Iterable[str] = ()) -> list[str]:
    """Texts that still hold Chinese once the terms in brackets and ``data`` are taken out."""
    left = []
    for text in texts:
        rest = text or ""
        for piece in sorted(filter(None, data), key=len, reverse=True):
            rest = rest.replace(piece, "")
        if CHINESE.search(BESIDE.sub("", rest)):
            left.append(text)
    return left


@pytest.fixture
def glance(repository: Path) -> Callable[[str, QWidget], None]:
    """Pictures for looking at; the manual shows the Chinese ones."""
    folder = repository / ".build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)

    def take(name: str, widget: QWidget) -> None:
        wait(0.2)
        assert widget.grab().save(str(folder / (name + ".png")))

    return take


@pytest.fixture
def english(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The workbench as a reader of English gets it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weipian_plugin.") and hasattr(module, "language") and callable(module.language):
            monkeypatch.setattr(module, "language", lambda: "en")
    settings.change(workspace="", person="Zhang San")
    plugin = WeipianPlugin(iface)
    plugin.initGui()
    try:
        bench = plugin.workbench
        bench.open_workspace(workspace)
        until(lambda: bench.parts.session.details, what="the card is read")
        yield bench
    finally:
        plugin.unload()
        QgsProject.instance().clear()
        iface.messageBar().clearWidgets()
        settings.change(person="")
        wait(0.1)


def official(bench: Any) -> list[str]:
    """Sub-types of the profile, and what the parcel is called by those who delivered it."""
    details = bench.parts.session.details
    form = bench.dock.form
    found = [subtype.name for category in form._profile.categories for subtype in category.subtypes]
    found += [profile_named(name).title for name in profile_names()] + ["Weipian 卫片"]
    return found + [
        str(getattr(details.parcel, name) or "") for name in ("county", "township", "village", "type", "level")
    ]


@pytest.mark.parametrize("number", ["500118SJBG23210008", ""])
def test_the_workbench_speaks_english(english: Any, glance: Any, number: str) -> None:
    bench = english
    session = bench.parts.session
    session.select(number or next(row.number for row in session.rows.values() if row.parts))
    wait(0.8)
    glance("workbench_english", iface.mainWindow())
    texts = [action.text() for action in bench.menu.actions()] + [action.toolTip() for action in bench.menu.actions()]
    texts += [entry.text() for entry in bench.dock.form.more.values()]
    texts += [bench.dock.model.headerData(column, Qt.Orientation.Horizontal) for column in range(8)]
    model = bench.dock.model
    texts += [model.data(model.index(row, column)) for row in range(model.rowCount()) for column in (3, 4, 5, 6)]
    title = bench.dock.windowTitle()
    assert not CHINESE.search(title.split(" · ")[0])
    places = {value for row in session.rows.values() for value in (row.township, row.village, row.type)}
    allowed = [*official(bench), *places, title]
    left = chinese_in([*texts, *texts_of(bench.dock)], allowed)
    assert not left, "\n".join(sorted(set(left)))
    row = session.details.proposal()
    card = bench.dock.card.text.toPlainText()
    heading = card.split("What would change")[0].split("Overlay")[0]
    assert row.rule not in card, "a clause in words; its id is in the tooltip"
    assert row.facts["rule"]["title"] not in card and (row.subtype or "—") not in heading
    overview = bench.parts.overview
    overview.show()
    wait(0.3)
    glance("overview_english", overview)
    shown = [segment.title for chart in overview.charts.values() for segment in chart._rows]
    assert chinese_in([*shown, *texts_of(overview)], allowed) == []
    overview.hide()


def test_the_dialogs_speak_english(english: Any, glance: Any) -> None:
    from weipian_plugin.algorithms.asking import ASKED
    from weipian_plugin.gui.day_dialog import DayDialog
    from weipian_plugin.gui.details_dialog import DetailsDialog
    from weipian_plugin.gui.help import About
    from weipian_plugin.gui.options import OptionsPage
    from weipian_plugin.gui.parameter_widgets import FIELDS

    units = ASKED["UNIT"].choices
    bench = english
    parts, form = bench.parts, bench.dock.form
    left: dict[str, list[str]] = {}

    def look(name: str, window: Any) -> None:
        assert window is not None
        window.show()
        glance(name + "_english", window)
        left[name] = chinese_in(texts_of(window), official(bench))
        window.close()
        wait(0.1)

    parts.session.select(
        next(row.number for row in parts.session.rows.values() if row.proposal == "合法" and not row.parts)
    )
    parts.show_documents()
    look("documents", parts.documents)
    parts.show_rectification()
    look("rectification", parts.rectification)
    bench.dock.table.selectAll()
    parts.show_merge()
    look("merge", parts.merging)
    parts.show_archive()
    look("archive", parts.archive)
    parts.show_returned()
    parts.returned.start()
    look("returned", parts.returned)
    form.submit()
    assert bench.notifier.last[0] == "success"
    left["message"] = chinese_in([bench.notifier.last[1]])
    left["state"] = chinese_in([form.state_label.text()])
    for name in ("file", "send_back", "rejudge", "split"):
        form.ask(name)
        look(name, form.dialog)
    parts.row_menu.decide_many()
    look("many", parts.row_menu.many)
    parts.show_loose()
    parts.loose.message.clear()  # what the photo step wrote is data
    look("loose", parts.loose)
    look("day", DayDialog("Postpone", "Day", 7, iface.mainWindow()))
    look("details", DetailsDialog("Details", ["line"], iface.mainWindow()))
    for ask, kind in FIELDS.items():
        look(ask, kind(units if ask == "choice" else ()))
    page = OptionsPage()
    page.resize(620, 420)
    look("options", page)
    about = About(iface.mainWindow())
    look("about", about)
    assert not any(left.values()), "\n".join(f"{name}: {text}" for name, texts in left.items() for text in texts)


def test_the_assistant_speaks_english(english: Any, county: dict[str, Path], tmp_path: Path, glance: Any) -> None:
    parts = english.parts
    parts.import_delivery(str(county["delivery"]))
    wizard = parts.assistant
    wizard.delivery_page.photos.setFilePath("")
    wizard.delivery_page.target.setFilePath(str(tmp_path / "results"))
    left: dict[int, list[str]] = {}

    def look(number: int) -> None:
        page = wizard.currentPage()
        said = [page.title(), page.subTitle(), *texts_of(wizard)]
        glance(f"assistant_{number}_english", wizard)
        left[number] = chinese_in(said, official(english))

    until(wizard.isVisible)
    look(1)
    press_next(wizard)
    until(wizard.preview_page.isComplete, 30, "the delivery is read")
    look(2)
    press_next(wizard)
    table = wizard.layers_page.table
    cells = [table.item(row, 0) or table.cellWidget(row, 0) for row in range(table.rowCount())]
    roles = [cell.currentText() if hasattr(cell, "currentText") else cell.text() for cell in cells]
    look(3)
    wizard.layers_page.catalogue.setFilePath("")
    press_next(wizard)
    until(wizard.run_page.isComplete, 90, "the delivery is taken in")
    look(4)
    left[5] = chinese_in(wizard.run_page.log.toPlainText().splitlines())
    left[6] = chinese_in(roles)
    wizard.button(QWizard.WizardButton.CancelButton).click()
    assert not any(left.values()), "\n".join(f"{name}: {text}" for name, texts in left.items() for text in texts)
