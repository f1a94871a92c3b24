#!/bin/bash
# The documentation as a site in dist/site; a broken link or a missing picture is an error. Needs Python 3.11 and requirements/docs.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.build/docs-venv
stamp="$venv/made-from-$(sha256sum requirements/docs.txt | cut -c1-16)"
if [ ! -e "$stamp" ]; then
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --disable-pip-version-check --no-input -qq --no-deps --requirement requirements/docs.txt
    touch "$stamp"
fi
.venv/bin/python scripts/errors_page.py
NO_MKDOCS_2_WARNING=1 "$venv/bin/python" -m mkdocs build --quiet --clean
echo "dist/site/index.html"
