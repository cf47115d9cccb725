#!/usr/bin/env bash
# Chromium for the browser tests. Where it cannot be installed the tests say so, and fail when CI is set.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if may_install; then
    apt_install chromium
else
    echo "Browser tests need Chromium. Run: sudo apt-get install chromium" >&2
fi
