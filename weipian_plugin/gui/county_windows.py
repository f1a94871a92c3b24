"""The windows in which a county sets up its own: layers, rules, forms. One of each, made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from ..model.paths import use_county
from ..toolbelt import settings
from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from .background import Runner
from .catalogue_window import CatalogueWindow
from .rules_window import RulesWindow
from .session import Session
from .templates_window import TemplatesWindow


class CountyWindows:
    """``parent``: QGIS's main window."""

    def __init__(self, session: Session, runner: Runner, parent: object) -> None:
        self._session, self._runner, self._parent = session, runner, parent
        self.catalogue: Optional[CatalogueWindow] = None
        self.rules: Optional[RulesWindow] = None
        self.templates: Optional[TemplatesWindow] = None
        known = settings.read().county
        use_county(Path(known) if known and Path(known).is_dir() else None)

    def add_actions(self, add: Callable[..., object]) -> None:
        """The entries of the menu."""
        add("catalogue", tr("图层清单…"), lambda: self.show_catalogue(), separator=True)
        add("rules", tr("判定规则与本县设置…"), lambda: self.show_rules())
        add("templates", tr("表样…"), lambda: self.show_templates())

    def show_catalogue(self) -> None:
        """Bring 图层清单 to the front; made at the first time."""
        if self.catalogue is None or is_deleted(self.catalogue):
            self.catalogue = CatalogueWindow(self._session, self._runner, self._parent)
        _front(self.catalogue)

    def show_rules(self) -> None:
        """Bring the rules window to the front; made at the first time."""
        if self.rules is None or is_deleted(self.rules):
            self.rules = RulesWindow(self._session, self._runner, self._parent)
        _front(self.rules)

    def show_templates(self) -> None:
        """Bring the office's forms to the front, read anew."""
        if self.templates is None or is_deleted(self.templates):
            self.templates = TemplatesWindow(self._session, self._runner, self._parent)
        else:
            self.templates.load()
        _front(self.templates)

    def close(self) -> None:
        """When the plugin is taken out: nothing is asked any more."""
        use_county(None)
        for window in (self.rules, self.templates):
            if window is not None and not is_deleted(window):
                window.close()
                window.deleteLater()
        if self.catalogue is not None and not is_deleted(self.catalogue):
            self.catalogue.give_up()
            self.catalogue.deleteLater()


def _front(window: Any) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
