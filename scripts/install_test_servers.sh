#!/usr/bin/env bash
# nginx and PgBouncer, before which the tests put the portal, pgBackRest, which they restore with, and ClamAV, which scans
# what they upload. Where they cannot be installed those tests say so, and fail when CI is set.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

packages=()
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || packages+=(nginx-light)
command -v pgbouncer >/dev/null || packages+=(pgbouncer)
command -v pgbackrest >/dev/null || packages+=(pgbackrest)
command -v clamd >/dev/null || packages+=(clamav-daemon)

[ ${#packages[@]} = 0 ] && exit 0
if may_install; then
    # Only the programs: a server of the machine's own is not what somebody wants who runs tests.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod +x "$policy"
        trap 'as_root rm -f "$policy"' EXIT
    fi
    apt_install "${packages[@]}"
else
    echo "Tests of production need ${packages[*]}. Run: sudo apt-get install ${packages[*]}" >&2
fi
