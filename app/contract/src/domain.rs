//! A domain as people type it, brought to the one form in which it is stored.
//!
//! Invariant: a domain is never wider than what was typed. A page is refused, as its site may be
//! everybody's.

/// Why what was typed is no domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// It is no host name with a dot.
    #[error("no domain")]
    NoDomain,
    /// It is a page of a site: what stands behind the domain, as typed.
    #[error("a page, not a domain: {0}")]
    Page(String),
}

/// What knows the letters of all scripts.
#[derive(Clone, Copy)]
pub struct Letters {
    /// A text in small letters.
    pub small: fn(&str) -> String,
    /// Whether it is a letter or a digit.
    pub is_alphanumeric: fn(char) -> bool,
}

impl Letters {
    /// The standard library.
    const STANDARD: Self = Self {
        small: str::to_lowercase,
        is_alphanumeric: char::is_alphanumeric,
    };
}

/// Bytes of a label, and of the whole name, by RFC 1035.
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 253;

/// A domain from what people type: lower case, international letters as they are read
/// (`españa.es`, also where `xn--espaa-rta.es` was typed), without scheme, `www.`, port, dot and
/// slash at the end.
pub fn parse(typed: &str) -> Result<String, DomainError> {
    parse_by(Letters::STANDARD, typed)
}

/// The same by other tables of letters: a browser has its own.
pub fn parse_by(letters: Letters, typed: &str) -> Result<String, DomainError> {
    let typed = typed.trim();
    let after_scheme = typed.split_once("//").map_or(typed, |(scheme, rest)| {
        let is_scheme = scheme.is_empty() || scheme.ends_with(':');
        if is_scheme { rest } else { typed }
    });
    let end = after_scheme
        .find(['/', '?', '#', '\\'])
        .unwrap_or(after_scheme.len());
    let (authority, page) = after_scheme.split_at(end);
    let name = host_name(letters, authority).ok_or(DomainError::NoDomain)?;
    if page.trim_matches(['/', '?', '#', '\\']).is_empty() {
        Ok(name)
    } else {
        Err(DomainError::Page(page.to_owned()))
    }
}

fn host_name(letters: Letters, authority: &str) -> Option<String> {
    // Full stops as keyboards of East Asia give them.
    let host = authority.replace(['。', '．', '｡'], ".");
    let host = (letters.small)(&host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => &host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = host
        .strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host);
    let labels: Option<Vec<String>> = host.split('.').map(|typed| label(letters, typed)).collect();
    let name = labels.filter(|labels| labels.len() >= 2)?.join(".");
    (host.len() <= LONGEST_NAME && name.len() <= LONGEST_NAME).then_some(name)
}

fn label(letters: Letters, typed: &str) -> Option<String> {
    let label = match typed.strip_prefix("xn--") {
        Some(encoded) => (letters.small)(&from_punycode(encoded)?),
        None => typed.to_owned(),
    };
    let is_whole = !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-');
    (is_whole
        && label
            .chars()
            .all(|character| is_of_a_name(letters, character)))
    .then_some(label)
}

/// Letters, digits and hyphens; the marks that letters of many scripts are written with.
fn is_of_a_name(letters: Letters, character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '-';
    }
    let is_mark = matches!(character,
        '\u{0300}'..='\u{036F}' // accents
        | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{065F}' // Hebrew, Arabic
        | '\u{0900}'..='\u{0DFF}' | '\u{0E31}'..='\u{0EFF}' // India, Thai, Lao
        | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}' // Burmese, Khmer
        | '\u{200C}' | '\u{200D}' | '\u{00B7}' | '\u{30FB}'
    );
    (letters.is_alphanumeric)(character) || is_mark
}

/// The letters that a label stands for behind its `xn--`; `None` where it is broken or has
/// none beyond ASCII. RFC 3492, sections 5 and 6.2.
fn from_punycode(encoded: &str) -> Option<String> {
    const BASE: u32 = 36;
    const FIRST_BEYOND_ASCII: u32 = 128;
    const FIRST_BIAS: u32 = 72;
    let (plain, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    if deltas.is_empty() || !encoded.is_ascii() || encoded.len() > LONGEST_LABEL {
        return None;
    }
    let mut letters: Vec<char> = plain.chars().collect();
    let mut digits = deltas.bytes().peekable();
    let (mut code, mut at, mut bias) = (FIRST_BEYOND_ASCII, 0_u32, FIRST_BIAS);
    while digits.peek().is_some() {
        let before = at;
        let mut weight = 1_u32;
        for step in (BASE..).step_by(36) {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                figure @ b'0'..=b'9' => u32::from(figure - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = step.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(letters.len()).ok()? + 1;
        bias = adapted_bias(at - before, length, before == 0);
        code = code.checked_add(at / length)?;
        at %= length;
        letters.insert(usize::try_from(at).ok()?, char::from_u32(code)?);
        at += 1;
    }
    Some(letters.into_iter().collect())
}

/// RFC 3492, section 6.1.
const fn adapted_bias(delta: u32, length: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut steps = 0;
    while delta > 35 * 26 / 2 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_one_form() {
        for (typed, expected) in [
            ("kipu.example", "kipu.example"),
            (" https://www.Kipu.example/ ", "kipu.example"),
            ("HTTP://KIPU.EXAMPLE", "kipu.example"),
            ("//kipu.example//", "kipu.example"),
            ("kipu.example.", "kipu.example"),
            ("kipu.example/?#", "kipu.example"),
            ("sub.kipu.co.uk:8080/", "sub.kipu.co.uk"),
            ("kipu.github.io", "kipu.github.io"),
            ("www.com", "www.com"),
            ("España.es", "españa.es"),
            ("xn--espaa-rta.es", "españa.es"),
            ("https://www.XN--ESPAA-RTA.es/", "españa.es"),
            ("例え。テスト", "例え.テスト"),
            ("xn--r8jz45g.xn--zckzah", "例え.テスト"),
            ("xn--h2brj9c.example", "भारत.example"),
            ("हिन्दी.example", "हिन्दी.example"),
            ("straße.example", "straße.example"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn a_page_is_no_domain() {
        for (typed, page) in [
            ("social.example/kipu", "/kipu"),
            ("https://www.social.example/kipu/", "/kipu/"),
            ("social.example?user=kipu", "?user=kipu"),
            ("social.example/#kipu", "/#kipu"),
            ("social.example\\kipu", "\\kipu"),
            ("social.example:443/kipu", "/kipu"),
            ("social.example//kipu", "//kipu"),
        ] {
            assert_eq!(
                parse(typed),
                Err(DomainError::Page(page.to_owned())),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_neither() {
        let (long_label, long_name) = ("a".repeat(64), "a.".repeat(150));
        for typed in [
            "",
            " ",
            "localhost",
            "exa mple.com",
            "-a.com",
            "a-.com",
            "a..com",
            ".com",
            "a_b.com",
            "info@kipu.example",
            "user:pw@kipu.example",
            "https://",
            "/kipu",
            "https:///kipu",
            "http:kipu.example",
            "a\u{0}b.com",
            "xn--.com",
            "xn--99999999.com",
            "xn--a-ecp.r!.com",
            "javascript:alert(1).com",
            "[::1].com",
            &format!("{long_label}.com"),
            &format!("{long_name}com"),
        ] {
            assert_eq!(parse(typed), Err(DomainError::NoDomain), "{typed}");
        }
    }
}
