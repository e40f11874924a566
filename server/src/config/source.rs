//! Where settings are read from: the environment, or files that it names.

use std::cell::RefCell;
use std::collections::HashMap;
use std::{env, fs};

use super::copied::{Copied, without_wrapping};

/// A variable that cannot be used, and what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{variable} {expected}")]
pub struct ConfigError {
    variable: String,
    expected: String,
}

impl ConfigError {
    /// All of these together, named after the first; `None` if there are none.
    pub(super) fn all(errors: Vec<Self>) -> Option<Self> {
        errors.into_iter().reduce(|all, next| Self {
            expected: format!("{}; {next}", all.expected),
            ..all
        })
    }
}

impl ConfigError {
    /// `variable` is not what it should be: "is a whole number".
    pub fn new(variable: &str, expected: impl Into<String>) -> Self {
        Self {
            variable: variable.to_owned(),
            expected: expected.into(),
        }
    }

    /// The variable's name.
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

/// Names and values.
pub struct Source {
    values: HashMap<String, String>,
    /// What was taken away from which values.
    tidied: RefCell<Vec<String>>,
}

impl Source {
    /// The process's environment. What is not Unicode is left out.
    pub fn process() -> Self {
        Self::new(
            env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
        )
    }

    fn new(values: HashMap<String, String>) -> Self {
        Self {
            values,
            tidied: RefCell::default(),
        }
    }

    /// The given pairs.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self::new(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// The value of `name`, or the content of the file that `name_FILE` names. Empty is as if
    /// it were not there.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let trimmed = |value: &str| {
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        if let Some(value) = self.values.get(name).and_then(|value| trimmed(value)) {
            return Ok(Some(value));
        }
        let file_variable = format!("{name}_FILE");
        let Some(path) = self
            .values
            .get(&file_variable)
            .and_then(|path| trimmed(path))
        else {
            return Ok(None);
        };
        let content = fs::read_to_string(&path).map_err(|error| {
            ConfigError::new(
                &file_variable,
                format!("names a file that cannot be read: {error}"),
            )
        })?;
        Ok(trimmed(&content))
    }

    /// As [`Self::get`], without the quotes, invisible characters and words of headers that come
    /// along when a value is copied. Not for values that mean another thing with them: a key that
    /// seals or hashes what is stored already.
    pub(super) fn copied(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let Some(value) = self.get(name)? else {
            return Ok(None);
        };
        let Copied { value, taken } = without_wrapping(name, &value);
        if !taken.is_empty() {
            let words = taken.join(" and ");
            let line = format!("{name} came with {words}, which is taken away");
            self.tidied.borrow_mut().push(line);
        }
        Ok((!value.is_empty()).then_some(value))
    }

    /// What was taken away from which values, a line each.
    pub(super) fn tidied(&self) -> Vec<String> {
        self.tidied.borrow().clone()
    }

    /// Whether `name` says yes.
    pub fn flag(&self, name: &str) -> Result<bool, ConfigError> {
        match self.get(name)?.as_deref() {
            None | Some("false" | "0" | "no") => Ok(false),
            Some("true" | "1" | "yes") => Ok(true),
            Some(_) => Err(ConfigError::new(name, "is true or false")),
        }
    }
}
