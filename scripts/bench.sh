#!/bin/bash
# The measurements of tests/bench, one after the other: each writes its section of docs/benchmarks.md, and what it prints is
# kept in .build/bench. Arguments are names: `scripts/bench.sh overlay` runs tests/bench/bench_overlay.py only.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/bench

shopt -s nullglob
scripts=(tests/bench/bench_*.py)
if [ $# -gt 0 ]; then
    scripts=()
    for name in "$@"; do scripts+=("tests/bench/bench_$name.py"); done
fi
if [ ${#scripts[@]} = 0 ]; then
    echo "no tests/bench/bench_*.py yet" >&2
    exit 1
fi

# The other engines live in an environment of their own: what they need may not fit the plugin's.
peers=.build/bench-venv
if [[ " ${scripts[*]} " == *bench_overlay.py* && -z "${WEIPIAN_BENCH_PYTHON:-}" && ! -e $peers/complete ]]; then
    .venv/bin/python -m venv --clear "$peers"
    if "$peers/bin/python" -m pip install --quiet -r requirements/bench.in; then
        touch "$peers/complete"
    else
        echo "the other engines could not be installed into $peers: those missing are left out" >&2
    fi
fi

machine="$(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(. /etc/os-release && printf '%s' "$PRETTY_NAME")"
echo "== $machine"
failed=0
for script in "${scripts[@]}"; do
    echo "== $script"
    began=$SECONDS
    PYTHONPATH="$PWD" .venv/bin/python "$script" 2>&1 | tee ".build/bench/$(basename "$script" .py).txt" || failed=1
    echo "== $((SECONDS - began)) s"
done
exit $failed
