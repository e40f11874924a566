//! Words in addresses, and addresses that people may open.

use std::fmt::Write as _;

/// Words in an address: all but letters, digits, dots and hyphens as escapes.
pub fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The address of a source where it may be opened: a provider's answer is not to be trusted
/// with `javascript:` and the like.
pub fn safe_address(url: &str) -> Option<&str> {
    let url = url.trim();
    let scheme = url
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase())?;
    (matches!(scheme.as_str(), "http" | "https") && !url.chars().any(char::is_control))
        .then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_plain_letters_is_escaped() {
        assert_eq!(escaped("kipu.example"), "kipu.example");
        assert_eq!(escaped("más & más"), "m%C3%A1s%20%26%20m%C3%A1s");
    }

    #[test]
    fn only_web_addresses_can_be_opened() {
        assert_eq!(
            safe_address(" https://a.example/x "),
            Some("https://a.example/x")
        );
        assert_eq!(safe_address("HTTP://a.example"), Some("HTTP://a.example"));
        for wrong in [
            "javascript:alert(1)",
            "javascript://x",
            "data:text/html,x",
            "/path",
            "ftp://x",
            "https://a\nb",
            "",
        ] {
            assert_eq!(safe_address(wrong), None, "{wrong}");
        }
    }
}
