#!/usr/bin/env bash
# Makes the virtual environment in the folder $1 with the newest Python that the pinned packages support.
set -euo pipefail
. "$(dirname "$0")/apt.sh"
venv=$1

python=
for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Staffroom needs Python 3.11 or newer; $(python3 --version 2>/dev/null || echo 'no Python 3') was found here." >&2
    exit 1
fi

if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! may_install; then
        echo "Python cannot make virtual environments yet. Run: sudo apt-get install python$version-venv" >&2
        exit 1
    fi
    apt_install "python$version-venv"
fi
echo "Making $venv with $("$python" --version) ..."
# Without --clear: what an interrupted attempt left is completed.
"$python" -m venv "$venv"
