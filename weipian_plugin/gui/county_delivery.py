"""The assistant's second page: the delivery as it is read, and what a person corrects of it, seen at once.

Per file: encoding, system, unit, kind and the meaning of columns (字段对照). A mapping that is kept is offered for the next delivery
with the same columns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from .. import intake
from ..intake.corrections import save_schema, saved_schemas, schema_for
from ..intake.preview import TablePreview
from ..intake.settings import FileChoice
from ..model.errors import WeipianError, text_of
from ..model.messages import render
from ..pipeline.import_delivery import reused_numbers
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import FunctionTask, Runner, TaskFeedback
from .delivery_fields import FIELD_TITLES, DeliveryFields
from .reused_numbers import ReusedNumbers

_MOST = 200
_UNIT_TITLES = {"mu": "亩", "m2": "平方米", "ha": "公顷", "unknown": "不明"}
_KIND_TITLES = {"land": "土地", "mining": "矿产"}
_ENCODINGS = ("GBK", "GB18030", "UTF-8", "Big5")
NAME, COUNT, ACCEPTED, ENCODING, SYSTEM, UNIT, KIND = range(7)
FOLDER = "字段对照"


@dataclass(frozen=True)
class Reading:
    """What became of a delivery: its tables, and the parcels or why there are none."""

    tables: Sequence[TablePreview]
    found: Optional[intake.Intake]
    problem: Optional[Exception]
    taken_over: tuple[str, ...] = ()  # titles of kept mappings that were used
    choices: Mapping[str, FileChoice] = field(default_factory=dict)  # with the kept mappings
    reused: tuple[str, ...] = ()  # numbers that stand in the working area for other land


def schema_folders() -> list[Path]:
    """Where mappings are kept: the county's own folder first, else the profile of this machine."""
    county = settings.read().county
    own = [Path(county) / FOLDER] if county else []
    return [*own, Path(QgsApplication.qgisSettingsDirPath()) / "weipian" / FOLDER]


class PreviewPage(QWizardPage):
    """``choices``: what a person corrected, by file; empty while everything is as it was found."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setTitle(tr("核对"))
        self.setSubTitle(tr("文字正常、坐标系和单位正确、字段对得上，再继续；不对的地方在这里改，改后立即重新读取。"))
        self._runner, self._read_for = runner, ""
        self._workspace = Path()  # what the numbers were held against
        self._task: Optional[FunctionTask] = None
        self.found: Optional[intake.Intake] = None
        self.choices: dict[str, FileChoice] = {}
        self._rejected: set[str] = set()  # files for which a kept mapping was declined
        self.tables: list[TablePreview] = []
        self.busy = QProgressBar()
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.table = _table()
        self.fields = DeliveryFields()
        self.reused = ReusedNumbers()
        self.text = QTextBrowser()
        self.keep_button, self.reset_button = QPushButton(tr("保存为字段对照…")), QPushButton(tr("恢复自动识别"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        mapping = QWidget()
        inside = QVBoxLayout(mapping)
        inside.addWidget(self.fields, 1)
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.reset_button)
        row.addWidget(self.keep_button)
        inside.addLayout(row)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.text, tr("读取结果"))
        self.tabs.addTab(mapping, tr("字段对照"))
        layout = QVBoxLayout(self)
        for widget in (self.busy, self.summary, self.table):
            layout.addWidget(widget)
        layout.addWidget(self.reused)
        layout.addWidget(self.tabs, 1)
        self.reused.changed.connect(self.completeChanged)
        self.table.itemSelectionChanged.connect(self._show_fields)
        self.fields.mapped.connect(self._mapped)
        self.keep_button.clicked.connect(self._ask_title)
        self.reset_button.clicked.connect(self._reset)

    # ---- reading ----

    def initializePage(self) -> None:
        delivery = self.wizard().delivery_page.delivery.text().strip()
        same = delivery == self._read_for and self.wizard().workspace == self._workspace
        if same and self.found is not None:
            return
        if delivery != self._read_for:
            self.choices, self._rejected = {}, set()
        self._start(delivery)

    def _start(self, delivery: str) -> None:
        self.stop()
        self._read_for, self._workspace, self.found = delivery, self.wizard().workspace, None
        self.summary.setText(tr("正在读取…"))
        self.busy.setRange(0, 0)
        self.busy.show()
        choices, kept = dict(self.choices), set(self._rejected)
        schemas, workspace = saved_schemas(schema_folders()), self._workspace

        def work(task: Any) -> Reading:
            reading = _reading(Path(delivery), dict(choices), schemas, kept, TaskFeedback(task))
            return _held_against(reading, workspace)

        def done(reading: Any, problem: Optional[Exception]) -> None:
            now = self._read_for, self._workspace, self.choices
            if is_deleted(self) or (delivery, workspace, choices) != now:
                return
            self._show(reading if problem is None else Reading((), None, problem, choices=choices))

        self._task = self._runner.function(work, done)

    def stop(self) -> None:
        if self._task is not None:
            self._read_for = ""
            with contextlib.suppress(RuntimeError):  # it has ended, and Qt has deleted it
                self._task.cancel()
            self._task = None

    def isComplete(self) -> bool:
        return self.found is not None and len(self.found.parcels) > 0 and self.reused.answered

    # ---- showing ----

    def _show(self, reading: Reading) -> None:
        self.busy.hide()
        self.found, self.tables = reading.found, list(reading.tables)
        self.choices = dict(reading.choices)
        self.note.setText(
            tr("已采用保存的字段对照：{}").format("、".join(reading.taken_over)) if reading.taken_over else ""
        )
        self._fill()
        self.reused.ask(reading.reused)
        if reading.found is not None:
            text = tr("接收 {} 个图斑，未接收 {} 个。").format(len(reading.found.parcels), len(reading.found.rejected))
            self.summary.setText("<b>" + escape(text) + "</b>")
            self.text.setHtml(_html(reading.found))
        else:
            problem = reading.problem
            message = text_of(problem, language()) if problem is not None else ""
            self.summary.setText('<b style="color:#c62828">' + escape(message) + "</b>")
            self.text.clear()
            if isinstance(problem, WeipianError) and problem.code.startswith("intake.field") and self.tables:
                self.tabs.setCurrentIndex(1)  # where it can be put right
        self.completeChanged.emit()

    def _fill(self) -> None:
        facts = {one.name: one for one in self.found.files} if self.found is not None else {}
        current = max(self.table.currentRow(), 0)
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.tables))
        for row, table in enumerate(self.tables):
            known = facts.get(table.name)
            system = known.crs if known else table.crs.name if table.crs is not None else ""
            unit, kind = (known.unit, known.kind) if known else ("", "")
            accepted = str(known.accepted) if known else "0"
            for column, text in ((NAME, table.name), (COUNT, str(table.count)), (ACCEPTED, accepted)):
                self.table.setItem(row, column, QTableWidgetItem(text))
                self.table.item(row, column).setToolTip(text)
            chosen = self.choices.get(table.name, FileChoice())
            systems = list(dict.fromkeys([*(one.crs for one in table.crs_candidates), "EPSG:4490"]))
            boxes = (
                (ENCODING, "encoding", table.encoding, [(name, name) for name in _ENCODINGS], chosen.encoding),
                (SYSTEM, "crs", system, [(name, name) for name in systems], chosen.crs),
                (UNIT, "unit", _title(_UNIT_TITLES, unit), _titled(_UNIT_TITLES, ("mu", "m2", "ha")), chosen.unit),
                (KIND, "kind", _title(_KIND_TITLES, kind), _titled(_KIND_TITLES, ("land", "mining")), chosen.kind),
            )
            for column, name, result, offered, value in boxes:
                self.table.setItem(row, column, QTableWidgetItem(result))
                self.table.setCellWidget(row, column, self._box(table.name, name, result, offered, value))
        self.table.blockSignals(False)
        if self.tables:
            self.table.selectRow(min(current, len(self.tables) - 1))
        self._show_fields()

    def _box(
        self, file: str, name: str, found: str, offered: Sequence[tuple[str, str]], value: Optional[str]
    ) -> QComboBox:
        """What was found by itself first, then what a person may say instead."""
        box = QComboBox()
        box.addItem(tr("自动") if value or not found else found, "")
        for title, code in offered:
            box.addItem(title, code)
        if name == "crs":
            box.setEditable(True)
            box.lineEdit().setCursorPosition(0)
        if value:
            if box.findData(value) < 0:
                box.addItem(value, value)
            box.setCurrentIndex(box.findData(value))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda index, box=box: self._correct(file, name, _value(box, index)))
        return box

    def _show_fields(self) -> None:
        row = self.table.currentRow()
        table = self.tables[row] if 0 <= row < len(self.tables) else None
        chosen = self.choices.get(table.name, FileChoice()) if table is not None else FileChoice()
        self.fields.show_table(table, chosen.fields)
        self.keep_button.setEnabled(bool(table is not None and chosen.fields))
        self.reset_button.setEnabled(chosen != FileChoice())

    # ---- correcting ----

    def _correct(self, file: str, name: str, value: str) -> None:
        changed: dict[str, Any] = {name: value or None}
        choice = replace(self.choices.get(file, FileChoice()), **changed)
        self._choose(file, choice)

    def _mapped(self, key: str, column: str) -> None:
        table = self.tables[self.table.currentRow()]
        choice = self.choices.get(table.name, FileChoice())
        fields = {name: value for name, value in choice.fields.items() if name != key}
        if column:
            fields[key] = column
        self._choose(table.name, replace(choice, fields=fields))

    def _choose(self, file: str, choice: FileChoice) -> None:
        self.choices = {name: one for name, one in {**self.choices, file: choice}.items() if one != FileChoice()}
        self._start(self.wizard().delivery_page.delivery.text().strip())

    def _reset(self) -> None:
        table = self.tables[self.table.currentRow()]
        self._rejected.add(table.name)
        self._choose(table.name, FileChoice())

    def _ask_title(self) -> None:
        start = Path(self._read_for).stem
        title, ok = QInputDialog.getText(
            self, tr("保存为字段对照"), tr("名称（下次遇到相同字段的数据会自动采用）"), text=start
        )
        if ok and title.strip():
            self.keep(title.strip())

    def keep(self, title: str) -> None:
        """Keep the mapping of the selected file for tables with the same columns."""
        table = self.tables[self.table.currentRow()]
        choice = replace(self.choices.get(table.name, FileChoice()), crs=None, encoding=None)
        try:
            path = save_schema(schema_folders()[0], title, tuple(table.rows.columns), choice)
        except WeipianError as error:
            self.note.setText(error.text(language()))
            return
        self.note.setText(tr("已保存字段对照：{}").format(path))


def _reading(
    delivery: Path, choices: dict[str, FileChoice], schemas: Sequence[Any], rejected: set[str], feedback: Any
) -> Reading:
    """Tables and parcels with what was corrected; kept mappings are used for files that nobody understood."""
    tables = intake.preview_delivery(delivery, intake.IntakeOptions(files=choices))
    taken_over = []
    for table in tables:
        kept = schema_for(tuple(table.rows.columns), schemas)
        if (
            kept is not None
            and table.name not in choices
            and table.name not in rejected
            and not table.mapping.recognised
        ):
            choices[table.name] = kept.choice
            taken_over.append(kept.title)
    options = intake.IntakeOptions(files=choices)
    if taken_over:
        tables = intake.preview_delivery(delivery, options)
    try:
        return Reading(tables, intake.read_delivery(delivery, options, feedback), None, tuple(taken_over), choices)
    except WeipianError as error:
        return Reading(tables, None, error, tuple(taken_over), choices)


def _held_against(reading: Reading, workspace: Path) -> Reading:
    """With the numbers that stand in the working area for other land; a working area that cannot be read is reported by the run."""
    if reading.found is None:
        return reading
    try:
        return replace(reading, reused=reused_numbers(reading.found, workspace))
    except WeipianError:
        return reading


def _value(box: QComboBox, index: int) -> str:
    data = box.itemData(index)
    return str(data) if data is not None else box.itemText(index).strip()


def _title(titles: dict[str, str], code: object) -> str:
    return "＋".join(tr(titles.get(part, part)) for part in str(code or "").split("+") if part)


def _titled(titles: dict[str, str], codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(tr(titles[code]), code) for code in codes]


def _table() -> QTableWidget:
    table = QTableWidget(0, 7)
    table.setHorizontalHeaderLabels(
        [tr("数据"), tr("要素"), tr("接收"), tr("编码"), tr("坐标系"), tr("单位"), tr("类别")]
    )
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().hide()
    table.setMaximumHeight(150)
    for column, width in ((NAME, 290), (COUNT, 60), (ACCEPTED, 60), (ENCODING, 110), (SYSTEM, 140), (UNIT, 90)):
        table.horizontalHeader().resizeSection(column, width)
    table.horizontalHeader().setStretchLastSection(True)
    return table


def _html(found: intake.Intake) -> str:
    """Fields, first rows, remarks and what was refused."""
    parts: list[str] = []
    for facts in found.files:
        pairs = "，".join(
            escape(tr(FIELD_TITLES.get(ours, str(ours))) + " ← " + str(theirs))
            for ours, theirs in facts.columns.items()
        )
        parts.append("<p><b>" + escape(Path(facts.name).name) + "</b><br>" + escape(tr("字段：")) + pairs)
        if facts.unused:
            parts.append("<br>" + escape(tr("未用字段：")) + escape("、".join(map(str, facts.unused))))
        parts.append("</p>")
    parts.append(_rows(found))
    notes = [escape(render(note, language())) for note in found.notes]
    parts.append("<ul>" + "".join("<li>" + note + "</li>" for note in notes) + "</ul>" if notes else "")
    if found.rejected:
        parts.append("<p><b>" + escape(tr("未接收")) + "</b></p><ul>")
        for rejection in found.rejected[:_MOST]:
            parts.append("<li>" + escape(rejection.feature + "　" + render(rejection.reason, language())) + "</li>")
        parts.append("</ul>")
    return "".join(parts)


def _rows(found: intake.Intake) -> str:
    """The first rows as they will be stored: garbled text is seen at once."""
    columns = {
        "number": tr("编号"), "county": tr("县"), "township": tr("乡镇"), "village": tr("村"), "type": tr("类型"),
        "earlier_image": tr("前时相"), "later_image": tr("后时相"), "delivered_area": tr("监测面积"), "delivered_unit": tr("单位"),
    }  # fmt: skip
    head = "".join("<th align=left>" + escape(name) + "&nbsp;&nbsp;</th>" for name in columns.values())
    rows = []
    for record in found.parcels.head(6).to_dict("records"):
        record["delivered_unit"] = _title(_UNIT_TITLES, record.get("delivered_unit"))
        cells = ("" if record.get(name) is None else str(record.get(name)) for name in columns)
        rows.append("<tr>" + "".join("<td>" + escape(cell) + "&nbsp;&nbsp;</td>" for cell in cells) + "</tr>")
    return "<table><tr>" + head + "</tr>" + "".join(rows) + "</table>"
