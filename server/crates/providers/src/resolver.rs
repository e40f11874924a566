//! Names to network addresses, but only to those within reach: whatever a name server says, and
//! whenever it changes its mind, no connection is made to another one.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use tokio::time::timeout;
use url::{Host, Url};

use super::reach::{OutOfReach, Reach};

/// Somebody waits while an address is saved; a name server that takes longer is asked again at
/// the first connection.
const SAVE_TIMEOUT: Duration = Duration::from_secs(3);

/// Resolves names for connections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver {
    pub(super) reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            // The port of the address is put in by the client.
            let found = lookup_host((name.as_str(), 0)).await?;
            let covered = within(reach, found)?;
            Ok(Box::new(covered.into_iter()) as Addrs)
        })
    }
}

/// Those addresses that are within reach.
///
/// # Errors
/// None is.
fn within(
    reach: Reach,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, OutOfReach> {
    let mut refused = None;
    let covered: Vec<SocketAddr> = found
        .filter(|address| match reach.check(address.ip()) {
            Ok(()) => true,
            Err(reason) => {
                refused = Some(reason);
                false
            }
        })
        .collect();
    match refused {
        Some(reason) if covered.is_empty() => Err(reason),
        _ => Ok(covered),
    }
}

/// Whether everything that an address leads to now is within reach: for the moment in which it is
/// saved. A name that nobody can resolve now passes; each connection looks again.
///
/// # Errors
/// What stands in the way.
pub async fn check_address(base_url: &str, reach: Reach) -> Result<(), OutOfReach> {
    let Ok(url) = Url::parse(base_url) else {
        return Ok(());
    };
    reach.check_literal(&url)?;
    let Some(Host::Domain(name)) = url.host() else {
        return Ok(());
    };
    let found = timeout(SAVE_TIMEOUT, lookup_host((name, 0))).await;
    let addresses: Vec<IpAddr> = match found {
        Ok(Ok(found)) => found.map(|address| address.ip()).collect(),
        Ok(Err(_)) | Err(_) => Vec::new(),
    };
    addresses
        .into_iter()
        .try_for_each(|address| reach.check(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts
            .iter()
            .map(|text| text.parse().expect("an address"))
            .collect()
    }

    #[test]
    fn only_addresses_within_reach_are_connected_to() {
        let mixed = addresses(&["10.0.0.1:0", "8.8.8.8:0", "169.254.169.254:0", "[::1]:0"]);
        let covered = |reach| within(reach, mixed.iter().copied()).expect("some");
        assert_eq!(covered(Reach::Anywhere), mixed);
        assert_eq!(
            covered(Reach::Private),
            addresses(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"])
        );
        assert_eq!(covered(Reach::Public), addresses(&["8.8.8.8:0"]));
    }

    #[test]
    fn a_name_that_leads_only_out_of_reach_is_refused() {
        let private = addresses(&["127.0.0.1:0", "[::1]:0"]);
        assert_eq!(
            within(Reach::Public, private.into_iter()),
            Err(OutOfReach::Private)
        );
        let metadata = addresses(&["169.254.169.254:0"]);
        assert_eq!(
            within(Reach::Private, metadata.into_iter()),
            Err(OutOfReach::Barred)
        );
        assert_eq!(within(Reach::Public, std::iter::empty()), Ok(Vec::new()));
    }

    #[tokio::test]
    async fn names_of_this_machine_are_refused_when_saved() {
        for address in ["http://localhost:11434/v1", "https://LOCALHOST/v1"] {
            let refused = check_address(address, Reach::Public).await;
            assert_eq!(refused, Err(OutOfReach::Private), "{address}");
            assert_eq!(check_address(address, Reach::Private).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_resolved_now_passes() {
        let address = "http://no-such-host.invalid/v1";
        assert_eq!(check_address(address, Reach::Public).await, Ok(()));
    }
}
