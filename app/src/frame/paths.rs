//! The way to the sign-in page and back.
//!
//! Invariant: never leads off this host.

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
    format!("/sign-in?{NEXT}={}", percent_encoded(&wanted))
}

/// Where to go after signing in: where the user wanted to go, if that is a page of this host.
pub fn after_sign_in(next: Option<&str>) -> String {
    next.filter(|path| {
        let is_here = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let path_alone = path.split(['?', '#']).next().unwrap_or_default();
        is_here && !path.chars().any(char::is_control) && !is_for_guests(path_alone)
    })
    .unwrap_or("/")
    .to_owned()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
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
    }
}
