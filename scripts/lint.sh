#!/usr/bin/env bash
# Everything that is checked without running the program.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

clippy_client() {
  # Only `csr`: with `--all-features` the host's side of `app` would be compiled for wasm32.
  cargo clippy --locked -p parallax-frontend -p parallax-app -p parallax-contract \
    --features parallax-app/csr,parallax-frontend/styleguide --target wasm32-unknown-unknown -- -D warnings
}

# Nothing of the host may reach the browser: it would not run there, and it is large.
client_tree() {
  local tree found
  tree="$(cargo tree --locked -p parallax-frontend --target wasm32-unknown-unknown \
    -e normal,no-proc-macro --prefix none)" || return
  found="$(grep -E '^(axum|leptos_axum|parallax|parallax-(analysis|engine|providers|runtime|statistics)|reqwest|sea-orm|sqlx|tokio) v' <<<"$tree" | sort -u)" ||
    return 0
  printf 'the client depends on %s\n' "$found" >&2
  echo "who wants it: cargo tree -p parallax-frontend --target wasm32-unknown-unknown -e normal -i CRATE" >&2
  return 1
}

deny_client() {
  cargo deny --locked --exclude parallax --exclude parallax-analysis --exclude parallax-engine \
    --exclude parallax-migrations --exclude parallax-providers --exclude parallax-runtime \
    --exclude parallax-statistics \
    --target wasm32-unknown-unknown check --hide-inclusion-graph licenses bans sources
}

# The advisory database is fetched from outside the registry: unreachable is not wrong.
advisories() {
  local out status=0
  out="$(timeout 90 cargo deny --locked check advisories 2>&1)" || status=$?
  if [ "$status" = 124 ] || grep -q 'failed to fetch advisory database' <<<"$out"; then
    echo "the advisory database cannot be reached from here"
    return "$STEP_NOT_POSSIBLE"
  fi
  tail -n 40 <<<"$out"
  return "$status"
}

# Lock files match their package.json and name no registry, so that any mirror serves them.
npm_locks() {
  local folder bad=0
  for folder in frontend end2end; do
    npm ci --dry-run --ignore-scripts --offline --no-audit --no-fund --prefix "$folder" >/dev/null || bad=1
    if grep -n '"resolved"' "$folder/package-lock.json"; then
      echo "$folder/package-lock.json names a registry: npm install --prefix $folder --omit-lockfile-registry-resolved" >&2
      bad=1
    fi
  done
  return "$bad"
}

# The fuzz targets stand outside the workspace; scripts/setup.sh lint makes their lock file of the
# workspace's. To check them needs no libFuzzer, which would be compiled first.
fuzz_targets() {
  cargo check --locked --no-default-features --manifest-path fuzz/Cargo.toml --bins
}

shell_syntax() {
  local file bad=0
  for file in scripts/*.sh fuzz/*.sh deploy/parallax-run .ci/run; do bash -n "$file" || bad=1; done
  return "$bad"
}

step "rustfmt" cargo fmt --all --check
step "rustfmt, fuzz targets" cargo fmt --manifest-path fuzz/Cargo.toml --check
step "clippy, host" cargo clippy --locked --all-targets -- -D warnings
step "clippy, client" clippy_client
step "fuzz targets" fuzz_targets
step "client's dependencies" client_tree
step "licences, bans, sources: host" cargo deny --locked check --hide-inclusion-graph licenses bans sources
step "licences, bans, sources: client" deny_client
step "advisories" advisories
step "npm lock files" npm_locks
step "browser tests' types" npx --no-install --prefix end2end tsc --project end2end
step "shell scripts" shell_syntax
steps_end
