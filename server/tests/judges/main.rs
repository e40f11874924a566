//! Mock providers that others wrote, as judges: real processes of `llmock` (Python) and
//! `@copilotkit/aimock` (Node), asked by a real host. They know nothing of how this host retries;
//! llmock says at the end whether it did so well.
//!
//! Bodies that are cut and other misbehaviour below HTTP are for `tests/hostile`: these judges
//! break streams only, and this host asks for none.

#[expect(
    dead_code,
    reason = "shared with the tests of processes, which need all of it"
)]
#[path = "../processes/support/mod.rs"]
mod support;

mod aimock;
mod llmock;
mod mock;
