//! The way to the sign-in page and back.
//!
//! Invariant: never leads off this host.

use super::redirects;
use crate::words::addresses::escaped;

/// The address parameter that holds where somebody wanted to go.
pub const NEXT: &str = "next";
/// The address parameter that holds the token of an invitation.
pub const INVITATION: &str = "invitation";

/// Whether a page is for people who are not signed in.
pub fn is_for_guests(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), "/sign-in" | "/sign-up")
}

/// The sign-in page that leads back to a path and query (with or without its question mark).
pub fn sign_in_and_return(path: &str, query: &str) -> String {
    let wanted = match query.trim_start_matches('?') {
        "" if path == "/" => return "/sign-in".to_owned(),
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    // A query may hold slashes, and a path is easier to read with them.
    format!("/sign-in?{NEXT}={}", escaped(&wanted).replace("%2F", "/"))
}

/// Where to go after signing in: where the user wanted to go, if that is a page of this host.
pub fn after_sign_in(next: Option<&str>) -> String {
    let next = next.filter(|path| {
        let is_here = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let path_alone = path.split(['?', '#']).next().unwrap_or_default();
        is_here && !path.chars().any(char::is_control) && !is_for_guests(path_alone)
    });
    redirects::present(next.unwrap_or("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_to_pages_of_this_host_only() {
        for (next, expected) in [
            (Some("/keys"), "/keys"),
            (Some("/projects/3?days=7"), "/projects/3?days=7"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("/sign-in"), "/"),
            (Some("/sign-up?invitation=x"), "/"),
            (Some("/projects/3?tab=runs"), "/projects/3/runs"),
            (None, "/"),
        ] {
            assert_eq!(after_sign_in(next), expected, "{next:?}");
        }
    }

    #[test]
    fn keeps_the_query_of_the_wanted_page() {
        assert_eq!(sign_in_and_return("/", ""), "/sign-in");
        assert_eq!(sign_in_and_return("/keys", "?"), "/sign-in?next=/keys");
        assert_eq!(
            sign_in_and_return("/projects/3", "a=1&b=ñ"),
            "/sign-in?next=/projects/3%3Fa%3D1%26b%3D%C3%B1"
        );
        // What was an escape before is read as one again.
        assert_eq!(
            sign_in_and_return("/sources", "page=a%2Fb"),
            "/sign-in?next=/sources%3Fpage%3Da%252Fb"
        );
    }
}
