#!/bin/sh
# Finds a Python that is new enough and whole, else says in one line what to install.
# Usage: setup.sh run|test
set -eu
cd "$(dirname "$0")/../.."

say_what_is_missing() {
    echo "$1 Kör: sudo apt-get install -y git make python3 python3-venv ca-certificates" >&2
    exit 2
}

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
whole='import ensurepip, ssl, venv'
found=
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    command -v "$name" >/dev/null 2>&1 || continue
    found="$found $("$name" -c 'import sys; print(".".join(map(str, sys.version_info[:2])))' 2>/dev/null || true)"
    "$name" -c "$new_enough" >/dev/null 2>&1 || continue
    "$name" -c "$whole" >/dev/null 2>&1 || { incomplete=$name; continue; }
    exec "$name" -I deploy/setup/setup.py "$@"
done

[ -z "${incomplete:-}" ] || say_what_is_missing "$incomplete saknar modulen venv (eller ssl)."
[ -z "$found" ] || say_what_is_missing "Python 3.11 eller nyare behövs, här finns$found."
say_what_is_missing "Python 3.11 eller nyare saknas."
