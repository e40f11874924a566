//! A release build carries the client's files: building a new client makes it stale.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
