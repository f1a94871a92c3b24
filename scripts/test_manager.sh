#!/bin/bash
# The zip, installed by QGIS's own plugin manager into a fresh profile, in a window; then the main job and a window story with it.
# The tests run from a folder of their own: the checkout's package must not be found in place of the installed one. Root not needed.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python scripts/package.py "$work" --local >/dev/null
mv "$work"/weipian_plugin-*.zip "$work/weipian_plugin.zip"
mkdir "$work/alone"
cp -r tests scripts pyproject.toml "$work/alone"
ln -s "$(readlink -f .venv)" "$work/alone/.venv"
find "$work/alone/tests/gui" -name 'test_*.py' ! -name test_plugin_manager.py -delete
WEIPIAN_MANAGER="$work/weipian_plugin.zip" WEIPIAN_SCALES=1 "$work/alone/scripts/test_gui.sh" "$@"
