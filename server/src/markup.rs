//! Text within HTML that the host writes itself: mails, and pages that links in mails lead to.

use std::fmt::Write as _;

/// The text so that it is text in content and in attributes, whatever it holds.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '"' | '\'' => {
                let _ = write!(safe, "&#{};", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_of_it_is_markup() {
        let safe = escaped("<b title=\"x\">'Kipu' & Söhne</b>");
        assert!(!safe.contains(['<', '>', '"', '\'']), "{safe}");
        assert!(safe.contains("Kipu") && safe.contains("Söhne") && safe.contains("&#38;"));
    }
}
