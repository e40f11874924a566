//! URLs, e-mail addresses and hosts.
//!
//! Invariant: only the host of an address says whose it is, never its path or query.

use std::collections::HashMap;
use std::ops::Range;

use contract::domain;

use super::boundaries::is_unspaced;
use super::fold::{BREAK, Folded, is_word};

/// An address that stands in visible text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Where, in the folded text.
    pub(crate) span: Range<usize>,
    /// Its host; `None` for e-mail addresses.
    pub(crate) host: Option<String>,
    pub(crate) kind: AddressKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressKind {
    /// A URL or an e-mail address: no name in it counts.
    Hidden,
    /// A bare domain in small letters: only an alias that is this domain counts.
    Domain,
    /// A domain written like a name ("Monday.com"): names in it count.
    Name,
}

/// All addresses in visible text, in order.
pub(crate) fn scan(folded: &Folded, source: &str) -> Vec<Address> {
    let text = folded.text();
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let token = match byte {
            b':' if bytes.get(at + 1..at + 3) == Some(b"//") => url(text, done, at),
            b'.' | b'@' => bare(text, done, at),
            _ => None,
        };
        at += 1;
        let Some(token) = token else { continue };
        at = at.max(token.span.end);
        done = at;
        if token.is_address() {
            let written = source.get(folded.raw_range(token.span.clone()));
            let written = written.unwrap_or_default();
            found.push(Address {
                kind: token.kind(written),
                host: token.host(written),
                span: token.span,
            });
        }
    }
    found
}

/// Whether the whole of `text` (folded) is one address.
pub(crate) fn is_address(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    let text = text.trim_end_matches('/');
    text.contains("://")
        || text.starts_with("www.")
        || text
            .find(['.', '@'])
            .and_then(|at| bare(text, 0, at))
            .is_some_and(|token| token.is_address() && token.span == (0..text.len()))
}

/// A stretch of text that was looked at, an address or not. What is none ends where looking
/// did, so that nothing in it is looked at again.
struct Token {
    span: Range<usize>,
    shape: Shape,
}

#[derive(PartialEq, Eq)]
enum Shape {
    Url,
    Email,
    Domain,
    Nothing,
}

impl Token {
    fn is_address(&self) -> bool {
        self.shape != Shape::Nothing
    }

    fn kind(&self, written: &str) -> AddressKind {
        if self.shape != Shape::Domain {
            AddressKind::Hidden
        } else if written.starts_with(char::is_uppercase) {
            AddressKind::Name
        } else {
            AddressKind::Domain
        }
    }

    fn host(&self, written: &str) -> Option<String> {
        (self.shape != Shape::Email)
            .then(|| host_of(written))
            .flatten()
    }
}

/// The URL whose `://` stands at `colon`.
fn url(text: &str, from: usize, colon: usize) -> Option<Token> {
    let before = text.get(from..colon)?;
    let scheme = before
        .bytes()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
        .count();
    let shape = if scheme == 0 {
        Shape::Nothing
    } else {
        Shape::Url
    };
    Some(Token {
        span: colon - scheme..url_end(text, colon + 3),
        shape,
    })
}

/// Where a URL ends that goes on at `from`: brackets in it are balanced, punctuation at its
/// end is not part of it.
fn url_end(text: &str, from: usize) -> usize {
    let mut depth = 0_u32;
    let mut end = from;
    for (offset, c) in text.get(from..).unwrap_or_default().char_indices() {
        match c {
            ' ' | BREAK | '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '[' | ']' => break,
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            _ if !c.is_ascii() && (!is_word(c) || is_unspaced(c)) => break,
            _ => {}
        }
        if !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_') {
            end = from + offset + c.len_utf8();
        }
    }
    end
}

/// The domain or e-mail address around a dot or an at sign at `trigger`.
fn bare(text: &str, from: usize, trigger: usize) -> Option<Token> {
    let before = text.get(from..trigger)?;
    let left = before.len()
        - before
            .trim_end_matches(|c| is_part(c) || matches!(c, '+' | '%'))
            .len();
    let mut end = part_end(text, trigger);
    let local = local_end(text, end);
    if text.get(local..)?.starts_with('@') {
        end = part_end(text, local);
    }
    let token = text.get(trigger - left..end)?;
    let name = token.trim_end_matches(['.', '-', '_']);
    let looked_at = end.max(trigger + 1);
    end -= token.len() - name.len();
    let name = name.trim_start_matches(['.', '-', '_', '+', '%']);
    let start = end - name.len();
    let is_www = name.starts_with("www.") && name.len() > 4;
    let shape = match name.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && is_domain(domain) => Shape::Email,
        None if is_www || is_domain(name) => Shape::Domain,
        _ => {
            return Some(Token {
                span: start..looked_at,
                shape: Shape::Nothing,
            });
        }
    };
    let goes_on = text.get(end..)?.starts_with(['/', '?', '#']);
    if shape == Shape::Domain && (is_www || goes_on) {
        return Some(Token {
            span: start..url_end(text, end).max(end),
            shape: Shape::Url,
        });
    }
    Some(Token {
        span: start..end,
        shape,
    })
}

fn is_part(c: char) -> bool {
    matches!(c, '.' | '-') || (is_word(c) && !is_unspaced(c))
}

/// Where the part before an at sign would end that goes on at `from`.
fn local_end(text: &str, from: usize) -> usize {
    /// More is no e-mail address.
    const LONGEST_LOCAL: usize = 64;
    let rest = text.get(from..).unwrap_or_default();
    let more = rest
        .bytes()
        .take(LONGEST_LOCAL)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+' | b'%'))
        .count();
    from + more
}

fn part_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let skip = usize::from(rest.starts_with('@'));
    let rest = rest.get(skip..).unwrap_or_default();
    from + skip + rest.len() - rest.trim_start_matches(is_part).len()
}

/// Top-level domains that a bare word is taken for a domain with. Others need a scheme, a
/// `www.` or a path: "Node.js" and "e.g" are not addresses.
const TOP_LEVEL: &[&str] = &[
    "ae", "ai", "app", "ar", "at", "au", "be", "biz", "blog", "br", "ca", "cat", "cc", "ch", "cl",
    "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu", "es", "eu", "example", "fi", "fm",
    "fr", "gg", "gl", "gov", "gr", "hk", "hu", "ie", "in", "info", "io", "it", "jp", "kr", "lat",
    "ly", "me", "mx", "net", "nl", "no", "nz", "online", "org", "pe", "pl", "pro", "pt", "ro",
    "ru", "se", "sg", "sh", "shop", "site", "so", "store", "tech", "test", "to", "tr", "travel",
    "tv", "uk", "us", "uy", "ve", "world", "xyz", "za",
];

fn is_domain(name: &str) -> bool {
    let Some((rest, top)) = name.rsplit_once('.') else {
        return false;
    };
    TOP_LEVEL.binary_search_by(|known| known.cmp(&top)).is_ok()
        && !rest.is_empty()
        && rest.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(|c| is_word(c) || c == '-')
                && !label.contains('_')
        })
}

/// Bytes of a host name, and its labels (RFC 1035); a longer one is none.
const LONGEST_HOST: usize = 253;
const MOST_LABELS: usize = 127;
/// Bytes of one in other letters than ASCII, before it is brought into them.
const LONGEST_AS_WRITTEN: usize = 4 * LONGEST_HOST;

/// The host of a link target or URL, in lower case; `None` where it has none.
pub(crate) fn host_of(target: &str) -> Option<String> {
    let target = target.trim();
    let after = match target.find("//") {
        Some(0) => target.get(2..)?,
        Some(at) if target.get(..at)?.ends_with(':') && is_web(target.get(..at - 1)?) => {
            target.get(at + 2..)?
        }
        _ if target.split(['/', '?', '#']).next()?.contains(':') => return None,
        _ => target,
    };
    let authority = after.split(['/', '?', '#', '\\']).next()?;
    let host_and_port = authority.rsplit('@').next()?;
    let host = host_and_port.split(':').next()?.trim_end_matches('.');
    if host.len() > LONGEST_AS_WRITTEN || !host.contains('.') {
        return None;
    }
    let host = if host.is_ascii() {
        host.to_ascii_lowercase()
    } else {
        match url::Host::parse(host).ok()? {
            url::Host::Domain(domain) => domain,
            _ => return None,
        }
    };
    may_be_host(&host).then_some(host)
}

/// Whether a host in ASCII is short enough to be one.
pub(crate) fn may_be_host(host: &str) -> bool {
    host.len() <= LONGEST_HOST && labels(host) <= MOST_LABELS
}

/// Whether the host of an address may be one by its length, before anything reads its letters:
/// to bring those of other scripts into ASCII takes longer than their length.
pub(crate) fn may_hold_host(url: &str) -> bool {
    let behind = url.split_once("//").map_or(url, |(_, behind)| behind);
    let authority = behind.split(['/', '?', '#', '\\']).next();
    let host = authority.and_then(|authority| authority.rsplit('@').next());
    host.is_some_and(|host| host.len() <= LONGEST_AS_WRITTEN)
}

fn labels(host: &str) -> usize {
    host.split('.').count()
}

/// The host of an entity's domain, in the form of [`host_of`]. `None` for a page, because its site
/// may belong to others, and for a text that is no domain.
pub(crate) fn host_of_domain(domain: &str) -> Option<String> {
    host_of(&domain::parse(domain).ok()?)
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// Whose domain is which.
#[derive(Debug, Default)]
pub(crate) struct Domains {
    owners: HashMap<String, usize>,
    /// Labels of the longest of them.
    most_labels: usize,
}

impl Domains {
    /// Adds a domain, as typed; the first to claim one keeps it.
    pub(crate) fn add(&mut self, domain: &str, entity: usize) {
        if let Some(host) = host_of_domain(domain) {
            self.most_labels = self.most_labels.max(labels(&host));
            self.owners.entry(host).or_insert(entity);
        }
    }

    /// Whose host this is: its own domain or the closest one above it.
    pub(crate) fn owner(&self, host: &str) -> Option<usize> {
        // What has more labels than all of them is nobody's.
        let dot = host
            .rmatch_indices('.')
            .nth(self.most_labels.checked_sub(1)?);
        let mut rest = dot.map_or(host, |(dot, _)| host.get(dot + 1..).unwrap_or_default());
        loop {
            if let Some(entity) = self.owners.get(rest) {
                return Some(*entity);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// Nobody has one.
    pub(crate) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_and_nothing_else() {
        for (target, host) in [
            ("https://kipu.io/a?b#c", Some("kipu.io")),
            ("HTTPS://User:pw@WWW.Kipu.IO:8443/", Some("www.kipu.io")),
            ("//kipu.io/x", Some("kipu.io")),
            ("kipu.io/x", Some("kipu.io")),
            ("https://kipu.io@evil.example/", Some("evil.example")),
            ("https://evil.example\\@kipu.io/", Some("evil.example")),
            ("https://a.example/?u=https://kipu.io", Some("a.example")),
            ("https://kipu.io./", Some("kipu.io")),
            ("https://españa.es/", Some("xn--espaa-rta.es")),
            ("mailto:info@kipu.io", None),
            ("javascript:alert(1)", None),
            ("#top", None),
            ("/about", None),
            ("", None),
        ] {
            assert_eq!(host_of(target).as_deref(), host, "{target}");
        }
    }

    #[test]
    fn a_name_that_no_host_can_have_is_none() {
        let host = |length: usize| "a.".repeat(length / 2) + "example";
        assert!(host_of(&format!("https://{}/x", host(246))).is_some());
        for target in [
            format!("https://{}/x", host(248)),
            format!("https://{}", "www.".repeat(150_000)),
            format!("https://{}example", "ñ.".repeat(120)),
            format!("https://a{}example", ".".repeat(127)),
        ] {
            assert_eq!(host_of(&target), None, "{} bytes", target.len());
        }
    }

    #[test]
    fn domains_as_entered_are_read_as_hosts_are() {
        for (domain, host) in [
            ("https://www.Bücher.de/", Some("xn--bcher-kva.de")),
            ("xn--bcher-kva.de", Some("xn--bcher-kva.de")),
            (" kipu.io ", Some("kipu.io")),
            ("kipu.io/x", None),
            ("", None),
        ] {
            assert_eq!(host_of_domain(domain).as_deref(), host, "{domain}");
        }
    }

    proptest::proptest! {
        /// Against the browsers' way to write a name in ASCII, which is another program's.
        #[test]
        fn both_forms_of_an_international_domain_are_one(name in "[a-zà-ÿぁ-ん中文字а-яα-ω]{1,12}") {
            let typed = format!("{name}.example");
            let ascii = url::Host::parse(&typed).expect("a host").to_string();
            let stored = domain::parse(&typed);
            proptest::prop_assume!(stored.is_ok());
            proptest::prop_assert_eq!(domain::parse(&ascii), stored);
            proptest::prop_assert_eq!(host_of_domain(&typed), Some(ascii));
        }
    }

    #[test]
    fn an_entity_owns_its_domain_and_nothing_wider() {
        let mut domains = Domains::default();
        for (entity, domain) in [
            "https://www.Kipu.example/",
            "social.example/kipu",
            "España.es",
            "kipu.github.io",
            "localhost",
        ]
        .into_iter()
        .enumerate()
        {
            domains.add(domain, entity);
        }
        for (host, owner) in [
            ("kipu.example", Some(0)),
            ("docs.kipu.example", Some(0)),
            ("social.example", None),
            ("xn--espaa-rta.es", Some(2)),
            ("kipu.github.io", Some(3)),
            ("a.b.c.d.kipu.github.io", Some(3)),
            ("acme.github.io", None),
            ("example", None),
        ] {
            assert_eq!(domains.owner(host), owner, "{host}");
        }
        assert_eq!(Domains::default().owner("kipu.example"), None);
    }

    #[test]
    fn the_list_of_top_level_domains_is_sorted() {
        assert!(TOP_LEVEL.is_sorted());
    }

    fn addresses(text: &str) -> Vec<(String, AddressKind)> {
        let mut folded = Folded::default();
        folded.push(text, 0);
        scan(&folded, text)
            .into_iter()
            .map(|found| (text.get(found.span).unwrap_or("?").to_owned(), found.kind))
            .collect()
    }

    #[test]
    fn addresses_in_text() {
        use AddressKind::{Domain, Hidden, Name};
        for (text, expected) in [
            (
                "see https://kipu.io/a_(b), ok",
                vec![("https://kipu.io/a_(b)", Hidden)],
            ),
            ("(https://kipu.io).", vec![("https://kipu.io", Hidden)]),
            ("go to www.kipu.io.", vec![("www.kipu.io", Hidden)]),
            ("kipu.io/pricing is", vec![("kipu.io/pricing", Hidden)]),
            ("on kipu.io, and", vec![("kipu.io", Domain)]),
            ("Monday.com is", vec![("Monday.com", Name)]),
            (
                "mail first.last+x@kipu.io now",
                vec![("first.last+x@kipu.io", Hidden)],
            ),
            ("Node.js, e.g. and 4.5 and a.b", vec![]),
            ("follow @kipu.", vec![]),
            ("kipu.", vec![]),
            ("......kipu.io", vec![("kipu.io", Domain)]),
            ("kipu.io......", vec![("kipu.io", Domain)]),
            ("kipu......acme.io", vec![]),
            ("kipu.-.-/acme.io", vec![("acme.io", Domain)]),
            ("kipu.-.-@acme.io", vec![("kipu.-.-@acme.io", Hidden)]),
        ] {
            let found = addresses(text);
            let found: Vec<_> = found.iter().map(|(t, k)| (t.as_str(), *k)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
