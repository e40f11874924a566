//! Limits of accounts.

use super::{Check, PASSWORD};
use crate::api::error::FieldError;
use crate::model::account::{ChangePassword, SignUp};
use crate::model::language::Language;
use crate::texts::errors;

/// An e-mail address in the form in which accounts are looked up: trimmed, lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    !local.is_empty()
        && email.len() <= 254
        && !email.chars().any(|character| character.is_whitespace() || character.is_control())
        && !local.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.is_empty()
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
    check.done(SignUp { email: address, ..draft.clone() })
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

