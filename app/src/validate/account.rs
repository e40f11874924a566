//! Limits of accounts.

use super::{Check, PASSWORD};
use crate::api::error::FieldError;
use crate::letters;
use crate::model::account::{ChangePassword, SignUp};
use crate::model::language::Language;
use crate::texts::errors;

/// An e-mail address in the form in which accounts are looked up: trimmed, lower case.
pub fn normal_email(email: &str) -> String {
    letters::small(email.trim())
}

/// Bytes of an address, of what stands before the `@`, and of a part of the domain.
const ADDRESS: usize = 254;
const LOCAL: usize = 64;
const LABEL: usize = 63;

/// Whether mails can be sent there: `local@domain.end` and nothing around it. The host asks its
/// mail library as well.
fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else {
        return false;
    };
    let is_word = |text: &str, also: &str, most: usize| {
        (1..=most).contains(&text.len())
            && text
                .chars()
                .all(|one| letters::is_alphanumeric(one) || also.contains(one))
    };
    let is_label = |label: &str| {
        is_word(label, "-", LABEL) && !label.starts_with('-') && !label.ends_with('-')
    };
    email.len() <= ADDRESS
        && local.len() <= LOCAL
        && local
            .split('.')
            .all(|atom| is_word(atom, "!#$%&'*+-/=?^_`{|}~", LOCAL))
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// An e-mail address; gives its normal form.
pub fn email(language: Language, email: &str) -> Result<String, Vec<FieldError>> {
    let mut check = Check::new(language);
    let email = normal_email(email);
    if email.is_empty() {
        check.wrong("email", errors::REQUIRED, &[]);
    } else if !is_email(&email) {
        check.wrong("email", errors::EMAIL, &[]);
    }
    check.done(email)
}

fn check_password(check: &mut Check, field: &str, password: &str) {
    let (min, max) = PASSWORD;
    let count = password.chars().count();
    if count < min {
        check.wrong(field, errors::PASSWORD_SHORT, &[("min", &min)]);
    } else if count > max {
        check.wrong(field, errors::TOO_LONG, &[("max", &max)]);
    }
}

/// A new password, alone.
pub fn password(language: Language, field: &str, password: &str) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new(language);
    check_password(&mut check, field, password);
    check.done(())
}

/// A new account; gives it with a normal address.
pub fn sign_up(language: Language, draft: &SignUp) -> Result<SignUp, Vec<FieldError>> {
    let mut check = Check::new(language);
    let address = normal_email(&draft.email);
    if address.is_empty() {
        check.wrong("email", errors::REQUIRED, &[]);
    } else if !is_email(&address) {
        check.wrong("email", errors::EMAIL, &[]);
    }
    check_password(&mut check, "password", &draft.password);
    check.done(SignUp {
        email: address,
        ..draft.clone()
    })
}

/// A change of password.
pub fn change_password(language: Language, draft: &ChangePassword) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new(language);
    if draft.current.is_empty() {
        check.wrong("current", errors::REQUIRED, &[]);
    }
    check_password(&mut check, "new", &draft.new);
    check.done(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_mails_can_be_sent_to() {
        for good in [
            "ana@example.com",
            "ana.b+c_d@mail.example.co.uk",
            "o'neil@example.com",
            "josé@ejemplo.es",
        ] {
            assert_eq!(email(Language::English, good), Ok(good.to_owned()));
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "<a@x.test>",
            "a,b@x.test",
            "a@x",
            "a b@x.test",
            "a@b@x.test",
            "Ana <a@x.test>",
            ".a@x.test",
            "a..b@x.test",
            "a@x..test",
            "a@-x.test",
            "a@x.test.",
            "a@[127.0.0.1]",
            "\"a b\"@x.test",
            "a@x.test;b@x.test",
            "@x.test",
            long.as_str(),
        ] {
            assert!(email(Language::English, bad).is_err(), "{bad}");
        }
    }
}
