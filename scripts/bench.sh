#!/bin/bash
# The measurements of tests/bench, one after the other. What each prints is kept in .build/bench, and docs/benchmarks.md is
# put together from the latest of each. Arguments are names: `scripts/bench.sh overlay` runs tests/bench/bench_overlay.py.
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

machine="$(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(. /etc/os-release && printf '%s' "$PRETTY_NAME")"
echo "== $machine"
failed=0
for script in "${scripts[@]}"; do
    echo "== $script"
    report=.build/bench/$(basename "$script" .py).txt
    began=$SECONDS
    if PYTHONPATH="$PWD" .venv/bin/python "$script" 2>&1 | tee "$report.part"; then
        printf '(%s, %s s in all; %s)\n' "$(date --iso-8601=minutes)" $((SECONDS - began)) "$machine" >>"$report.part"
        mv "$report.part" "$report"
    else
        failed=1
    fi
done

{
    printf '# Measurements\n\nWritten by `make bench` from what the scripts in `tests/bench/` print. Times are wall-clock.\n'
    for report in .build/bench/bench_*.txt; do
        printf '\n## %s\n\n```\n' "$(basename "$report" .txt)"
        cat "$report"
        printf '```\n'
    done
} >docs/benchmarks.md
echo "== docs/benchmarks.md"
exit $failed
