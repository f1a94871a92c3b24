#!/bin/bash
# A PostgreSQL server with PostGIS of one's own, to try the team workspace: `make team-up`, `make team-down`.
# It listens on 127.0.0.1 only; its data lie in .build/team-server and stay from one start to the next. No password: never for an office.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${TEAM_PORT:-54329}
place=${TEAM_FOLDER:-$PWD/.build/team-server}
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$programs" ] || { echo "PostgreSQL is not installed (Debian: postgresql, postgresql-15-postgis-3)" >&2; exit 1; }

as_owner() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" = 0 ]; then (cd /tmp && runuser -u postgres -- "$@"); else "$@"; fi
}

case ${1:-} in
up)
    mkdir -p "$place"
    [ "$(id -u)" != 0 ] || chown postgres "$place"
    if [ ! -d "$place/data" ]; then
        as_owner "$programs/initdb" -D "$place/data" -U weipian -A trust -E UTF8 >"$place.log" 2>&1 || { cat "$place.log" >&2; exit 1; }
    fi
    as_owner "$programs/pg_ctl" -D "$place/data" status >/dev/null ||
        as_owner "$programs/pg_ctl" -D "$place/data" -l "$place/log" -w \
            -o "-c listen_addresses=127.0.0.1 -p $port -k $place" start >/dev/null
    psql=("$programs/psql" -X -q -h 127.0.0.1 -p "$port" -U weipian -d)
    [ "$("${psql[@]}" postgres -tAc "SELECT count(*) FROM pg_database WHERE datname = 'weipian'")" = 1 ] ||
        "${psql[@]}" postgres -c "CREATE DATABASE weipian"
    PGOPTIONS=--client-min-messages=warning "${psql[@]}" weipian -c "CREATE EXTENSION IF NOT EXISTS postgis"
    echo "postgresql:host=127.0.0.1 port=$port dbname=weipian user=weipian schema=weipian"
    ;;
down)
    as_owner "$programs/pg_ctl" -D "$place/data" -m fast stop >/dev/null
    ;;
*)
    echo "usage: $0 up|down" >&2
    exit 2
    ;;
esac
