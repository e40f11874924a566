//! Which passwords are too easy to guess.
//!
//! Invariant: looks at a password, never at who else has one.

use app::validate;
use zxcvbn::{Score, zxcvbn};

/// Characters that are judged; the time that it takes grows faster than the length.
const JUDGED: usize = 100;
/// Characters of a part of an address that is looked for. Shorter ones stand in any word.
const PART: usize = 3;
/// Characters that must be left where a password holds parts of the user's address.
const OWN_LEFT: usize = 8;

/// Why a password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer characters than this.
    Short(usize),
    /// It is among those that are guessed first.
    Common,
    /// It is made of the user's own address.
    Own,
}

/// What is wrong with a new password of the user with this address; `None`: nothing. It takes
/// some milliseconds of a processor.
pub fn weakness(password: &str, email: &str, is_admin: bool) -> Option<Weakness> {
    let least = validate::least_password(is_admin);
    if password.chars().count() < least {
        return Some(Weakness::Short(least));
    }
    let judged: String = password.chars().take(JUDGED).collect();
    let email = email.to_lowercase();
    if is_made_of(&judged.to_lowercase(), &email) {
        return Some(Weakness::Own);
    }
    let parts: Vec<&str> = parts_of(&email).collect();
    // Dates and numbers of telephones: programs that guess begin with digits alone.
    let has_digits_only = judged.chars().all(|character| character.is_ascii_digit());
    // Below a hundred million guesses.
    let is_easy = has_digits_only || zxcvbn(&judged, &parts).score() < Score::Three;
    is_easy.then_some(Weakness::Common)
}

/// The address, what is before and behind its sign, and the words of both.
fn parts_of(email: &str) -> impl Iterator<Item = &str> {
    let sides = email.split('@');
    let words = email.split(|character: char| !character.is_alphanumeric());
    std::iter::once(email)
        .chain(sides)
        .chain(words)
        .filter(|part| part.chars().count() >= PART)
}

/// Whether little is left of the password without parts of the address.
fn is_made_of(password: &str, email: &str) -> bool {
    let mut left = password.to_owned();
    // The whole before its parts.
    for part in parts_of(email) {
        left = left.replace(part, "");
    }
    left.len() < password.len() && left.chars().count() < OWN_LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: &str = "ana.lopez@kipu-suite.example";

    #[test]
    fn what_is_guessed_first_will_not_do() {
        for password in [
            "1234567890",
            "aaaaaaaaaa",
            "password123",
            "Password123!",
            "qwertyuiop",
            "iloveyou2024",
            "1q2w3e4r5t6y",
            "abcabcabcabc",
            "20240101202401",
        ] {
            let found = weakness(password, ANA, false);
            assert_eq!(found, Some(Weakness::Common), "{password}");
        }
    }

    #[test]
    fn the_own_address_will_not_do() {
        for password in [
            ANA,
            "ANA.LOPEZ@kipu-suite.example",
            "ana.lopez1",
            "lopezlopez",
            "kipu-suite.example",
            "Ana Lopez 2026",
            "kipu!suite!1",
        ] {
            let found = weakness(password, ANA, false);
            assert_eq!(found, Some(Weakness::Own), "{password}");
        }
    }

    #[test]
    fn long_and_odd_ones_will_do() {
        for password in [
            "correct horse battery",
            "four quiet green llamas",
            "tr8;Vq-w0Lp2",
            "una vaca lee periódicos",
            "ana likes forty green doors",
        ] {
            assert_eq!(weakness(password, ANA, true), None, "{password}");
        }
    }

    #[test]
    fn admins_need_more() {
        let password = "zV8;q-w0Lp"; // ten characters
        assert_eq!(weakness(password, ANA, false), None);
        assert_eq!(weakness(password, ANA, true), Some(Weakness::Short(12)));
        assert_eq!(weakness("short", ANA, false), Some(Weakness::Short(10)));
    }

    #[test]
    fn what_is_judged_has_an_end() {
        // What would take hours unbounded ends; its beginning decides.
        let long = "a".repeat(1_000_000);
        assert_eq!(weakness(&long, ANA, false), Some(Weakness::Common));
        let mixed = "correct horse battery ".repeat(50_000);
        assert_eq!(weakness(&mixed, ANA, false), None);
    }
}
