//! Where pages, endpoints and files of this host are, below whatever path it lies.
//!
//! Invariant: nothing else in the client knows the prefix. The router puts it before the paths
//! that it is given; all other addresses go through [`at`], which a test below looks after.

use std::sync::LazyLock;

use leptos::prelude::document;

/// The path below which the application lies, without a slash at its end; empty at the root. The
/// page's `<base>` says it.
pub fn prefix() -> &'static str {
    static PREFIX: LazyLock<String> = LazyLock::new(|| {
        let base = document().query_selector("base").ok().flatten();
        let href = base.and_then(|base| base.get_attribute("href"));
        href.unwrap_or_default().trim_end_matches('/').to_owned()
    });
    &PREFIX
}

/// The address of what the host has at `path`: `at("/keys")`.
pub fn at(path: &str) -> String {
    [prefix(), path].concat()
}

/// The path of a page as its route has it, of where the browser is.
pub fn page_of(pathname: &str) -> &str {
    below(prefix(), pathname)
}

fn below<'a>(prefix: &str, pathname: &'a str) -> &'a str {
    match pathname.strip_prefix(prefix) {
        Some("") => "/",
        Some(page) => page,
        None => pathname,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Calls that take an address.
    const SINKS: [&str; 6] = [
        "EventSource::new(",
        "fetch_with_str(",
        "fetch_with_str_and_init(",
        "set_src(",
        "set_href(",
        "set_action(",
    ];
    /// Those whose address stands in the page, which has it relative to its `<base>`.
    const OF_THE_PAGE: [&str; 2] = ["fetch_with_str(&address)", "set_src(&address)"];
    /// Those whose address holds the file itself.
    const OF_A_FILE: [&str; 1] = ["set_href(file_itself)"];

    fn sources(folder: &Path, visit: &mut impl FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, visit);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with(file!()) {
                visit(&path, &fs::read_to_string(&path).expect("a source"));
            }
        }
    }

    /// What an `<a …>` says from its name on to the end of its last attribute.
    fn anchors(source: &str) -> impl Iterator<Item = &str> {
        let starts = source.split("<a").skip(1);
        starts
            .filter(|rest| rest.starts_with(char::is_whitespace))
            .map(|rest| {
                let end = rest.find("</a>").unwrap_or(rest.len());
                &rest[..end]
            })
    }

    /// An address from the root would leave the prefix out, one that is only a search or a mark
    /// would lead to the `<base>`.
    #[test]
    fn every_address_goes_through_at() {
        let (mut links, mut calls) = (0, 0);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        sources(&root, &mut |path, source| {
            let place = path.display();
            for anchor in anchors(source) {
                let href = anchor.split("href=").nth(1).unwrap_or_default();
                let is_prefixed = href.starts_with("at(") || href.starts_with("move || at(");
                let leads_out = anchor.contains("target=\"_blank\"");
                // It moves the focus itself.
                let is_skip_link = href.starts_with("\"#content\" on:click=skip_to_content");
                assert!(
                    is_prefixed || leads_out || is_skip_link,
                    "{place}: write href=at(…): <a{anchor}"
                );
                links += 1;
            }
            for sink in SINKS {
                for (at, _) in source.match_indices(sink) {
                    let is_prefixed = source[at + sink.len()..].starts_with("&at(");
                    let is_of_page_or_file = OF_THE_PAGE
                        .iter()
                        .chain(&OF_A_FILE)
                        .any(|call| source[at..].starts_with(call));
                    assert!(
                        is_prefixed || is_of_page_or_file,
                        "{place}: write {sink}&at(…)"
                    );
                    calls += 1;
                }
            }
            // What is saved is a file that the browser holds, so that the exception stays one.
            for call in source.split("downloads::save(").skip(1) {
                let arguments = call.split(';').next().unwrap_or_default();
                let is_a_file = arguments.contains("::address_of(");
                assert!(
                    is_a_file,
                    "{place}: save a file, not an address: {arguments}"
                );
            }
            for attribute in ["src=\"/", "action=\"/", "formaction=\"/"] {
                assert!(!source.contains(attribute), "{place}: {attribute}");
            }
        });
        // So that a change of how links are written does not leave this test without any.
        assert!(links > 20 && calls >= 4, "{links} links, {calls} calls");
    }

    #[test]
    fn the_prefix_is_taken_off_what_the_browser_says() {
        for (prefix, pathname, page) in [
            ("", "/", "/"),
            ("", "/projects/3", "/projects/3"),
            ("/parallax", "/parallax", "/"),
            ("/parallax", "/parallax/", "/"),
            ("/parallax", "/parallax/projects/3", "/projects/3"),
            ("/parallax", "/projects/3", "/projects/3"),
        ] {
            assert_eq!(below(prefix, pathname), page, "{prefix} {pathname}");
        }
    }
}
