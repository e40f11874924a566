//! The languages of the user interface.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of the cookie that holds the language which was chosen.
pub const COOKIE: &str = "parallax_language";
/// A year.
const COOKIE_SECONDS: u32 = 31_536_000;

/// A language that every text of Parallax exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// Every language, in the order of menus.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// The first language in a header `Accept-Language` that Parallax speaks, in the order of the
    /// header. English if there is none.
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .find_map(|part| {
                let tag = part.split([';', '-']).next().unwrap_or_default().trim();
                tag.parse().ok()
            })
            .unwrap_or_default()
    }

    /// The cookie by which the host learns the language that was chosen, for pages at `path`. Over
    /// HTTPS it goes over HTTPS alone, as the session's does.
    pub fn cookie(self, path: &str, is_https: bool) -> String {
        let secure = if is_https { "; Secure" } else { "" };
        let code = self.code();
        format!("{COOKIE}={code}; path={path}; SameSite=Lax; max-age={COOKIE_SECONDS}{secure}")
    }
}

/// The text names no language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown language")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(code))
            .ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_header_wins() {
        for (header, expected) in [
            ("es-ES,es;q=0.9,en;q=0.8", Language::Spanish),
            ("de,es;q=0.5", Language::Spanish),
            ("fr", Language::English),
            ("", Language::English),
            ("EN-gb", Language::English),
        ] {
            assert_eq!(Language::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn the_cookie_stays_below_its_path_and_on_https_where_the_page_is() {
        assert_eq!(
            Language::Spanish.cookie("/watch/", true),
            "parallax_language=es; path=/watch/; SameSite=Lax; max-age=31536000; Secure"
        );
        let plain = Language::English.cookie("/", false);
        assert!(
            plain.starts_with("parallax_language=en; path=/;"),
            "{plain}"
        );
        assert!(!plain.contains("Secure"), "{plain}");
    }
}
