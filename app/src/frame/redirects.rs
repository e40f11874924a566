//! Addresses that lead on: those of before, and those of what is a part of another page as yet.
//!
//! Invariant: pure. What is an address of a page is not touched.

use super::query::{Tab, project_and_word};
use crate::model::ids::{ProjectId, PromptId};

/// The present address of what another one named: by its path and its search, with or without the
/// question mark. `None`: the address leads nowhere else.
pub fn moved(path: &str, search: &str) -> Option<String> {
    match path.trim_end_matches('/') {
        "/projects" => return Some("/".to_owned()),
        "/spend" => return Some("/keys".to_owned()),
        "/members" => return Some("/admin/instance".to_owned()),
        _ => {}
    }
    let (project, word) = project_and_word(path)?;
    let search = search.trim_start_matches('?');
    let tab_of = |pair: &&str| pair.starts_with("tab=");
    let named = search.split('&').find(tab_of);
    let (tab, more) = match (word.trim_end_matches('/'), named) {
        ("edit", _) => (Tab::Settings, None),
        ("", Some(pair)) => match pair.trim_start_matches("tab=") {
            "comparison" => (Tab::Models, None),
            known => (Tab::of_word(known).unwrap_or_default(), None),
        },
        (word, _) => lies_in(word)?,
    };
    let rest = search
        .split('&')
        .filter(|pair| !pair.is_empty() && !tab_of(pair));
    let rest: Vec<&str> = rest.chain(more.as_deref()).collect();
    Some(with_search(tab, project, &rest))
}

/// The page that has what is no page of its own as yet, and what that is in its address.
fn lies_in(word: &str) -> Option<(Tab, Option<String>)> {
    if Tab::of_word(word).is_some() {
        return None;
    }
    match word.split_once('/') {
        None if word == "questions" => Some((Tab::Settings, None)),
        None if word == "competitors" => Some((Tab::Overview, None)),
        None if word == "topics" => Some((Tab::Overview, Some("split=topics".to_owned()))),
        Some(("questions", id)) => {
            let id: PromptId = id.parse().ok()?;
            Some((Tab::Answers, Some(format!("prompt={id}"))))
        }
        Some(("sources", domain)) if is_domain(domain) => {
            Some((Tab::Sources, Some(format!("domain={domain}&by=page"))))
        }
        _ => None,
    }
}

/// Whether it can be a domain, as addresses have it: nothing that ends a value there.
fn is_domain(word: &str) -> bool {
    let is_of_one = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte);
    !word.is_empty() && word.bytes().all(is_of_one)
}

fn with_search(tab: Tab, project: ProjectId, pairs: &[&str]) -> String {
    let address = tab.address(project);
    if pairs.is_empty() {
        address
    } else {
        format!("{address}?{}", pairs.join("&"))
    }
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
            ("/spend", "/keys"),
            ("/members", "/admin/instance"),
            ("/projects/3/questions", "/projects/3/settings"),
            ("/projects/3/questions/7", "/projects/3/answers?prompt=7"),
            ("/projects/3/competitors/", "/projects/3"),
            (
                "/projects/3/topics?period=7",
                "/projects/3?period=7&split=topics",
            ),
            (
                "/projects/3/sources/kipu.example",
                "/projects/3/sources?domain=kipu.example&by=page",
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
            "/projects/new?step=2",
            "/projects/3",
            "/projects/3/runs/5",
            "/projects/3/questions/all",
            "/projects/3/sources/a&b",
            "/projects/3/answers/5",
            "/projects/3?from=2026-11-01&to=2026-11-21",
            "/projects/3/answers?tag=tab=x",
            "/projects/x?tab=answers",
            "/schedule/3?tab=answers",
        ] {
            assert_eq!(present(address), address);
        }
    }
}
