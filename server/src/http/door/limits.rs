//! How many connections, and how long each may do nothing.

use std::time::Duration;

/// Files that the process may have open, where the system does not say.
const FILES: usize = 1024;
/// More files than this are not asked for.
const FILES_ENOUGH: u64 = 65_536;
/// More connections than this are of no use to one process.
const CONNECTIONS_ENOUGH: usize = 4_096;
/// Fewer than this would lock people out of an instance that nobody attacks.
const CONNECTIONS_LEAST: usize = 16;
/// One address has this part of all connections, and of the line of newcomers.
const ADDRESS_PART: usize = 4;
/// Newcomers that wait at the same time are this part of all connections.
const WAITING_PART: usize = 32;
/// The fewest and the most of them.
const WAITING: (usize, usize) = (4, 64);

/// How many connections, and how long each may do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorLimits {
    /// For the head of a request, from its first byte or, for the first one, from connecting.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body_piece: Duration,
    /// A body has `body_piece`, and a second more for each this many bytes that came.
    pub body_bytes_a_second: u64,
    /// For a body in all, however steadily it comes.
    pub body_whole: Duration,
    /// Between two requests of a connection.
    pub idle: Duration,
    /// In which nothing of a reply is read.
    pub stall: Duration,
    /// For what is under way when the host goes down.
    pub closing: Duration,
    /// Connections in all.
    pub connections: usize,
    /// Connections of one address, of IPv6 of one customer's network.
    pub per_address: usize,
    /// Requests under way of one connection (HTTP/2).
    pub streams: u32,
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body_piece: Duration::from_secs(30),
            body_bytes_a_second: 16 * 1024,
            body_whole: Duration::from_mins(10),
            idle: Duration::from_mins(1),
            stall: Duration::from_secs(30),
            closing: Duration::from_secs(5),
            connections: CONNECTIONS_ENOUGH,
            per_address: CONNECTIONS_ENOUGH / ADDRESS_PART,
            streams: 100,
        }
    }
}

impl DoorLimits {
    /// The limits of this process: half of the files that it may have open are for connections,
    /// the others for the database and for providers. `wanted` are connections in all; more than
    /// the files allow are not given.
    pub fn of_this_process(wanted: Option<usize>) -> Self {
        let files = raise_files();
        let most = files.saturating_sub(files / 8).max(1);
        let connections = match wanted {
            Some(wanted) if wanted > most => {
                tracing::warn!(
                    wanted,
                    most,
                    files,
                    "PARALLAX_MAX_CONNECTIONS is more than the open files allow; raise LimitNOFILE or `ulimit -n`"
                );
                most
            }
            Some(wanted) => wanted,
            None => (files / 2).clamp(CONNECTIONS_LEAST, CONNECTIONS_ENOUGH),
        };
        Self::default().with_connections(connections)
    }

    /// The same for so many connections in all.
    #[must_use]
    pub fn with_connections(self, connections: usize) -> Self {
        Self {
            connections,
            per_address: (connections / ADDRESS_PART).max(1),
            ..self
        }
    }

    /// Newcomers that may wait for room at the same time. As many who were sent away may be on
    /// their way out. Both have sockets beside the connections that are counted.
    pub(super) fn waiting(&self) -> usize {
        (self.connections / WAITING_PART).clamp(WAITING.0, WAITING.1)
    }

    /// Newcomers of one address among them.
    pub(super) fn waiting_of_address(&self) -> usize {
        self.waiting() / ADDRESS_PART
    }
}

/// Asks for as many open files as the system gives without being asked by name; gives how many
/// there are. Systems begin with few for the sake of old programs.
#[cfg(unix)]
fn raise_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(FILES_ENOUGH).min(FILES_ENOUGH);
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    let is_low = limit.current.is_some_and(|current| current < wanted);
    let files = if is_low && setrlimit(Resource::Nofile, raised).is_ok() {
        wanted
    } else {
        limit.current.unwrap_or(FILES_ENOUGH)
    };
    usize::try_from(files).unwrap_or(FILES)
}

#[cfg(not(unix))]
fn raise_files() -> usize {
    FILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_share() {
        let limits = DoorLimits::default();
        assert_eq!((limits.connections, limits.per_address), (4_096, 1_024));
        assert_eq!((limits.waiting(), limits.waiting_of_address()), (64, 16));
        let few = limits.with_connections(3);
        assert_eq!((few.connections, few.per_address), (3, 1));
        assert_eq!((few.waiting(), few.waiting_of_address()), (4, 1));
    }

    #[test]
    fn files_are_left_for_the_rest_of_the_process() {
        let files = raise_files();
        let limits = DoorLimits::of_this_process(None);
        assert!(limits.connections <= (files / 2).max(CONNECTIONS_LEAST));
        let limits = DoorLimits::of_this_process(Some(usize::MAX));
        assert!(limits.connections < files);
        assert_eq!(DoorLimits::of_this_process(Some(20)).connections, 20);
    }
}
