#!/bin/sh
# Pins every dependency with hashes and without addresses; run it after a change in pyproject.toml.
# `compile.sh --upgrade` takes newer releases.
set -eu
cd "$(dirname "$0")/../.."

pin() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}

# pip installs the bootstrap group before uv is there; it hangs on nothing else.
pin "$@" --group bootstrap --output-file deploy/requirements/bootstrap.txt
pin "$@" pyproject.toml --output-file deploy/requirements/run.txt
pin "$@" pyproject.toml --extra test --constraint deploy/requirements/run.txt \
    --output-file deploy/requirements/test.txt
