//! Whose a source is.

use contract::sources::SourceKind;

use super::belongs_to;
use crate::address::host_of_domain;

/// The domains of the entities that are watched.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    domains: Vec<(String, SourceKind, String)>,
}

impl Owners {
    /// `entities`: name, whether it is the brand, and domains as they were entered; a page is
    /// nobody's.
    pub fn new<'a>(entities: impl IntoIterator<Item = (&'a str, bool, &'a [String])>) -> Self {
        let mut domains = Vec::new();
        for (name, is_brand, own) in entities {
            let kind = if is_brand {
                SourceKind::Own
            } else {
                SourceKind::Competitor
            };
            let hosts = own.iter().filter_map(|domain| host_of_domain(domain));
            domains.extend(hosts.map(|host| (host, kind, name.to_owned())));
        }
        // The longest decides: shop.kipu.io may be another's than kipu.io.
        domains.sort_by_key(|(host, kind, _)| (usize::MAX - host.len(), *kind != SourceKind::Own));
        Self { domains }
    }

    /// Whose a host is, and the entity's name: that whose domain is the host or lies above it.
    pub fn of(&self, host: &str) -> (SourceKind, Option<String>) {
        let found = self
            .domains
            .iter()
            .find(|(domain, ..)| belongs_to(host, domain));
        found.map_or((SourceKind::Other, None), |(_, kind, name)| {
            (*kind, Some(name.clone()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_domain_decides() {
        let kipu = ["kipu.io".to_owned(), "www.kipu.co.uk".to_owned()];
        let andes = [
            "andes.kipu.io".to_owned(),
            "social.example/andes".to_owned(),
        ];
        let owners = Owners::new([("Kipu", true, &kipu[..]), ("Andes", false, &andes[..])]);
        for (host, kind, name) in [
            ("kipu.io", SourceKind::Own, Some("Kipu")),
            ("docs.kipu.io", SourceKind::Own, Some("Kipu")),
            ("kipu.co.uk", SourceKind::Own, Some("Kipu")),
            ("andes.kipu.io", SourceKind::Competitor, Some("Andes")),
            ("notkipu.io", SourceKind::Other, None),
            ("social.example", SourceKind::Other, None),
        ] {
            assert_eq!(owners.of(host), (kind, name.map(str::to_owned)), "{host}");
        }
    }
}
