//! Addresses of before, and where their pages are now.
//!
//! Invariant: pure. What is not an old address is not touched.

use super::query::{Tab, project_and_word};

/// The present address of what an old one named: by its path and its search, with or without the
/// question mark. `None`: the address is a present one.
pub fn moved(path: &str, search: &str) -> Option<String> {
    if path.trim_end_matches('/') == "/projects" {
        return Some("/".to_owned());
    }
    let (project, word) = project_and_word(path)?;
    let search = search.trim_start_matches('?');
    let tab_of = |pair: &&str| pair.starts_with("tab=");
    let named = search.split('&').find(tab_of);
    let tab = match (word.trim_end_matches('/'), named) {
        ("edit", _) => Tab::Settings,
        ("", Some(pair)) => match pair.trim_start_matches("tab=") {
            "comparison" => Tab::Models,
            known => Tab::of_word(known).unwrap_or_default(),
        },
        _ => return None,
    };
    let rest: Vec<&str> = search
        .split('&')
        .filter(|pair| !pair.is_empty() && !tab_of(pair))
        .collect();
    let address = tab.address(project);
    Some(if rest.is_empty() {
        address
    } else {
        format!("{address}?{}", rest.join("&"))
    })
}

/// The same for a whole address below this host: the present one in any case.
pub fn present(address: &str) -> String {
    let (path, search) = address.split_once('?').unwrap_or((address, ""));
    moved(path, search).unwrap_or_else(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_addresses_lead_to_their_pages() {
        for (old, now) in [
            ("/projects", "/"),
            ("/projects/", "/"),
            ("/projects/3?tab=answers", "/projects/3/answers"),
            ("/projects/3/?tab=runs", "/projects/3/runs"),
            ("/projects/3?tab=comparison", "/projects/3/models"),
            ("/projects/3?tab=overview", "/projects/3"),
            ("/projects/3?tab=", "/projects/3"),
            ("/projects/3/edit", "/projects/3/settings"),
            (
                "/projects/3?tab=answers&from=2026-11-01&to=2026-11-21&text=m%C3%A1s",
                "/projects/3/answers?from=2026-11-01&to=2026-11-21&text=m%C3%A1s",
            ),
            (
                "/projects/3?model=4&tab=sources&by=page",
                "/projects/3/sources?model=4&by=page",
            ),
        ] {
            assert_eq!(present(old), now, "{old}");
            // What is led on once is there.
            assert_eq!(present(now), now, "{now}");
        }
    }

    #[test]
    fn other_addresses_stay() {
        for address in [
            "/",
            "/keys",
            "/projects/new",
            "/projects/3",
            "/projects/3?from=2026-11-01&to=2026-11-21",
            "/projects/3/answers?tag=tab=x",
            "/projects/x?tab=answers",
            "/schedule/3?tab=answers",
        ] {
            assert_eq!(present(address), address);
        }
    }
}
