#!/usr/bin/env bash
# Installs what is missing for the parts named: build (the default), test, lint, dev.
#   scripts/setup.sh build test
# Wants Debian 12 (or a relative with apt), rustup's Rust, Node 20, and root or sudo. Tools
# go to $PARALLAX_CACHE/tools, nothing to the checkout but node_modules. Says nothing and
# installs nothing where all is there. What it cannot install it names, with what to type.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

readonly TRUNK_VERSION=0.21.14
readonly WASM_SPLIT_VERSION=0.2.3
readonly CARGO_DENY_VERSION=0.20.2
readonly LLMOCK_VERSION=0.2.2
readonly AIOSMTPD_VERSION=1.4.6
readonly SCHEMATHESIS_VERSION=4.32.5
readonly NODE_MAJOR=20
RUST_VERSION="$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)"
readonly RUST_VERSION
readonly WASM=wasm32-unknown-unknown
readonly LOG="$PARALLAX_CACHE/setup.log"
# A failing attempt that has a fallback needs no stack.
export RUST_BACKTRACE=0

say() { printf 'set-up: %s\n' "$*" >&2; }

# give_up WHAT COMMAND: ends with what is missing and what to type.
give_up() {
  printf 'set-up: %s\n  Type this, then try again:\n    %s\n' "$1" "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# quietly WHAT CMD...: says WHAT, runs CMD, shows its output only where it fails. The lock
# is not inherited: a package may start a service.
quietly() {
  say "$1"
  shift
  local started=$SECONDS
  if ! "$@" >"$LOG" 2>&1 9>&-; then
    tail -n 15 "$LOG" >&2
    return 1
  fi
  if ((SECONDS - started > 20)); then say "done in $((SECONDS - started)) s"; fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@"; }

# apt_install PACKAGE...
apt_install() {
  local by_hand="apt-get update && apt-get install -y --no-install-recommends $*"
  if have sudo; then by_hand="sudo sh -c '$by_hand'"; else by_hand="su -c '$by_hand'"; fi
  have apt-get || give_up "this machine has no apt; needed are the equivalents of: $*" \
    "(your system's command to install them)"
  can_be_root || give_up "these packages are missing, and this is neither root nor sudo without a password: $*" "$by_hand"
  # A fresh machine has no package lists, an old one has stale ones.
  if compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
    quietly "installing $*" apt_get install -y --no-install-recommends "$@" && return
  fi
  quietly "fetching the package lists" apt_get update || give_up "apt cannot be reached" "$by_hand"
  quietly "installing $*" apt_get install -y --no-install-recommends "$@" ||
    give_up "apt could not install: $*" "$by_hand"
}

# --- Rust ---------------------------------------------------------------------------

rust_is_new_enough() {
  local found
  found="$(rustc --version 2>/dev/null | awk '{print $2}')" && [ -n "$found" ] &&
    printf '%s\n%s\n' "$RUST_VERSION" "$found" | sort --check=quiet --version-sort
}

# Asks the compiler itself: a missing, foreign or stale standard library, or a missing
# linker, all show here.
wasm_links() {
  local out
  out="$(mktemp)"
  echo 'fn main() { println!("") }' |
    rustc --target "$WASM" -o "$out" - >/dev/null 2>&1 9>&- || { rm -f "$out"; return 1; }
  rm -f "$out"
}

rust_is_ready() { rust_is_new_enough && wasm_links; }

ensure_rust() {
  rust_is_ready && return
  have rustup || give_up "rustup is missing" \
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env"
  # Whatever rust-toolchain.toml names, a toolchain that is here and does it all saves a download.
  local default
  # A rustup without a default says so and fails; that is no reason to end here.
  default="$(rustup default 2>/dev/null | awk '{print $1}')" || default=
  if [ -n "$default" ] && RUSTUP_TOOLCHAIN="$default" rust_is_ready; then
    echo "$default" >"$PARALLAX_CACHE/toolchain"
    export RUSTUP_TOOLCHAIN="$default"
    return
  fi
  # What an earlier set-up chose no longer works: choose again.
  if [ -s "$PARALLAX_CACHE/toolchain" ]; then
    rm -f "$PARALLAX_CACHE/toolchain"
    unset RUSTUP_TOOLCHAIN
    rust_is_ready && return
  fi
  rust_is_new_enough || quietly "updating Rust to $RUST_VERSION or newer" \
    timeout 900 rustup update stable || true
  if rust_is_new_enough; then
    quietly "adding the $WASM standard library" timeout 600 rustup target add "$WASM" || true
    wasm_links && return
  fi
  say "rustup cannot supply Rust $RUST_VERSION for $WASM; trying Debian's toolchain"
  debian_rust
}

# Debian's own toolchain lacks only the wasm32 standard library, but has its source.
debian_rust() {
  apt_install rustc-web cargo-web rust-web-src "$(newest_lld)" gcc libc6-dev
  local host libraries
  host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
  libraries="/usr/lib/rustlib/$WASM/lib"
  as_root mkdir -p "/usr/lib/rustlib/$host/bin" "$libraries"
  # The name by which rustc looks for its wasm linker.
  as_root ln -sf "/usr/bin/$(newest_lld)" "/usr/lib/rustlib/$host/bin/rust-lld"

  local scratch="$PARALLAX_CACHE/wasm-std"
  rm -rf "$scratch"
  mkdir -p "$scratch/src"
  printf '#![no_std]\n' >"$scratch/src/lib.rs"
  printf '[package]\nname = "scratch"\nedition = "2024"\n\n[profile.release]\npanic = "abort"\n' \
    >"$scratch/Cargo.toml"
  # With bitcode, or a client built with link-time optimisation fails. As a toolchain's own
  # standard library it may use unstable features: RUSTC_BOOTSTRAP.
  (
    cd "$scratch"
    unset RUSTUP_TOOLCHAIN
    export PATH="/usr/bin:$PATH" CARGO_TARGET_DIR="$scratch/target"
    export RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes
    quietly "compiling the $WASM standard library from Debian's source" \
      /usr/bin/cargo build --release --target "$WASM" \
      -Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro
  ) || give_up "the $WASM standard library could not be built" "rustup target add $WASM"
  # Two generations beside each other would be ambiguous.
  as_root find "$libraries" -name '*.rlib' -delete
  find "$scratch/target/$WASM/release/deps" -name '*.rlib' ! -name 'libscratch*' -print0 |
    as_root xargs -0 install -m 644 -t "$libraries"
  rm -rf "$scratch"
  # What was compiled against an older one cannot be linked any more.
  rm -rf "${CARGO_TARGET_DIR:?}/$WASM"

  rustup toolchain link debian /usr
  echo debian >"$PARALLAX_CACHE/toolchain"
  export RUSTUP_TOOLCHAIN=debian
  rust_is_ready || give_up "Debian's toolchain does not build for $WASM" "rustup target add $WASM"
}

# The newest lld that apt knows, as its package is named.
newest_lld() {
  local lld
  lld="$(apt-cache --names-only search '^lld-[0-9]+$' | awk '{print $1}' | sort --version-sort | tail -n 1)"
  echo "${lld:-lld-22}"
}

ensure_lint_components() {
  cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1 && return
  if [ "${RUSTUP_TOOLCHAIN:-}" = debian ]; then
    apt_install rust-web-clippy rustfmt-web
  else
    quietly "adding clippy and rustfmt" rustup component add clippy rustfmt ||
      give_up "clippy and rustfmt are missing" "rustup component add clippy rustfmt"
  fi
}

# What works through the client's code, and through the texts of licences; the rest of the tools
# calls it, or reads options.
readonly HARD_AT_WORK=(walrus wasmparser wasm-encoder gimli wasm-bindgen-cli-support
  wasm-bindgen-wasm-interpreter wasm_split_cli_support cargo-deny askalono)

# cargo_for_seconds WORD...: cargo, for building programs that run for seconds, so what counts is
# the time that their building takes. Trunk's own profile would optimise all of it as one piece, on
# one core. Without any optimisation what is hard at work would lose more time than is saved, so
# that has some. All tools have the same profile: what they share is compiled once.
cargo_for_seconds() {
  local package profile=()
  for package in "${HARD_AT_WORK[@]}"; do
    profile+=(--config "profile.release.package.$package.opt-level=1")
  done
  env CARGO_TARGET_DIR="$TOOLS_BUILD" CARGO_PROFILE_RELEASE_LTO=false \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=symbols \
    cargo "${profile[@]}" "$@"
}

# ensure_cargo_tool CRATE VERSION COMMAND OPTION...: the command's --version tells, or, where
# it has none, what cargo noted when it installed it.
ensure_cargo_tool() {
  local crate="$1" version="$2" command="$3"
  shift 3
  [ "$("$command" --version 2>/dev/null | awk '{print $2}')" = "$version" ] && return
  have "$command" && grep -q "^\"$crate $version " "$PARALLAX_CACHE/tools/.crates.toml" 2>/dev/null && return
  local install=(install "$crate" --version "$version" --root "$PARALLAX_CACHE/tools" "$@")
  # The versions that the tool was released with, or, where the registry lacks one of them,
  # the newest that fit.
  quietly "compiling $crate $version (minutes, once)" cargo_for_seconds "${install[@]}" --locked ||
    quietly "compiling $crate $version without its lock file" cargo_for_seconds "${install[@]}" ||
    give_up "$crate $version could not be installed" "cargo ${install[*]}"
  hash -r
}

# --- Node ---------------------------------------------------------------------------

ensure_node() {
  local major
  major="$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" || major=
  if [ "${major:-0}" -lt "$NODE_MAJOR" ] || ! have npm; then
    give_up "Node $NODE_MAJOR or newer with npm is missing (found: $(node --version 2>/dev/null || echo none))" \
      "curl -fsSL https://deb.nodesource.com/setup_${NODE_MAJOR}.x | sudo bash - && sudo apt-get install -y nodejs"
  fi
}

# ensure_npm_packages FOLDER: again only where its lock file changed.
ensure_npm_packages() {
  local folder="$1" stamp="$1/node_modules/.parallax-lock" wanted
  wanted="$(cat "$folder/package-lock.json" "$folder/package.json" | sha256sum)"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  quietly "installing $folder's npm packages" \
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund ||
    give_up "npm could not install $folder's packages" "npm ci --prefix $folder --ignore-scripts"
  echo "$wanted" >"$stamp"
}

# --- Python -------------------------------------------------------------------------

# ensure_python_tool PACKAGE VERSION: in an environment of its own, so that nothing else is
# touched, at $PARALLAX_CACHE/tools/PACKAGE.
ensure_python_tool() {
  local package="$1" version="$2" folder="$PARALLAX_CACHE/tools/$1"
  # The packages of the environment know their versions; only its own Python sees them.
  [ "$("$folder/bin/python" -c \
    'import sys; from importlib.metadata import version; print(version(sys.argv[1]))' "$package" \
    2>/dev/null)" = "$version" ] && return
  python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv
  rm -rf "$folder"
  quietly "making an environment for $package" python3 -m venv "$folder" ||
    give_up "Python can make no virtual environment" "python3 -m venv $folder"
  quietly "installing $package $version" \
    "$folder/bin/python" -m pip install --disable-pip-version-check "$package==$version" ||
    give_up "$package $version could not be installed" \
      "$folder/bin/python -m pip install $package==$version"
}

# --- Debian packages that stay in the cache ------------------------------------------

# ensure_unpacked PACKAGE FILE: the package unpacked at $PARALLAX_CACHE/tools/PACKAGE, for what
# would start a service of its own where it is installed. FILE is its program, which tells its
# version by -V: it is there where it runs.
ensure_unpacked() {
  local package="$1" file="$2" folder="$PARALLAX_CACHE/tools/$1" scratch missing
  "$folder/$file" -V >/dev/null 2>&1 && return
  have apt-get || give_up "this machine has no apt; needed is $package at $folder/$file" \
    "(your system's command to install it, and a link to its program there)"
  scratch="$(mktemp -d)"
  # apt reads the lists as a user of its own.
  chmod 755 "$scratch"
  if ! (cd "$scratch" && quietly "downloading $package" apt-get download "$package"); then
    quietly "fetching the package lists" apt_get update &&
      (cd "$scratch" && quietly "downloading $package" apt-get download "$package") || {
      rm -rf "$scratch"
      give_up "apt cannot download $package" "apt-get update && apt-get download $package"
    }
  fi
  # What an interrupted set-up or an older system left is in the way.
  rm -rf "$folder"
  mkdir -p "$folder"
  dpkg-deb -x "$scratch/$package"_*.deb "$folder" || true
  rm -rf "$scratch"
  "$folder/$file" -V >/dev/null 2>&1 && return
  missing="$(ldd "$folder/$file" 2>&1 | grep 'not found' || true)"
  rm -rf "$folder"
  give_up "$package does not start once it is unpacked: ${missing:-its archive may be broken}" \
    "apt-get install $package"
}

# --- Parts --------------------------------------------------------------------------

# Nothing here uses OpenSSL or cmake: TLS (aws-lc) and SQLite are C sources in their crates.
ensure_compiler() { have cc || apt_install gcc libc6-dev; }

# Wanted by every part, looked at once.
build_is_ready=
ensure_build() {
  [ -z "$build_is_ready" ] || return 0
  build_is_ready=yes
  ensure_node
  ensure_compiler
  ensure_rust
  ensure_cargo_tool trunk "$TRUNK_VERSION" trunk --no-default-features
  # The client's glue must be written by exactly the version that it was compiled with.
  local bindgen
  bindgen="$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)"
  ensure_cargo_tool wasm-bindgen-cli "$bindgen" wasm-bindgen --no-default-features --bin wasm-bindgen
  ensure_cargo_tool wasm_split_cli_support "$WASM_SPLIT_VERSION" wasm-split-cli --features build-binary
  ensure_npm_packages frontend
}

ensure_test() {
  ensure_build
  local packages=()
  # A database given from outside needs no server here.
  [ -n "${DATABASE_URL_TEST:-}" ] || have initdb || packages+=(postgresql)
  # Beside the server's other programs, off the PATH of most users.
  have pgbouncer || [ -x /usr/sbin/pgbouncer ] || packages+=(pgbouncer)
  have "$PLAYWRIGHT_CHROMIUM_EXECUTABLE" || packages+=(chromium fonts-liberation)
  # The certificate of the proxy that server/tests/processes puts before a host.
  have openssl || packages+=(openssl)
  if [ ${#packages[@]} -gt 0 ]; then apt_install "${packages[@]}"; fi
  # That proxy itself.
  ensure_unpacked nginx usr/sbin/nginx
  # A provider that judges its clients, for server/tests/judges (its npm counterpart is a
  # package of end2end), a mail server for server/tests/processes, and what sends REST
  # whatever its document lets expect, for scripts/schemathesis.sh.
  ensure_python_tool llmock "$LLMOCK_VERSION"
  ensure_python_tool aiosmtpd "$AIOSMTPD_VERSION"
  ensure_python_tool schemathesis "$SCHEMATHESIS_VERSION"
  ensure_npm_packages end2end
}

# The fuzz targets stand outside the workspace and take its versions: their lock file is made of
# the workspace's. It stays in the cache, and their crates with it, so that scripts/lint.sh asks
# no registry until one of the two files changes.
ensure_fuzz_lock() {
  local folder="$PARALLAX_CACHE/fuzz-lock" kept host fetch
  kept="$folder/$(cat Cargo.lock fuzz/Cargo.toml | sha256sum | cut -c 1-32)"
  if [ ! -s "$kept" ]; then
    cp Cargo.lock fuzz/Cargo.lock
    host="$(rustc -vV | sed -n 's/^host: //p')"
    fetch=(cargo fetch --manifest-path fuzz/Cargo.toml --target "$host")
    # All of them may be here already.
    "${fetch[@]}" --offline >/dev/null 2>&1 9>&- ||
      quietly "fetching the crates of the fuzz targets" "${fetch[@]}" ||
      give_up "the crates of the fuzz targets could not be fetched" "${fetch[*]}"
    rm -rf "$folder"
    mkdir -p "$folder"
    cp fuzz/Cargo.lock "$kept.part"
    mv "$kept.part" "$kept"
  fi
  cmp --silent "$kept" fuzz/Cargo.lock || cp "$kept" fuzz/Cargo.lock
}

ensure_lint() {
  ensure_build
  ensure_lint_components
  ensure_cargo_tool cargo-deny "$CARGO_DENY_VERSION" cargo-deny
  ensure_fuzz_lock
  ensure_npm_packages end2end
}

ensure_dev() {
  ensure_build
  have entr || apt_install entr
}

mkdir -p "$PARALLAX_CACHE"
# What the tools have in common is compiled once.
readonly TOOLS_BUILD="$PARALLAX_CACHE/tools-build"
exec 9>"$PARALLAX_CACHE/setup.lock"
if have flock && ! flock --nonblock 9; then
  say "waiting for another set-up to end"
  flock 9
fi
trap 'rm -rf "$TOOLS_BUILD"' EXIT

[ $# -gt 0 ] || set -- build
for part in "$@"; do
  case "$part" in
    build | test | lint | dev) "ensure_$part" ;;
    *)
      echo "usage: scripts/setup.sh [build] [test] [lint] [dev]" >&2
      exit 2
      ;;
  esac
done
