//! API keys: stored by people, and opened for those who ask providers.

mod key_ring;
mod workspace_keys;

pub use key_ring::{HostKeyRing, KeyRingError, find_vault, look_for_vault, open_vault};
