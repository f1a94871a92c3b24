"""The assistant's page of layers: the catalogue as a table, and by which rules the parcels are judged."""

from __future__ import annotations

from html import escape
from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWizardPage

from ..judgment import profile_names
from ..judgment.profile_files import profile_named
from ..model.errors import WeipianError, text_of
from ..toolbelt import settings
from ..toolbelt.language import language, tr
from .background import Runner
from .catalogue_editor import CatalogueEditor
from .catalogue_window import FILE_NAME


class LayersPage(QWizardPage):
    """Without a catalogue beside the delivery one is made here; it is saved when the page is left."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setTitle(tr("图层与规则"))
        self.setSubTitle(
            tr("图层清单说明每个图层的用途和来源：添加本县的图层，软件建议用途，由你确认。不用图层时只做图斑入库。")
        )
        self.setCommitPage(True)
        self.catalogue = QgsFileWidget()
        self.catalogue.setFilter(tr("图层清单 (*.yaml *.yml)"))
        self.profile = QComboBox()
        for name in profile_names():
            if name != "mineral-2023":
                self.profile.addItem(profile_named(name).title, name)
        self.packages = QCheckBox(tr("同时导出卷宗和报表"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.editor = CatalogueEditor(runner)
        self.table = self.editor.table
        row = QHBoxLayout()
        row.addWidget(QLabel(tr("图层清单")))
        row.addWidget(self.catalogue, 3)
        row.addWidget(QLabel(tr("判定规则")))
        row.addWidget(self.profile, 2)
        row.addWidget(self.packages)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self.editor, 1)
        self._valid = True
        self.catalogue.fileChanged.connect(self._read)
        self.editor.changed.connect(self.completeChanged)
        self.editor.ready.connect(self.completeChanged)

    def initializePage(self) -> None:
        stored = settings.read()
        self.profile.setCurrentIndex(max(self.profile.findData(stored.profile), 0))
        if not self.catalogue.filePath() and not self.editor.rows:
            near = [folder / FILE_NAME for folder in (self._beside(), self._beside().parent)]
            result = next((path for path in near if path.is_file()), None)
            last = stored.catalogue if Path(stored.catalogue).is_file() else ""
            self.catalogue.setFilePath(str(result) if result else last)
        self.completeChanged.emit()

    def _beside(self) -> Path:
        """The delivery's folder."""
        return Path(self.wizard().delivery_page.delivery.text().strip()).resolve().parent

    def _read(self, *unused: object) -> None:
        name = self.catalogue.filePath().strip()
        self.note.setText("")
        self._valid = True
        path = Path(name)
        if self.editor.dirty and not path.is_file():
            return  # what was added is not given up for a name that is still being typed
        if name and path != self.editor.path:
            try:
                self.editor.open(path)
            except (WeipianError, OSError) as error:
                self._valid = False
                self.note.setText('<b style="color:#c62828">' + escape(text_of(error, language())) + "</b>")
                self.editor.clear()
        elif not name and not self.editor.dirty:
            self.editor.clear()
        self.completeChanged.emit()

    def isComplete(self) -> bool:
        broken = any(
            row.entry.role and row.inspection is not None and row.inspection.problem for row in self.editor.rows
        )
        return self._valid and not self.editor.adding and not broken

    def validatePage(self) -> bool:
        """Save what was changed, so that the run reads what is on the screen."""
        if not self.editor.dirty:
            return True
        chosen = [row for row in self.editor.rows if row.entry.role]
        path = self.editor.path or self._beside() / FILE_NAME
        if not chosen and not path.exists():
            return True
        try:
            self.editor.save(path)
        except WeipianError as error:
            self.note.setText('<b style="color:#c62828">' + escape(error.text(language())) + "</b>")
            return False
        self.catalogue.setFilePath(str(path))
        return True
