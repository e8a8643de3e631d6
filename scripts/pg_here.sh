#!/usr/bin/env bash
# A throw-away PostgreSQL server on loopback, for tests: no service manager, no password, nothing left behind.
#
#   scripts/pg_here.sh run COMMAND...   start one, run COMMAND with TEST_DATABASE_URL set, stop and delete it
#   scripts/pg_here.sh start FOLDER     start one that lives in the new FOLDER; prints the line to export
#   scripts/pg_here.sh stop FOLDER      stop it and delete FOLDER
#
# PGPORT chooses the port; otherwise a free one is taken. Durability is off: these data are worth nothing.
# PostgreSQL refuses to run as root, so root hands over to the account "postgres"; anybody else runs it as themselves.
set -euo pipefail
shopt -s inherit_errexit

programs() {
    local initdb
    initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)
    [ -n "$initdb" ] || initdb=$(command -v initdb || true)
    [ -n "$initdb" ] || { echo "PostgreSQL server not found (Debian: apt-get install postgresql)" >&2; exit 3; }
    dirname "$initdb"
}

unprivileged() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
    else
        "$@"
    fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() (  # FOLDER: absolute, existing, empty. Prints the server's address.
    port=${PGPORT:-$(free_port)}
    [ "$(id -u)" -ne 0 ] || chown postgres: "$1"
    cd "$1"  # the account postgres may not be allowed to stand in the caller's folder
    # C.UTF-8: the order of Korean text must not depend on the machine's language settings.
    unprivileged "$BIN/initdb" -D "$1/data" -U ieum -E UTF8 --locale=C.UTF-8 -A trust >/dev/null
    unprivileged "$BIN/pg_ctl" -D "$1/data" -s -w -t 60 -l "$1/log" -o "-p $port \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories=$1 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >&2 || { cat "$1/log" >&2; exit 1; }
    unprivileged "$BIN/createdb" -h 127.0.0.1 -p "$port" -U ieum ieum
    echo "postgresql+psycopg://ieum@127.0.0.1:$port/ieum"
)

stop() {  # FOLDER: absolute
    if [ -f "$1/data/postmaster.pid" ]; then
        (cd "$1" && unprivileged "$BIN/pg_ctl" -D "$1/data" -s -m immediate stop) >&2 || true
    fi
    rm -rf -- "$1"
}

usage() {
    sed -n '4,6s/^#   //p' "$0" >&2
    exit 2
}

BIN=$(programs)
[ $# -ge 2 ] || usage
action=$1
shift
case "$action" in
run)
    folder=$(mktemp -d -t ieum-pg.XXXXXX)
    trap 'stop "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    TEST_DATABASE_URL=$(start "$folder")
    export TEST_DATABASE_URL
    echo "PostgreSQL: $TEST_DATABASE_URL" >&2
    "$@" ;;
start)
    mkdir -- "$1"
    url=$(start "$(realpath -- "$1")")
    echo "export TEST_DATABASE_URL=$url" ;;
stop)
    # Deleting asks for proof that the folder is ours.
    [ -f "$1/data/PG_VERSION" ] || { echo "pg_here.sh: no server lives in '$1'" >&2; exit 2; }
    stop "$(realpath -- "$1")" ;;
*)
    usage ;;
esac
