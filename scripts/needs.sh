#!/usr/bin/env bash
# Say which programs of the full test run are missing on this machine; exits 1 when one is.
#   scripts/needs.sh postgresql chromium
set -euo pipefail

missing=()
for program in "$@"; do
    case "$program" in
    postgresql)
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ||
            missing+=("PostgreSQL server (Debian: apt-get install postgresql)") ;;
    chromium)
        command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
            missing+=("Chromium (Debian: apt-get install chromium-headless-shell)")
        # Without a Korean font every syllable is the same box, and pictures and widths prove nothing.
        command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ko family)" ] ||
            missing+=("a Korean font (Debian: apt-get install fontconfig fonts-noto-cjk)") ;;
    nginx)
        PATH=$PATH:/usr/sbin command -v nginx >/dev/null ||
            missing+=("nginx (Debian: apt-get install nginx-light)") ;;
    s3)
        # Go before 1.21 cannot fetch the newer edition that the server's source asks for (Debian 12 has 1.19).
        scripts=$(dirname "$0")
        if ! go_minor=$(go env GOVERSION 2>/dev/null | sed -nE 's/^go1\.([0-9]+).*/\1/p') || [ "${go_minor:-0}" -lt 21 ]; then
            "$scripts/s3_here.sh" built || missing+=("Go 1.21 or newer, which builds an S3-compatible server (https://go.dev/dl)")
        fi ;;
    elasticsearch)
        lacking=$("$(dirname "$0")/elastic_here.sh" missing) || missing+=("$lacking") ;;
    *) echo "needs.sh: unknown program '$program'" >&2; exit 2 ;;
    esac
done

[ ${#missing[@]} -eq 0 ] && exit 0
echo "The full test run cannot start. Missing:" >&2
printf '  - %s\n' "${missing[@]}" >&2
exit 1
