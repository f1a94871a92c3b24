"""Tests with QGIS in the process, without a screen (pytest-qgis, offscreen) and never with a person's own profile."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp(prefix="weipian-profile-")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="weipian-runtime-"))

from qgis.PyQt.QtCore import QSettings  # after the environment is set

if not hasattr(QSettings, "IniFormat"):  # a QGIS 3 compiled on Qt 6, which pytest-qgis does not know
    QSettings.IniFormat = QSettings.Format.IniFormat
    QSettings.UserScope = QSettings.Scope.UserScope

pytest_plugins = ["pytest_qgis.plugin"]
