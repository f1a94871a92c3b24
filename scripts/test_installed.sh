#!/bin/bash
# The zip as a person installs it, where Python sees a Windows installer's packages and nothing else: the main job through qgis_process,
# then window stories, the last with the zip installed by QGIS's own plugin manager. Runs inside a chroot (test_chroot.sh 344 --installed); the first argument is the folder with `stock` and `tools`.
set -euo pipefail
cd "$(dirname "$0")/.."
inside=$1
shift

export WEIPIAN_SITE_PACKAGES="$inside/stock" WEIPIAN_TOOLS="$inside/tools"
.venv/bin/python -m pytest tests/gate/test_installation.py "$@"

WEIPIAN_INSTALLED=$(mktemp -d)/weipian.zip
.venv/bin/python scripts/package.py "$(dirname "$WEIPIAN_INSTALLED")" --local >/dev/null
mv "$(dirname "$WEIPIAN_INSTALLED")"/weipian_plugin-*.zip "$WEIPIAN_INSTALLED"
export WEIPIAN_INSTALLED
WEIPIAN_SCALES=1 scripts/test_gui.sh -k "test_installed or test_loading" "$@"
unset WEIPIAN_INSTALLED

PYTHONPATH="$WEIPIAN_SITE_PACKAGES" scripts/test_manager.sh "$@"
