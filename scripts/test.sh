#!/usr/bin/env bash
# Runs every test: Rust on SQLite and PostgreSQL, the client's size, REST against its document, the browser. Ends with
# the sum of all tests where each part could be counted.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

# DATABASE_URL_TEST where it is given, else a throw-away cluster for all that follows.
if [ -z "${DATABASE_URL_TEST:-}" ]; then exec scripts/with-postgres.sh "$0" "$@"; fi

# Recorded answers of real providers, where the folder lies beside the checkout.
export PARALLAX_CASSETTES="${PARALLAX_CASSETTES:-$PARALLAX_ROOT/../shared/cassettes}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"

results=build/test-results
rm -rf "$results"
mkdir -p "$results"

# Default members only: with the client among them its features would be unified with the
# host's (see Cargo.toml).
rust_tests() {
  cargo test --locked --no-fail-fast 2>&1 | tee "$results/rust.log"
}

# The binary of the process tests: a plain build would compile most crates once more, because
# tests switch on another feature of tokio.
host() {
  cargo test --locked --no-run --quiet
  install -m 755 "$CARGO_TARGET_DIR/debug/parallax" "$results/parallax"
}

# The debug host reads dist/ when asked, so it serves the client built above.
browser_tests() {
  (
    cd end2end
    PARALLAX_BINARY="$PARALLAX_ROOT/$results/parallax" \
      PLAYWRIGHT_JSON_OUTPUT_FILE="$PARALLAX_ROOT/$results/browser.json" \
      npx --no-install playwright test --reporter=list,json
  )
}

step "Rust tests" rust_tests
step "client" scripts/client.sh
step "client's size" scripts/check-size.sh
step "host for the browser" host
step "the walk of docs/API.md" scripts/check-api-walk.sh "$PARALLAX_ROOT/$results/parallax"
step "REST against its document" scripts/schemathesis.sh "$PARALLAX_ROOT/$results/parallax" "$PARALLAX_ROOT/$results"
step "browser tests" browser_tests

# Adds up what both runners counted. Says nothing where one of them did not get so far.
node - "$results" <<'JS' | tee "$results/sum"
const { existsSync, readFileSync, readdirSync } = require("node:fs");
const folder = process.argv[2];
const log = readFileSync(`${folder}/rust.log`, "utf8");
const sums = [...log.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)];
const browser = `${folder}/browser.json`;
if (sums.length > 0 && !/^error: could not compile/m.test(log) && existsSync(browser)) {
  const { stats, errors } = JSON.parse(readFileSync(browser, "utf8"));
  if (errors.length === 0) {
    const sum = (group) => sums.reduce((total, found) => total + Number(found[group]), 0);
    // Schemathesis counts operations, in each phase that had cases for them.
    const rest = readdirSync(folder)
      .filter((name) => /^schemathesis-(known|any|remove)\.log$/.test(name))
      .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
      .join("\n");
    const operations = (mark) =>
      [...rest.matchAll(new RegExp(`${mark}\\s+(\\d+) (?:passed|failed|errored)`, "g"))].reduce(
        (total, found) => total + Number(found[1]),
        0,
      );
    const passed = sum(1) + stats.expected + operations("✅");
    const failed = sum(2) + stats.unexpected + stats.flaky + operations("❌") + operations("🚫");
    // Where the folder of recordings is missing, its test passes and says how many it had not.
    const over = log.match(/^recordings: passed over: (\d+)/m);
    const without = over ? `, ${over[1]} recordings passed over (no folder of recordings)` : "";
    console.log(`${passed} passed, ${failed} failed${without}`);
  }
}
JS
steps_end
