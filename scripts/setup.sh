#!/bin/bash
# Everything the plugin needs on a fresh Debian: system packages by apt, then .venv with the locked Python packages.
# Does nothing, quickly, when all is there. Root, or a user with sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=/usr/bin/python3 # QGIS is bound to Debian's Python, whatever else is on PATH
export PYTHONNOUSERSITE=1

say() { printf '== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo --preserve-env=DEBIAN_FRONTEND "$@"
    else
        say "these packages must be installed by an administrator, and sudo is not here: ${missing[*]}" >&2
        exit 1
    fi
}

installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    local line alternative found
    while IFS= read -r line; do
        line=${line%%#*}
        [ -n "${line// /}" ] || continue
        found=
        for alternative in ${line//|/ }; do
            if installed "$alternative"; then found=1; fi
        done
        [ -n "$found" ] || printf '%s\n' "$alternative"
    done <requirements/debian.txt
}

mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || { say "apt-get is not here; needed: ${missing[*]}" >&2; exit 1; }
    say "installing ${#missing[@]} system packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    wait_for_lock=(-o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
    as_root apt-get "${wait_for_lock[@]}" update -q ||
        say "some package lists could not be fetched; going on with those that could"
    as_root apt-get "${wait_for_lock[@]}" install -q -y --no-install-recommends "${missing[@]}"
    mapfile -t missing < <(missing_packages)
    if [ ${#missing[@]} -gt 0 ]; then
        say "still not installed: ${missing[*]}" >&2
        exit 1
    fi
fi

python_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

version=$(python_version "$PYTHON")
case $version in
    3.13) lock=requirements/locked-344.txt ;;
    *) lock=requirements/locked.txt ;;
esac
wanted="$version $(sha256sum "$lock" | cut -d' ' -f1) $PWD"
stamp=.venv/weipian-locked

if [ "$(python_version .venv/bin/python 2>/dev/null)" != "$version" ]; then
    say "making .venv (Python $version, sees QGIS)"
    rm -rf .venv
    "$PYTHON" -m venv --system-site-packages .venv
fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "installing the Python packages of $lock"
    .venv/bin/python -m pip install --disable-pip-version-check --no-input -qq --no-deps --requirement "$lock"
    printf '%s\n' "$wanted" >"$stamp"
fi
mkdir -p .build
