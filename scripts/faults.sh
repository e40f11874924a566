#!/usr/bin/env bash
# The freezes and floods that hosts on the internet meet, each against a fresh host on loopback,
# with its figures; fails where a bound is missed. Takes a few minutes, and ends by itself.
# Counterparts among the tests are in server/tests/processes; the files of scripts/faults name them.
#   scripts/faults.sh [--list] [NAME...]    only those whose names begin like this
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# Some attacks take more than a thousand sockets at once.
ulimit -n "$(ulimit -Hn)"
export PYTHONDONTWRITEBYTECODE=1
exec python3 scripts/faults "$PARALLAX_ROOT/build/parallax" "$@"
