#!/bin/bash
# tests/qgis once more, on QGIS 3.44 (with --gui first: tests/gui): Debian 13 with QGIS from its backports, in a chroot.
# The chroot is made with debootstrap and kept in .build/chroot-344 until requirements/*-344.txt change. Arguments go to
# pytest; --build only builds, --remove takes the chroot away. Only resolv.conf and hosts are copied into it: the Python packages
# are fetched outside, with this machine's own settings, and brought in as files.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" != 0 ]; then exec sudo -E "$0" "$@"; fi

RELEASE=trixie
CHROOT=.build/chroot-344
WHEELS=.build/wheels-344
INSIDE=/root/weipian
CHECKOUT="$INSIDE/卫片 checkout" # a path as people have them

say() { printf '== %s\n' "$*"; }

# Mount points below a folder, deepest first. /proc/mounts writes a space as \040.
mounts_below() {
    TOP="$(realpath -m "$1")/" awk '{ gsub(/\\040/, " ", $2) } index($2, ENVIRON["TOP"]) == 1 { print $2 }' FS='[ ]' /proc/mounts |
        sort -r
}

release_mounts() {
    local point
    [ -r /proc/mounts ] || return 0
    mounts_below "$1" | while IFS= read -r point; do umount --lazy "$point" || true; done
}

remove() {
    [ -e "$1" ] || return 0
    release_mounts "$1"
    rm -rf --one-file-system "$1"
}

# Some sandboxes allow no mounts. The packages install and the tests run without them.
mount_what_is_allowed() {
    mkdir -p "$1/proc" "$1/dev/shm"
    mount -t proc proc "$1/proc" 2>/dev/null || true
    [ -c "$1/dev/null" ] || mount --bind /dev "$1/dev" 2>/dev/null || true
    chmod 1777 "$1/dev/shm" 2>/dev/null || true
}

inside() {
    local top=$1
    shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        QT_QPA_PLATFORM=offscreen PYTHONNOUSERSITE=1 ${HYPOTHESIS_PROFILE:+HYPOTHESIS_PROFILE="$HYPOTHESIS_PROFILE"} chroot "$top" "$@"
}

build() {
    local mirror part=$CHROOT.part packages plain_name
    mirror=$(scripts/debian_mirror.sh)
    say "building $CHROOT: Debian 13 with QGIS from its backports"
    remove "$CHROOT"
    remove "$part"
    mkdir -p .build
    # debootstrap cannot work below a folder with a space in its name: it is given another name for it.
    plain_name=$(mktemp -d)
    ln -s "$PWD/.build" "$plain_name/build"
    debootstrap --variant=minbase --include=ca-certificates "$RELEASE" "$plain_name/build/${part##*/}" "$mirror" \
        >.build/debootstrap-344.log 2>&1 || { tail -n 20 .build/debootstrap-344.log >&2; return 1; }
    rm -r "$plain_name"
    cp /etc/resolv.conf /etc/hosts "$part/etc/"
    printf 'deb %s %s main\n' "$mirror" "$RELEASE" "$mirror" "$RELEASE-backports" >"$part/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$part/usr/sbin/policy-rc.d" # no service is started in there
    chmod 755 "$part/usr/sbin/policy-rc.d"
    mount_what_is_allowed "$part"
    packages=$(sed 's/#.*//' requirements/debian-344.txt | xargs)
    {
        inside "$part" apt-get -o Acquire::Retries=3 update -q
        # shellcheck disable=SC2086 # one word a package
        inside "$part" apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends -t "$RELEASE-backports" $packages
        inside "$part" apt-get clean
    } >.build/apt-344.log 2>&1 || { tail -n 30 .build/apt-344.log >&2; return 1; }

    say "fetching the Python packages of requirements/locked-344.txt"
    mkdir -p "$WHEELS"
    .venv/bin/python -m pip download --disable-pip-version-check --no-input -qq --no-deps --only-binary=:all: \
        --python-version 3.13 --dest "$WHEELS" --requirement requirements/locked-344.txt
    mkdir -p "$part$INSIDE/wheels"
    cp "$WHEELS"/*.whl requirements/locked-344.txt "$part$INSIDE/wheels/"
    inside "$part" python3 -m venv --system-site-packages "$INSIDE/venv"
    inside "$part" "$INSIDE/venv/bin/python" -m pip install --disable-pip-version-check --no-input -qq --no-index --no-deps \
        --find-links "$INSIDE/wheels" --requirement "$INSIDE/wheels/locked-344.txt"
    rm -rf "${part:?}$INSIDE/wheels"
    release_mounts "$part"
    printf '%s\n' "$wanted" >"$part$INSIDE/built-from"
    mv "$part" "$CHROOT"
}

# What the chroot is made from: another list or another way to build it makes another chroot.
wanted=$({ cat requirements/debian-344.txt requirements/locked-344.txt; declare -f build; } | sha256sum | cut -d' ' -f1)

suite=qgis
if [ "${1:-}" = --gui ]; then
    suite=gui
    shift
fi
case ${1:-} in
    --remove)
        remove "$CHROOT"
        remove "$CHROOT.part"
        exit 0
        ;;
esac

trap 'release_mounts "$CHROOT"; release_mounts "$CHROOT.part"' EXIT
[ "$(cat "$CHROOT$INSIDE/built-from" 2>/dev/null)" = "$wanted" ] || build
[ "${1:-}" != --build ] || exit 0

release_mounts "$CHROOT" # what a killed run left behind
cp /etc/resolv.conf /etc/hosts "$CHROOT/etc/"
mount_what_is_allowed "$CHROOT"
rm -rf "${CHROOT:?}$CHECKOUT"
mkdir -p "$CHROOT$CHECKOUT"
tar --create --exclude=./.git --exclude=./.venv --exclude=./.build --exclude=./dist --exclude=__pycache__ --exclude=./.qgis-settings \
    --exclude='./.*_cache' --exclude=./.hypothesis . | tar --extract --no-same-owner --directory "$CHROOT$CHECKOUT"

say "tests/$suite on $(inside "$CHROOT" dpkg-query --show --showformat='QGIS ${Version}' qgis)"
if [ "$suite" = qgis ]; then
    inside "$CHROOT" bash -c 'cd "$1" && shift && exec /root/weipian/venv/bin/python -m pytest tests/qgis "$@"' bash "$CHECKOUT" "$@"
else
    inside "$CHROOT" bash -c 'cd "$1" && shift && ln -s /root/weipian/venv .venv && WEIPIAN_SCALES=1 exec scripts/test_gui.sh "$@"' \
        bash "$CHECKOUT" "$@"
fi
