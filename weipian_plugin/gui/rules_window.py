"""The rules of the county: categories, thresholds, evidence, deadlines and error rates with source and confidence.

Thresholds can be changed with reason and source; before they are saved, the window shows which parcels of the open workspace would be
proposed otherwise. Everything else is shown as it stands and edited as text, for a reason: it decides what 合法 means.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..judgment import profile_names
from ..judgment.profile import SOURCE_CONFIDENCE, Profile, Threshold
from ..judgment.sources import explained
from ..model.errors import WeipianError, text_of
from ..model.paths import use_county
from ..oversight.data import load as load_oversight
from ..oversight.data import review
from ..oversight.entries import CalendarFile, ErrorRatesFile, LevelRule, Rhythm
from ..pipeline import county, county_rules
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import language, tr
from .background import Runner, TaskFeedback
from .session import Session

CONFIDENCE = {"official": "官方", "reported": "转述", "practice": "实践", "assumed": "自定"}
UNITS = {"mu": "亩", "m2": "平方米", "m": "米", "percent": "%", "count": "个", "days": "天", "date": "日期"}
_CHANGED = QColor("#b45f06")


def county_folder() -> Path:
    """The folder 「本县设置」 that was chosen, else one in the profile of this machine."""
    chosen = settings.read().county
    return Path(chosen) if chosen else Path(QgsApplication.qgisSettingsDirPath()) / "weipian" / "本县设置"


class RulesWindow(QDialog):
    """``saved``: rules of the county were written; proposals have to be made again."""

    saved = pyqtSignal()

    def __init__(self, session: Session, runner: Runner, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("判定规则与本县设置"))
        self.resize(1120, 640)
        self.session, self._runner = session, runner
        self.text = ""
        self.profile: Optional[Profile] = None
        self.choice = QComboBox()
        for name in profile_names():
            self.choice.addItem(name, name)
        self.place, self.message = QLabel(), QLabel()
        for label in (self.place, self.message):
            label.setWordWrap(True)
        self.folder_button, self.export_button, self.import_button, self.close_button = (
            QPushButton(tr("更改文件夹…")), QPushButton(tr("导出 zip…")), QPushButton(tr("导入 zip…")), QPushButton(tr("关闭")),
        )  # fmt: skip
        self.tabs = QTabWidget()
        self.thresholds = table_of(
            [tr("阈值"), tr("值"), tr("单位"), tr("来源"), tr("可信度"), tr("随插件的值")], (250, 90, 60, 400, 70)
        )
        self.tabs.addTab(self._threshold_page(), tr("阈值"))
        self.categories = table_of(
            [tr("类别"), tr("分类"), tr("证明材料"), tr("来源"), tr("可信度")], (120, 240, 320, 260)
        )
        self.evidence = table_of([tr("证明材料"), tr("来源")], (420,))
        self.deadlines = table_of([tr("级别"), tr("规则"), tr("来源"), tr("可信度")], (80, 330, 480))
        self.rates = table_of([tr("指标"), tr("检查的"), tr("算错的"), tr("来源"), tr("可信度")], (140, 240, 240, 320))
        self.files = table_of([tr("本县设置中的文件"), tr("状态")], (360,))
        for page, title in (
            (self.categories, tr("类别")), (self.evidence, tr("证明材料")), (self.deadlines, tr("期限")), (self.rates, tr("差错率")),
            (self.files, tr("本县文件")),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        self._lay_out()
        self.choice.setCurrentIndex(max(self.choice.findData(settings.read().profile), 0))
        self.choice.activated.connect(lambda row: self.load())
        self.folder_button.clicked.connect(self._ask_folder)
        self.export_button.clicked.connect(self._ask_export)
        self.import_button.clicked.connect(self._ask_import)
        self.close_button.clicked.connect(self.reject)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.load()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("规则方案")))
        top.addWidget(self.choice)
        top.addWidget(self.place, 1)
        for button in (self.folder_button, self.import_button, self.export_button):
            top.addWidget(button)
        bottom = QHBoxLayout()
        bottom.addWidget(self.message, 1)
        bottom.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(bottom)

    def _threshold_page(self) -> QWidget:
        page = QWidget()
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        self.value, self.reason, self.source = QLineEdit(), QLineEdit(), QLineEdit()
        self.reason.setPlaceholderText(tr("为什么改"))
        self.source.setPlaceholderText(tr("文件、会议纪要或实测"))
        self.confidence = QComboBox()
        for name in SOURCE_CONFIDENCE:
            self.confidence.addItem(tr(CONFIDENCE[name]), name)
        self.confidence.setCurrentIndex(self.confidence.findData("assumed"))
        self.try_button, self.save_button, self.undo_button = (
            QPushButton(tr("试算影响")), QPushButton(tr("保存为本县规则")), QPushButton(tr("恢复随插件的值")),
        )  # fmt: skip
        self.impact = table_of([tr("图斑"), tr("现在的建议"), tr("改后的建议")], (210, 240))
        self.impact.setMinimumHeight(70)
        form = QFormLayout()
        for title, widget in (
            (tr("新值"), self.value),
            (tr("理由"), self.reason),
            (tr("来源"), self.source),
            (tr("可信度"), self.confidence),
        ):
            form.addRow(title, widget)
        buttons = QHBoxLayout()
        for button in (self.try_button, self.save_button, self.undo_button):
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.addWidget(self.heading)
        left.addLayout(form)
        left.addLayout(buttons)
        left.addStretch(1)
        lower = QHBoxLayout()
        lower.addLayout(left, 1)
        lower.addWidget(self.impact, 1)
        layout = QVBoxLayout(page)
        layout.addWidget(self.thresholds, 3)
        layout.addLayout(lower, 2)
        self.thresholds.itemSelectionChanged.connect(self._show_threshold)
        self.try_button.clicked.connect(self.try_change)
        self.save_button.clicked.connect(self.save_change)
        self.undo_button.clicked.connect(self.undo_change)
        return page

    # ---- reading ----

    @property
    def name(self) -> str:
        return str(self.choice.currentData())

    def load(self) -> None:
        """Show the chosen profile as the county has it."""
        folder = county_folder()
        self.place.setText(tr("本县设置：{}").format(folder))
        try:
            self.text = county_rules.text_of(folder, self.name)
            self.profile = county_rules.profile_from(self.text, county_rules.own_path(folder, self.name))
            self.message.setText("")
        except WeipianError as error:
            self.text = county_rules.shipped_text(self.name)
            self.profile = county_rules.profile_from(self.text, Path(self.name + ".yaml"))
            self._say(error.text(language()), bad=True)
        self._fill_thresholds()
        self._fill_rest()

    def _fill_thresholds(self) -> None:
        changed = {one.name: one.before for one in county_rules.changed_thresholds(self.text, self.name)}
        selected = max(self.thresholds.currentRow(), 0)
        rows, marks = [], []
        for name, one in self.profile.thresholds.items():
            before = changed.get(name)
            rows.append(
                (one.title, str(one.value), tr(UNITS.get(one.unit, one.unit)), one.source, tr(CONFIDENCE[one.confidence]),
                 str(before.value) if before is not None else "")
            )  # fmt: skip
            marks.append(before is not None)
        fill(self.thresholds, rows, marks)
        self.thresholds.selectRow(selected)
        self._show_threshold()

    def _fill_rest(self) -> None:
        profile = self.profile
        titles = {name: one.title for name, one in profile.evidence.items()}
        rows = []
        for category in profile.categories:
            rows.append((category.name, "", _named(category.evidence, titles), "", ""))
            rows.extend(
                (
                    "",
                    one.name,
                    _named(one.evidence, titles),
                    one.source,
                    tr(CONFIDENCE.get(one.confidence, one.confidence)),
                )
                for one in category.subtypes
            )
        fill(self.categories, rows)
        fill(self.evidence, [(one.title, one.source) for one in profile.evidence.values()])
        levels = load_oversight("calendar", CalendarFile).levels
        fill(self.deadlines, [(level, _rule(one), one.source, _sure(one.confidence)) for level, one in levels.items()])
        rates = load_oversight("error_rates", ErrorRatesFile)
        names = {name: one.title for name, one in review().sets.items()}
        names.update({name: one.title for name, one in rates.conditions.items()})
        rows = [
            (one.title, _words(one.checked, names), _words(one.wrong, names), rates.source, _sure(one.confidence))
            for one in rates.rates
        ]
        fill(self.rates, rows)
        result = county.county_files(county_folder())
        fill(self.files, [(one.name, self._state(one)) for one in result], [one.problem is not None for one in result])

    @staticmethod
    def _state(one: county.CountyFile) -> str:
        if one.problem is not None:
            return WeipianError(one.problem.code, **one.problem.details).text(language())
        return tr("与随插件的相同") if one.same else tr("代替随插件的文件") if one.shipped else tr("本县自有")

    # ---- changing a threshold ----

    def _current(self) -> Optional[Threshold]:
        names = list(self.profile.thresholds) if self.profile is not None else []
        row = self.thresholds.currentRow()
        return self.profile.thresholds[names[row]] if 0 <= row < len(names) else None

    def _show_threshold(self) -> None:
        one = self._current()
        if one is None:
            return
        self.heading.setText("<b>" + tr("修改：{}（{}）").format(one.title, tr(UNITS.get(one.unit, one.unit))) + "</b>")
        self.value.setText(str(one.value))
        self.reason.clear()
        self.source.clear()
        self.impact.setRowCount(0)
        self.undo_button.setEnabled(bool(self.thresholds.item(self.thresholds.currentRow(), 5).text()))
        self.try_button.setEnabled(self.session.path is not None)

    def _changed_text(self, asked: bool) -> Optional[str]:
        """The text with what is typed; ``asked``: reason and source must be there. None after saying what is wrong."""
        one = self._current()
        if one is None:
            return None
        stand_in = "" if asked else "—"
        try:
            change = county_rules.Change(
                one.name, county_rules.value_of(self.value.text(), one), self.reason.text().strip() or stand_in,
                self.source.text().strip() or stand_in, str(self.confidence.currentData()), settings.read().signer, date.today(),
            )  # fmt: skip
            text = county_rules.with_change(self.text, change)
            county_rules.profile_from(text, county_rules.own_path(county_folder(), self.name))
        except WeipianError as error:
            self._say(error.text(language()), bad=True)
            return None
        return text

    def try_change(self) -> None:
        """Which parcels of the open workspace would be proposed otherwise."""
        before, workspace, text = self.profile, self.session.place, self._changed_text(asked=False)
        if before is None or workspace is None or text is None:
            return
        after = county_rules.profile_from(text, Path(self.name + ".yaml"))
        self.try_button.setEnabled(False)
        self._say(tr("正在试算…"))

        def done(found: Any, problem: Optional[Exception]) -> None:
            if is_deleted(self):
                return
            self.try_button.setEnabled(True)
            if problem is not None:
                self._say(text_of(problem, language()), bad=True)
                return
            fill(self.impact, county_rules.summary(found))
            self._say(
                tr("改后有 {} 个图斑（地块）的建议不同。").format(len(found)) if found else tr("改后所有建议不变。")
            )

        self._runner.function(lambda task: county_rules.trial(workspace, before, after, TaskFeedback(task)), done)

    def save_change(self) -> None:
        """Write the changed value into the county's own rules."""
        text = self._changed_text(asked=True)
        if text is not None:
            self._write(text, tr("已保存到本县规则；重新运行判定建议后生效。"))

    def undo_change(self) -> None:
        """Take the county's value out, so that the shipped one counts."""
        one = self._current()
        if one is not None:
            self._write(county_rules.without_change(self.text, one.name, self.name), tr("已恢复随插件的值。"))

    def _write(self, text: str, message: str) -> None:
        folder = county_folder()
        try:
            county_rules.save(folder, self.name, text)
        except WeipianError as error:
            self._say(error.text(language()), bad=True)
            return
        self._use(folder)
        self.load()
        self._say(message)
        self.saved.emit()

    # ---- the folder ----

    def _use(self, folder: Path) -> None:
        """From now on the window and every run take the settings of this folder."""
        settings.change(county=str(folder))
        use_county(folder)

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("本县设置文件夹"), str(county_folder()))
        if name:
            self._use(Path(name))
            self.load()

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("导出本县设置"), "本县设置.zip", "zip (*.zip)")
        if name:
            with self._reported():
                files = county.export_county(county_folder(), Path(name))
                self._say(tr("已导出 {} 个文件：{}").format(len(files), name))

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("导入本县设置"), "", "zip (*.zip)")
        if name:
            with self._reported():
                files = county.import_county(Path(name), county_folder())
                self._use(county_folder())
                self.load()
                self._say(tr("已导入 {} 个文件。").format(len(files)))
                self.saved.emit()

    @contextlib.contextmanager
    def _reported(self) -> Any:
        try:
            yield
        except WeipianError as error:
            self._say(error.text(language()), bad=True)

    def _say(self, text: str, bad: bool = False) -> None:
        self.message.setText(text)
        self.message.setStyleSheet("color:#c62828" if bad else "")


def _named(names: Sequence[str], titles: dict[str, str]) -> str:
    return "；".join(titles.get(name, name) for name in names)


def _words(keys: Sequence[str], names: dict[str, str]) -> str:
    return "、".join(names.get(key, key) for key in keys)


def _sure(confidence: str) -> str:
    return tr(CONFIDENCE[confidence]) if confidence in CONFIDENCE else confidence


def _rule(one: LevelRule) -> str:
    kind = tr("月清") if one.rule is Rhythm.MONTHLY else tr("季清")
    cutoff = tr("，截至 {} 日下发").format(one.cutoff_day) if one.cutoff_day else ""
    return kind + cutoff + tr("，{} 个月后的 {} 日前").format(one.months_after, one.due_day)


def table_of(titles: Sequence[str], widths: Sequence[int]) -> QTableWidget:
    """A table to look at, its last column as wide as there is room."""
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    for column, width in enumerate(widths):
        table.horizontalHeader().resizeSection(column, width)
    table.horizontalHeader().setStretchLastSection(True)
    return table


def fill(table: QTableWidget, rows: Sequence[Sequence[str]], marks: Sequence[bool] = ()) -> None:
    """Rows of text; marked rows stand out."""
    table.blockSignals(True)
    table.setRowCount(len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            item = QTableWidgetItem(str(text))
            item.setToolTip(explained(str(text), language()))
            if marks and marks[number]:
                item.setForeground(_CHANGED)
            table.setItem(number, column, item)
    table.blockSignals(False)
