#!/usr/bin/env bash
# Runs the benchmarks of server/benches. Each prints its figures as ratios to its budget and
# fails where one is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
exec scripts/with-postgres.sh cargo bench --locked -p parallax --benches
