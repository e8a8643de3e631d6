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
        command -v chromium >/dev/null ||
            missing+=("Chromium (Debian: apt-get install chromium)")
        # Without a Korean font every syllable is the same box, and pictures and widths prove nothing.
        command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ko family)" ] ||
            missing+=("a Korean font (Debian: apt-get install fontconfig fonts-noto-cjk)") ;;
    nginx)
        PATH=$PATH:/usr/sbin command -v nginx >/dev/null ||
            missing+=("nginx (Debian: apt-get install nginx-light)") ;;
    *) echo "needs.sh: unknown program '$program'" >&2; exit 2 ;;
    esac
done

[ ${#missing[@]} -eq 0 ] && exit 0
echo "The full test run cannot start. Missing:" >&2
printf '  - %s\n' "${missing[@]}" >&2
exit 1
