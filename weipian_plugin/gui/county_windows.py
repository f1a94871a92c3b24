"""The windows in which a county sets up its own: layers, rules, forms. One of each, made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from ..toolbelt.compat import is_deleted
from ..toolbelt.language import tr
from .background import Runner
from .catalogue_window import CatalogueWindow
from .session import Session


class CountyWindows:
    """``parent``: QGIS's main window."""

    def __init__(self, session: Session, runner: Runner, parent: Any) -> None:
        self._session, self._runner, self._parent = session, runner, parent
        self.catalogue: Optional[CatalogueWindow] = None

    def add_actions(self, add: Callable[..., Any]) -> None:
        """The entries of the menu."""
        add("catalogue", tr("图层清单…"), lambda: self.show_catalogue(), separator=True)

    def show_catalogue(self) -> None:
        if self.catalogue is None or is_deleted(self.catalogue):
            self.catalogue = CatalogueWindow(self._session, self._runner, self._parent)
        _front(self.catalogue)

    def close(self) -> None:
        """When the plugin is taken out: nothing is asked any more."""
        if self.catalogue is not None and not is_deleted(self.catalogue):
            self.catalogue.give_up()
            self.catalogue.deleteLater()


def _front(window: Any) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
