//! Secrets that a mail server received and may quote in its errors: addresses of links that it
//! refuses, and sometimes the user and password of the sign-in.
//!
//! Invariant: knows no server and sends nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::{Url, form_urlencoded};

/// Shorter texts are no secrets, and would tear holes into words.
const SHORTEST: usize = 4;
const STARS: &str = "***";

/// Texts that stand in no error and no log.
#[derive(Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// The password in the address of a server, in each form in which it travels.
    pub(super) fn of_server(address: &str) -> Self {
        let Ok(address) = Url::parse(address) else {
            return Self::default();
        };
        let Some(written) = address.password() else {
            return Self::default();
        };
        let (user, password) = (decoded(address.username()), decoded(written));
        let as_one = format!("\0{user}\0{password}");
        Self::default().and([
            STANDARD.encode(as_one),
            STANDARD.encode(&password),
            written.to_owned(),
            password,
        ])
    }

    /// These and more.
    pub(super) fn and(&self, more: impl IntoIterator<Item = String>) -> Self {
        let mut all = self.0.clone();
        all.extend(more.into_iter().filter(|text| text.len() >= SHORTEST));
        // What holds another goes before it.
        all.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self(all)
    }

    /// Words without them.
    pub(super) fn redact(&self, said: &str) -> String {
        self.0.iter().fold(said.to_owned(), |said, text| {
            said.replace(text.as_str(), STARS)
        })
    }
}

/// The token in the address of a link; empty where there is none.
pub(super) fn token_of(link: &str) -> String {
    let behind = link.split_once("token=").map(|(_, behind)| behind);
    let token = behind.and_then(|behind| behind.split('&').next());
    token.unwrap_or_default().to_owned()
}

/// A part of an address without its percent signs; a plus is a plus there.
fn decoded(part: &str) -> String {
    let as_value = format!("={}", part.replace('+', "%2B").replace('&', "%26"));
    let mut values = form_urlencoded::parse(as_value.as_bytes());
    values
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hidden_in_each_form_in_which_it_travels() {
        let address = "smtps://ana%40kipu.example:p%2Fw+1%26x@mail.example:465";
        let secrets = Secrets::of_server(address);
        let (user, password) = ("ana@kipu.example", "p/w+1&x");
        for form in [
            password.to_owned(),
            "p%2Fw+1%26x".to_owned(),
            STANDARD.encode(password),
            STANDARD.encode(format!("\0{user}\0{password}")),
        ] {
            let hidden = secrets.redact(&format!("535 no: {form}!"));
            assert_eq!(hidden, "535 no: ***!", "{form}");
        }
        let said = "550 no such user ana@kipu.example at mail.example";
        assert_eq!(secrets.redact(said), said);
    }

    #[test]
    fn an_address_without_a_password_hides_nothing() {
        for address in [
            "smtp://mail.example:25",
            "smtp://ana@mail.example",
            "no address",
        ] {
            let secrets = Secrets::of_server(address);
            assert_eq!(secrets.redact("ana at mail.example"), "ana at mail.example");
        }
        let short = Secrets::of_server("smtp://ana:an@mail.example");
        assert_eq!(short.redact("an error"), "an error");
    }

    #[test]
    fn the_token_of_a_link_is_found() {
        for (link, token) in [
            ("/confirm-address?token=abcdef", "abcdef"),
            (
                "/api/llm-monitoring/models/approve?token=abcdef&x=1",
                "abcdef",
            ),
            ("/admin/models", ""),
        ] {
            assert_eq!(token_of(link), token, "{link}");
        }
    }
}
