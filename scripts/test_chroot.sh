#!/bin/bash
# The tests on another QGIS or other library versions, in a Debian 13 chroot (scripts/chroots.sh says how it is made):
#   test_chroot.sh 340|344|qt6 [--gui] …   tests/qgis, or tests/gui in its window
#   test_chroot.sh base --set stock|newest …   tests/unit on a set of library versions, without QGIS
#   test_chroot.sh 344 --installed …       the zip with a Windows installer's packages and nothing else (tests/gate, a window story)
# Other arguments go to pytest; --build instead only builds, --remove (instead of a kind) takes all chroots away.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" != 0 ]; then exec sudo -E "$0" "$@"; fi
# shellcheck source=scripts/chroots.sh
. scripts/chroots.sh

CHECKOUT="$INSIDE/卫片 checkout" # a path as people have them

kind=${1:?a kind of chroot: base, 340, 344 or qt6}
shift
if [ "$kind" = --remove ]; then
    for chroot in .build/chroot-* .build/part-*; do remove "$chroot"; done
    exit 0
fi
if [ "$kind" = qt6 ] && [ -z "$(tarball_of_qt6)" ]; then
    say "skipped: no QGIS compiled on Qt 6 in $SHARED/qt6"
    exit 0
fi

suite=qgis set=
# Library versions show in reading, measuring, drawing and writing; what only decides or takes long is left to `make test-unit`.
WHAT_CAN_DIFFER=(
    tests/unit --ignore=tests/unit/judgment --ignore=tests/unit/workspace --ignore=tests/unit/test_house_rules.py
    --ignore=tests/unit/intake/test_fuzz.py --ignore=tests/unit/evidence/test_mutations.py --ignore=tests/unit/evidence/test_change.py
    --ignore=tests/unit/evidence/test_synthetic_truth.py --ignore=tests/unit/filing/test_kill.py --ignore=tests/unit/overlay/test_counties.py
    --ignore=tests/unit/oversight/test_hostile_text.py --deselect=tests/unit/sample/test_county.py::test_the_same_seed_gives_the_same_bytes
)

case ${1:-} in
    --gui) suite=gui && shift ;;
    --installed) suite=installed && shift ;;
    --set) suite=unit set=$2 && shift 2 ;;
esac

chroot=.build/chroot-$kind
trap 'for top in "$chroot" .build/part-base ".build/part-$kind"; do release_mounts "$top"; done' EXIT
provide "$kind"
[ "${1:-}" != --build ] || exit 0

release_mounts "$chroot" # what a killed run left behind
cp /etc/resolv.conf /etc/hosts "$chroot/etc/"
mount_what_is_allowed "$chroot"
rm -rf "${chroot:?}$CHECKOUT"
mkdir -p "$chroot$CHECKOUT"
# Another suite may be writing beside this one: tar then ends with 1, and what it took is whole files all the same.
{ tar --create --warning=no-file-changed --exclude=./.git --exclude=./.venv --exclude=./.build --exclude=./dist --exclude=__pycache__ --exclude=./.qgis-settings \
    --exclude='./.*_cache' --exclude=./.hypothesis . || [ $? = 1 ]; } | tar --extract --no-same-owner --directory "$chroot$CHECKOUT"
ln -s "$INSIDE/venv" "$chroot$CHECKOUT/.venv"

there() { # a command line, its arguments
    local line=$1
    shift
    inside "$chroot" bash -c "cd \"\$1\" && shift && $line" bash "$CHECKOUT" "$@"
}

case $suite in
    qgis | gui) say "tests/$suite on $(there '.venv/bin/python -c "from qgis.core import Qgis; from qgis.PyQt.QtCore import QT_VERSION_STR; print(\"QGIS\", Qgis.version(), \"Qt\", QT_VERSION_STR)"')" ;;
    unit) say "tests/unit on the packages of the set $set" ;;
    installed) say "the zip with the packages of a Windows installer" ;;
esac
# The QGIS on Qt 6 is built without optimisation, and a machine may have other work: nothing is decided by the clock here.
seconds=${WEIPIAN_CHROOT_SECONDS:-1800}
case $suite in
    qgis) there 'exec .venv/bin/python -m pytest tests/qgis -o timeout="$1" "${@:2}"' "$seconds" "$@" ;;
    gui) there 'WEIPIAN_GUI_SECONDS=$(($1 * 2)) WEIPIAN_SCALES=1 WEIPIAN_PATIENCE=6 exec scripts/test_gui.sh -o timeout="$1" "${@:2}"' "$seconds" "$@" ;;
    unit)
        [ "$set" != stock ] || ln -sfn "$INSIDE/venv-stock" "$chroot$CHECKOUT/.venv"
        there 'exec .venv/bin/python -m pytest --numprocesses auto --dist loadfile "$@"' "${WHAT_CAN_DIFFER[@]}" "$@"
        ;;
    installed) there 'exec scripts/test_installed.sh "$1" "${@:2}"' "$INSIDE" "$@" ;;
esac
