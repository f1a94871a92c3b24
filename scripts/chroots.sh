# Debian 13 in chroots below .build, for QGIS versions that this machine does not have. Sourced by test_chroot.sh (root).
#
#   base   debootstrap, common packages, Python environments    .build/chroot-base
#   340    base and QGIS 3.40 of Debian 13                       .build/chroot-340
#   344    base and QGIS 3.44 of its backports                   .build/chroot-344
#   qt6    base and the QGIS compiled on Qt 6 from ../shared     .build/chroot-qt6
#
# Each is kept until what it is made from changes. Only resolv.conf and hosts are copied in: Python packages are fetched outside, with
# this machine's own settings, and brought in as files.

RELEASE=trixie
INSIDE=/root/weipian
WHEELS=.build/wheels-13
SHARED=${WEIPIAN_SHARED:-../shared}
LOCKS="requirements/locked-344.txt requirements/sets/windows-3.44.8.txt"

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

# The QGIS on Qt 6 lies in a folder of its own.
QT6=(
    PATH=/opt/qgis-qt6/bin:/usr/sbin:/usr/bin:/sbin:/bin QGIS_PREFIX_PATH=/opt/qgis-qt6
    PYTHONPATH=/opt/qgis-qt6/share/qgis/python:/opt/qgis-qt6/share/qgis/python/plugins LD_LIBRARY_PATH=/opt/qgis-qt6/lib:/usr/local/lib
)

inside() { # chroot, command
    local top=$1 settings=(PATH=/usr/sbin:/usr/bin:/sbin:/bin)
    shift
    case $top in *-qt6) settings=("${QT6[@]}") ;; esac
    env -i "${settings[@]}" HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive QT_QPA_PLATFORM=offscreen PYTHONNOUSERSITE=1 \
        ${HYPOTHESIS_PROFILE:+HYPOTHESIS_PROFILE="$HYPOTHESIS_PROFILE"} chroot "$top" "$@"
}

install_packages() { # chroot, list, further options of apt-get
    local top=$1 list=$2 log
    shift 2
    log=.build/apt-$(basename "$list" .txt).log
    {
        inside "$top" apt-get -o Acquire::Retries=3 update -q
        # shellcheck disable=SC2046 # one word a package
        inside "$top" apt-get -o Acquire::Retries=3 install -q -y --no-install-recommends "$@" $(sed 's/#.*//' "$list" | xargs)
        inside "$top" apt-get clean
    } >"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
}

bootstrap() { # chroot
    local mirror plain_name
    mirror=$(scripts/debian_mirror.sh)
    # debootstrap cannot work below a folder with a space in its name: it is given another name for it.
    plain_name=$(mktemp -d)
    ln -s "$PWD/.build" "$plain_name/build"
    debootstrap --variant=minbase --include=ca-certificates "$RELEASE" "$plain_name/build/${1##*/}" "$mirror" \
        >.build/debootstrap.log 2>&1 || { tail -n 20 .build/debootstrap.log >&2; return 1; }
    rm -r "$plain_name"
    printf 'deb %s %s main\n' "$mirror" "$RELEASE" "$mirror" "$RELEASE-backports" >"$1/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" # no service is started in there
    chmod 755 "$1/usr/sbin/policy-rc.d"
    echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/fast" # a build that fails is thrown away
}

# venv sees Debian's packages and has the newest ones; venv-stock has what a Windows installer brings, and the tools of the tests;
# stock is a folder with nothing but the former, tools one with pytest alone.
python_environments() { # chroot
    local top=$1 lock pip
    say "fetching the Python packages of $LOCKS"
    mkdir -p "$WHEELS" "$top$INSIDE/wheels"
    pip=(.venv/bin/python -m pip download --disable-pip-version-check --no-input -qq --no-deps --only-binary=:all: --python-version 3.13)
    for lock in $LOCKS; do "${pip[@]}" --dest "$WHEELS" --requirement "$lock"; done
    # shellcheck disable=SC2086 # one word a file
    cp "$WHEELS"/*.whl $LOCKS "$top$INSIDE/wheels/"
    inside "$top" bash -c '
        set -e
        cd "$1"
        install="-m pip install --disable-pip-version-check --no-input -qq --no-index --no-deps --find-links wheels"
        python3 -m venv --system-site-packages venv
        venv/bin/python $install --requirement wheels/locked-344.txt
        python3 -m venv venv-stock
        venv-stock/bin/python $install --requirement wheels/windows-3.44.8.txt
        sed "/^# tools/,\$d" wheels/windows-3.44.8.txt >wheels/stock.txt
        venv-stock/bin/python $install --target stock --requirement wheels/stock.txt
        grep -iE "^(pytest|pytest-timeout|pluggy|iniconfig|pygments|hypothesis|sortedcontainers|attrs)==" wheels/locked-344.txt >wheels/tools.txt
        venv-stock/bin/python $install --target tools --requirement wheels/tools.txt
        rm -r wheels' bash "$INSIDE"
}

build_base() { # chroot
    bootstrap "$1"
    cp /etc/resolv.conf /etc/hosts "$1/etc/"
    mount_what_is_allowed "$1"
    install_packages "$1" requirements/chroots/base.txt
    python_environments "$1"
}

build_340() { install_packages "$1" requirements/chroots/340.txt; }

build_344() { install_packages "$1" requirements/chroots/344.txt -t "$RELEASE-backports"; }

build_qt6() {
    install_packages "$1" requirements/chroots/qt6.txt
    tar --extract --no-same-owner --directory "$1" --file "$(tarball_of_qt6)"
}

tarball_of_qt6() { find "$SHARED/qt6" -name 'qgis-*-qt6-trixie.tar.xz' 2>/dev/null | sort | tail -n 1; }

# What a chroot is made from: another list or another way to build it makes another chroot.
made_from() { # kind
    {
        cat requirements/chroots/base.txt requirements/sets/windows-3.44.8.in $LOCKS "requirements/chroots/$1.txt"
        declare -f bootstrap python_environments build_base "build_$1"
        [ "$1" != qt6 ] || basename "$(tarball_of_qt6)"
    } | sha256sum | cut -d' ' -f1
}

# Builds .build/chroot-KIND unless it is there as wanted.
provide() { # kind
    local kind=$1 chroot=.build/chroot-$1 part=.build/part-$1
    [ "$(cat "$chroot$INSIDE/built-from" 2>/dev/null)" != "$(made_from "$kind")" ] || return 0
    [ "$kind" = base ] || provide base
    say "building $chroot: $(sed -n 's/^# //p;1q' "requirements/chroots/$kind.txt")"
    mkdir -p .build
    remove "$chroot"
    remove "$part"
    if [ "$kind" != base ]; then
        cp --archive --one-file-system --reflink=auto .build/chroot-base "$part" # not /proc, where another suite runs in it
        cp /etc/resolv.conf /etc/hosts "$part/etc/"
        mount_what_is_allowed "$part"
    fi
    "build_$kind" "$part"
    release_mounts "$part"
    made_from "$kind" >"$part$INSIDE/built-from"
    mv "$part" "$chroot"
}
