//! Opens the port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be taken in.
const BACKLOG: u32 = 1024;

/// Listens on an address. All addresses of IPv6 (`[::]`) are those of IPv4 too; where the machine
/// has no IPv6, those of IPv4 alone.
///
/// # Errors
/// The port is taken, or this process may not have it.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if address.ip() != IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        return open(address);
    }
    match open(address) {
        Err(error) if !is_about_the_port(&error) => {
            tracing::info!(%error, "no IPv6 on this machine; listening on IPv4 alone");
            open(SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port())))
        }
        outcome => outcome,
    }
}

fn is_about_the_port(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied
    )
}

fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        let socket = TcpSocket::new_v6()?;
        // Some systems keep the two apart unless told otherwise.
        #[cfg(unix)]
        rustix::net::sockopt::set_ipv6_v6only(&socket, false)?;
        socket
    };
    // So that a restart need not wait until the system has forgotten the last connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn all_addresses_are_those_of_both_families() {
        let listener = listen(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mut loopbacks = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        if listener.local_addr().expect("an address").is_ipv6() {
            loopbacks.push(IpAddr::V6(Ipv6Addr::LOCALHOST));
        }
        for loopback in loopbacks {
            let (connected, accepted) =
                tokio::join!(TcpStream::connect((loopback, port)), listener.accept());
            connected.expect("connected");
            assert_eq!(accepted.expect("accepted").1.ip().to_canonical(), loopback);
        }
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_not_taken_again() {
        let first = listen(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))).expect("a port");
        let address = first.local_addr().expect("an address");
        let error = listen(address).expect_err("it is taken");
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }
}
