#!/usr/bin/env bash
# A throw-away S3-compatible file server (versitygw over a folder) on loopback, for tests. Nothing outside its folder.
#
#   scripts/s3_here.sh run COMMAND ARG…     COMMAND runs with TEST_S3_ENDPOINT set; stopped afterwards, whatever happens
#   scripts/s3_here.sh program              print where the server's program is; build it first if it is not there
#   scripts/s3_here.sh built                exit 0 if it need not be built any more
#
# The program is built once from its published source at the version below, with Go, into a cache folder of the user.
set -euo pipefail
shopt -s inherit_errexit

VERSION=v1.8.0
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/ieum/versitygw-$VERSION

program() {
    if [ ! -x "$CACHE/versitygw" ]; then
        command -v go >/dev/null || { echo "Go not found: it builds the S3-compatible server (https://go.dev/dl)" >&2; exit 3; }
        echo "building versitygw $VERSION (once; about a minute)" >&2
        mkdir -p "$CACHE"
        GOBIN=$CACHE GOFLAGS=-mod=mod go install "github.com/versity/versitygw/cmd/versitygw@$VERSION" >&2
    fi
    echo "$CACHE/versitygw"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for() {  # PORT PID
    for _ in $(seq 100); do
        kill -0 "$2" 2>/dev/null || return 1
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}

usage() {
    sed -n '4,6s/^#   //p' "$0" >&2
    exit 2
}

[ $# -ge 1 ] || usage
action=$1
shift
case "$action" in
program)
    program ;;
built)
    [ -x "$CACHE/versitygw" ] ;;
run)
    [ $# -ge 1 ] || usage
    server=$(program)
    folder=$(mktemp -d -t ieum-s3.XXXXXX)
    port=$(free_port)
    mkdir "$folder/buckets"
    # Any words will do: the server lives on loopback for one run of tests.
    export AWS_ACCESS_KEY_ID=ieum-tests AWS_SECRET_ACCESS_KEY=only-for-tests
    ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY \
        "$server" --port "127.0.0.1:$port" posix "$folder/buckets" >"$folder/log" 2>&1 &
    pid=$!
    trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf -- "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    wait_for "$port" "$pid" || { cat "$folder/log" >&2; exit 1; }
    export TEST_S3_ENDPOINT=http://127.0.0.1:$port
    echo "S3-compatible server: $TEST_S3_ENDPOINT" >&2
    "$@" ;;
*)
    usage ;;
esac
