#!/bin/bash
# tests/gui on a virtual screen of its own, with a window manager, so that windows get focus, sizes and frames.
# Arguments go to pytest. The pictures are kept in .build/screenshots (or WEIPIAN_SCREENSHOTS).
set -euo pipefail
cd "$(dirname "$0")/.."

export WEIPIAN_SCREENSHOTS="${WEIPIAN_SCREENSHOTS:-$PWD/.build/screenshots}"
mkdir -p "$WEIPIAN_SCREENSHOTS" .build
runtime=$(mktemp -d "${TMPDIR:-/tmp}/weipian-gui-XXXXXX")
chmod 700 "$runtime"
trap 'rm -rf "$runtime"' EXIT
export XDG_RUNTIME_DIR="$runtime" HOME="$runtime" # no file of the person who runs the tests is read or written
export QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 PYTHONNOUSERSITE=1
[ -n "${LC_ALL:-}${LANG:-}" ] || export LC_ALL=C.UTF-8
unset WAYLAND_DISPLAY

xvfb-run --auto-servernum --server-args='-screen 0 1920x1200x24 -nolisten tcp -dpi 96' bash -c '
    openbox >/dev/null 2>&1 &
    manager=$!
    code=0
    .venv/bin/python -m pytest "$@" || code=$?
    kill "$manager" 2>/dev/null || true
    exit $code
' bash tests/gui "$@"
