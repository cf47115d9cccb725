#!/usr/bin/env bash
# The libraries and fonts with which WeasyPrint makes PDFs: the one thing that pip cannot bring.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

packages=()
libraries=$(/sbin/ldconfig -p 2>/dev/null || true)
has_library() { [[ $libraries == *"$1 "* ]]; }
has_library libpango-1.0.so.0 || packages+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || packages+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || packages+=(libharfbuzz-subset0)
needed=${#packages[@]}
compgen -G '/usr/share/fonts/truetype/dejavu/*' >/dev/null || packages+=(fonts-dejavu-core)
compgen -G '/usr/share/fonts/truetype/liberation*/*' >/dev/null || packages+=(fonts-liberation)

[ ${#packages[@]} = 0 ] && exit 0
if may_install; then
    apt_install "${packages[@]}"
elif [ "$needed" = 0 ]; then
    echo "Some texts in PDFs may lack letters. To mend it, run: sudo apt-get install ${packages[*]}"
else
    echo "PDFs need system libraries that are missing. Run: sudo apt-get install ${packages[*]}" >&2
    exit 1
fi
