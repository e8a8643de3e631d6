#!/usr/bin/env bash
# Throw-away nodes of a real Elasticsearch on loopback, for tests: no container, no service, nothing left behind.
#
#   scripts/elastic_here.sh run [N] COMMAND...   a cluster of N (1) nodes while COMMAND runs; then stopped and deleted
#   scripts/elastic_here.sh start [N]            one that stays; prints the lines to export: eval "$(... start 3)"
#   scripts/elastic_here.sh stop [FOLDER]        stop it and delete its folder (none: the one that was exported)
#   scripts/elastic_here.sh again K              start node K (1 to N) of the exported cluster anew, with what it held
#   scripts/elastic_here.sh missing              print what this machine lacks for it, if anything, and exit 1
#
# COMMAND finds IEUM_TEST_ELASTICSEARCH (addresses) and IEUM_TEST_ELASTICSEARCH_PIDS (files with the process ids, in the
# same order), each separated by commas: kill -9 "$(cat FILE)" loses a node. Several clusters live side by side.
# The server's published jars come through Maven, once, into a cache folder of the user, and must be those of
# elastic/jars.sha256. ELASTIC_HEAP (512m) is the memory of a node's heap; a node takes about twice that.
set -euo pipefail
shopt -s inherit_errexit

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$HERE/elastic
# Another list of jars, or another program, is another cache.
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/ieum/elasticsearch-$(cat "$SOURCE"/* | sha256sum | cut -c1-12)
OLDEST_JDK=21

jdk() {  # Prints the folder of the newest JDK's programs.
    local best="" best_version=0 folder version
    for folder in "${JAVA_HOME:-/nowhere}/bin" /usr/lib/jvm/*/bin /opt/*/bin "$(dirname "$(command -v javac || echo /nowhere/javac)")"; do
        [ -x "$folder/java" ] && [ -x "$folder/javac" ] || continue
        version=$("$folder/java" -version 2>&1 | sed -nE '1s/[^"]*"([0-9]+).*/\1/p')
        if [ "${version:-0}" -gt "$best_version" ]; then best=$folder best_version=$version; fi
    done
    [ "$best_version" -ge "$OLDEST_JDK" ] || return 1
    echo "$best"
}

missing() {  # One line, or nothing.
    local what=()
    jdk >/dev/null || what+=("a JDK $OLDEST_JDK or newer (Debian 13: apt-get install openjdk-21-jdk-headless; elsewhere: https://adoptium.net)")
    [ -d "$CACHE" ] || command -v mvn >/dev/null || what+=("Maven (Debian: apt-get install maven)")
    [ ${#what[@]} -eq 0 ] || (IFS=';' && echo "Elasticsearch: ${what[*]}" | sed 's/;/, and /')
}

install_server() (  # Whole or not at all, also when two begin at once.
    [ ! -d "$CACHE" ] || exit 0
    echo "fetching the jars of Elasticsearch (once; 44 MB)" >&2
    mkdir -p "$(dirname "$CACHE")"
    new=$(mktemp -d "$CACHE.XXXXXX")
    trap 'rm -rf -- "$new"' EXIT
    mvn -q -B -f "$SOURCE/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
        -DoutputDirectory="$new/lib" >&2
    (cd "$new/lib" && sha256sum --quiet --strict -c "$SOURCE/jars.sha256") >&2
    [ "$(find "$new/lib" -name '*.jar' | wc -l)" -eq "$(wc -l <"$SOURCE/jars.sha256")" ] ||
        { echo "elastic_here.sh: jars that jars.sha256 does not list" >&2; exit 1; }
    mkdir -p "$new/home/plugins" "$new/home/modules/transport-netty4"
    mv "$new"/lib/netty-*.jar "$new"/lib/transport-netty4-*.jar "$new/home/modules/transport-netty4/"
    version=$(basename "$new"/lib/elasticsearch-[0-9]*.jar .jar) && version=${version#elasticsearch-}
    printf '%s\n' name=transport-netty4 "description=HTTP and node transport" "version=$version" \
        "elasticsearch.version=$version" "java.version=$OLDEST_JDK" \
        classname=org.elasticsearch.transport.netty4.Netty4Plugin \
        >"$new/home/modules/transport-netty4/plugin-descriptor.properties"
    "$(jdk)/javac" --release "$OLDEST_JDK" -cp "$new/lib/*" -d "$new/node" "$SOURCE/ElasticNode.java"
    mv -T -- "$new" "$CACHE" 2>/dev/null || [ -d "$CACHE" ]
)

free_ports() {  # COUNT: held all at once, so that they differ
    python3 -c 'import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(one.getsockname()[1] for one in held), sep="\n")' "$1"
}

# The serial collector lets garbage stand until the heap is full, and a server that counts it as used turns requests
# away (429) though it has room; it goes by what its requests need instead.
launch() {  # FOLDER K: the K-th node of the cluster that FOLDER/ports describes
    local folder=$1 k=$2 count names seeds
    mapfile -t ports <"$folder/ports"
    count=$((${#ports[@]} / 2))
    names=$(seq -f 'node-%.0f' -s, "$count")
    seeds=$(printf ',127.0.0.1:%s' "${ports[@]:count}")
    mkdir -p "$folder/node-$k/config"
    "$(jdk)/java" -Xms"${ELASTIC_HEAP:-512m}" -Xmx"${ELASTIC_HEAP:-512m}" -XX:+UseSerialGC -XX:-UsePerfData \
        --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
        -Djava.io.tmpdir="$folder" -cp "$CACHE/node:$(printf '%s\n' "$CACHE"/lib/*.jar | paste -sd:)" \
        ElasticNode "$(cat "$folder/owner")" "$CACHE/home" "$folder/node-$k" cluster.name="$(basename "$folder")" \
        node.name="node-$k" node.processors=1 \
        indices.breaker.total.use_real_memory=false http.port="${ports[k - 1]}" transport.port="${ports[count + k - 1]}" \
        discovery.seed_hosts="${seeds#,}" cluster.initial_master_nodes="$names" \
        >"$folder/node-$k.log" 2>&1 </dev/null &
    disown  # the shell need not tell of its end
    echo $! >"$folder/node-$k.pid"
}

wait_for() {  # FOLDER K: until the node answers and the cluster has all its nodes that run
    local folder=$1 k=$2 port pid nodes
    port=$(sed -n "${k}p" "$folder/ports")
    pid=$(cat "$folder/node-$k.pid")
    nodes=$(running "$folder" | wc -l)
    for _ in $(seq 600); do
        kill -0 "$pid" 2>/dev/null || break
        if health "$port" "$nodes" 2>/dev/null; then return 0; fi
        sleep 0.2
    done
    tail -n 20 "$folder/node-$k.log" >&2
    return 1
}

health() {  # PORT NODES
    python3 -c 'import sys, urllib.request
urllib.request.urlopen("http://127.0.0.1:%s/_cluster/health?wait_for_nodes=>=%s&timeout=60s" % tuple(sys.argv[1:]), timeout=70)' "$@"
}

running() {  # FOLDER: the process ids of its nodes that run, and are its own
    local file pid
    for file in "$1"/node-*.pid; do
        pid=$(cat "$file" 2>/dev/null) || continue
        [ ! -r "/proc/$pid/cmdline" ] || ! grep -qzxF -- "cluster.name=$(basename "$1")" "/proc/$pid/cmdline" 2>/dev/null ||
            echo "$pid"
    done
}

start() {  # FOLDER N OWNER
    local k
    free_ports $((2 * $2)) >"$1/ports"
    echo "$3" >"$1/owner"
    for k in $(seq "$2"); do launch "$1" "$k"; done
    for k in $(seq "$2"); do wait_for "$1" "$k"; done
}

exports() {  # FOLDER N
    echo "export IEUM_TEST_ELASTICSEARCH=$(head -n "$2" "$1/ports" | sed 's|^|http://127.0.0.1:|' | paste -sd,)"
    echo "export IEUM_TEST_ELASTICSEARCH_PIDS=$(seq -f "$1/node-%.0f.pid" -s, "$2")"
}

stop() {  # FOLDER
    local pids
    mapfile -t pids < <(running "$1")
    # The data are worth nothing, so the nodes need no time to put them away.
    [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
    for _ in $(seq 50); do
        [ -n "$(running "$1")" ] || break
        sleep 0.1
    done
    rm -rf -- "$1"
}

exported() {  # Prints the folder of the exported cluster.
    [ -n "${IEUM_TEST_ELASTICSEARCH_PIDS:-}" ] || { echo "elastic_here.sh: no cluster was exported" >&2; exit 2; }
    dirname -- "${IEUM_TEST_ELASTICSEARCH_PIDS%%,*}"
}

usage() {
    sed -n '4,8s/^#   //p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

prepared() {  # Prints a new folder, the server being there.
    local lacking
    lacking=$(missing)
    [ -z "$lacking" ] || { echo "missing: $lacking" >&2; exit 3; }
    install_server
    mktemp -d -t ieum-elastic.XXXXXX
}

[ $# -ge 1 ] || usage
action=$1
shift
count=1
case "$action" in
run | start) if [[ ${1:-} =~ ^[1-9]$ ]]; then count=$1 && shift; fi ;;
esac
case "$action" in
run)
    [ $# -ge 1 ] || usage
    folder=$(prepared)
    trap 'stop "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    start "$folder" "$count" $$
    lines=$(exports "$folder" "$count")
    eval "$lines"
    echo "Elasticsearch: $IEUM_TEST_ELASTICSEARCH" >&2
    "$@" ;;
start)
    [ $# -eq 0 ] || usage
    folder=$(prepared)
    start "$folder" "$count" 0 || { stop "$folder"; exit 1; }
    exports "$folder" "$count" ;;
stop)
    folder=${1:-$(exported)}
    # Deleting asks for proof that the folder is ours.
    [ -f "$folder/ports" ] && [ -f "$folder/owner" ] || { echo "elastic_here.sh: no cluster lives in '$folder'" >&2; exit 2; }
    stop "$(realpath -- "$folder")" ;;
again)
    [ $# -eq 1 ] || usage
    folder=$(exported)
    [[ $1 =~ ^[1-9]$ ]] && [ -d "$folder/node-$1" ] || { echo "elastic_here.sh: there is no node '$1'" >&2; exit 2; }
    pid=$(cat "$folder/node-$1.pid")
    ! running "$folder" | grep -qx "$pid" || { echo "elastic_here.sh: node $1 runs" >&2; exit 2; }
    launch "$folder" "$1"
    wait_for "$folder" "$1" ;;
missing)
    lacking=$(missing)
    [ -z "$lacking" ] || { echo "$lacking"; exit 1; } ;;
*)
    usage ;;
esac
