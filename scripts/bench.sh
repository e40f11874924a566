#!/usr/bin/env bash
# Runs the benchmarks of server/benches: each figure as a ratio to its budget; fails where one
# is missed. Words choose among them: scripts/bench.sh ceiling sqlite
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
exec scripts/with-postgres.sh cargo bench --locked -p parallax --bench ratios -- "$@"
