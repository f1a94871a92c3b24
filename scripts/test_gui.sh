#!/bin/bash
# tests/gui inside a real QGIS window on a virtual screen of its own, with a window manager and a fresh profile.
# Arguments go to pytest. The pictures are kept in .build/screenshots (or WEIPIAN_SCREENSHOTS). The stories marked `scale`
# run a second time with every pixel doubled, those marked `small` on the screen of an office laptop (WEIPIAN_SCALES="1" leaves both out).
set -euo pipefail
cd "$(dirname "$0")/.."

export WEIPIAN_REPOSITORY="$PWD"
export WEIPIAN_SCREENSHOTS="${WEIPIAN_SCREENSHOTS:-$PWD/.build/screenshots}"
mkdir -p "$WEIPIAN_SCREENSHOTS" .build
# With WEIPIAN_INSTALLED (a zip) the plugin is the one in the zip, unpacked into the profile, and WEIPIAN_SITE_PACKAGES are its packages.
WEIPIAN_SITE_PACKAGES=${WEIPIAN_SITE_PACKAGES:-$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')}
export WEIPIAN_SITE_PACKAGES
work=$(mktemp -d "${TMPDIR:-/tmp}/weipian-gui-XXXXXX")
chmod 700 "$work"
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR="$work" HOME="$work" # no file of the person who runs the tests is read or written
export QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1
[ -n "${LC_ALL:-}${LANG:-}" ] || export LC_ALL=C.UTF-8
unset WAYLAND_DISPLAY
export GDAL_PAM_ENABLED=NO # GDAL would write the statistics of tile pyramids into the current folder
.venv/bin/python -c 'import sys; sys.path.insert(0, "scripts"); import house; house.compile_translations()'

one_run() { # scale, screen, pytest arguments
    local scale=$1 screen=$2 result="$work/result-$1" log="$work/log-$1" profile="$work/profiles-$1" code
    shift 2
    .venv/bin/python -c '
import sys
from pathlib import Path
sys.path.insert(0, "scripts")
import house
house.write_profile(Path(sys.argv[1]), plugin="none")' "$profile"
    if [ -n "${WEIPIAN_INSTALLED:-}" ]; then
        python3 -m zipfile -e "$WEIPIAN_INSTALLED" "$profile/profiles/default/python/plugins"
        export WEIPIAN_PLUGINS="$profile/profiles/default/python/plugins"
        export PYTHONPATH="$WEIPIAN_SITE_PACKAGES" # before Debian's own, some of which QGIS loads when it starts
    fi
    local joined
    joined=$(printf '%s\x1f' tests/gui "$@")
    : >"$log"
    QT_SCALE_FACTOR=$scale WEIPIAN_SCALE=$scale WEIPIAN_GUI_ARGUMENTS="${joined%$'\x1f'}" \
        WEIPIAN_GUI_RESULT="$result" WEIPIAN_GUI_LOG="$log" QGIS_CUSTOM_CONFIG_PATH="$profile" \
        timeout "${WEIPIAN_GUI_SECONDS:-1800}" xvfb-run --auto-servernum \
        --server-args="-screen 0 ${screen}x24 -nolisten tcp -dpi 96" bash -c '
        openbox >/dev/null 2>&1 &
        manager=$!
        qgis --nologo --noplugins --noversioncheck --code tests/gui/inside.py >"$WEIPIAN_GUI_LOG.qgis" 2>&1 || true
        kill "$manager" 2>/dev/null || true' || true
    cat "$log"
    code=$(cat "$result" 2>/dev/null || echo 99)
    if [ "$code" != 0 ]; then
        [ "$code" != 99 ] || echo "QGIS ended without a result:"
        cp "$log.qgis" .build/gui-failed.log
        grep -v "Non-conformant" "$log.qgis" | head -n 40
    fi
    return "$code"
}

case " $* " in *" screenshots "*) WEIPIAN_SCALES=1 ;; esac # the documentation shows ordinary screens
code=0
for scale in ${WEIPIAN_SCALES:-1 small 2}; do
    if [ "$scale" = 1 ]; then
        one_run 1 1920x1200 "$@" || code=$?
    elif [ "$scale" = small ]; then
        one_run 1 1366x768 -m small || code=$? # an office laptop
    else
        # The number of pixels doubles, the room in the window stays the same.
        one_run "$scale" 3840x2400 -m scale || code=$?
    fi
done
exit "$code"
