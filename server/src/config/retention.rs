//! How much workspaces may keep, and how long what was deleted stays.

use chrono::Duration;

use super::source::{ConfigError, Source};
use crate::store::sql::{Quotas, Retention};

/// What workspaces of strangers may have: far more than people need, and less than a disk.
const PROJECTS: i64 = 200;
const PROMPTS: i64 = 50_000;
const STORED_MB: i64 = 20_000;
const ERASE_AFTER_DAYS: i64 = 30;
const BYTES_A_MB: i64 = 1_000_000;
/// The largest number that means anything.
const MOST: i64 = 1_000_000_000;
const MOST_DAYS: i64 = 36_500;

/// What the environment says.
pub(super) fn read(source: &Source) -> Result<Retention, ConfigError> {
    let quota = |name: &'static str, default: i64| -> Result<Option<i64>, ConfigError> {
        let most = number(source, name, MOST, "is a whole number; 0 is no limit")?;
        Ok(Some(most.unwrap_or(default)).filter(|most| *most > 0))
    };
    let days = number(
        source,
        "PARALLAX_ERASE_AFTER_DAYS",
        MOST_DAYS,
        "is a whole number of days; 0 erases at the next look",
    )?;
    Ok(Retention {
        erase_after: Duration::days(days.unwrap_or(ERASE_AFTER_DAYS)),
        quotas: Quotas {
            projects: quota("PARALLAX_MAX_PROJECTS", PROJECTS)?,
            prompts: quota("PARALLAX_MAX_PROMPTS", PROMPTS)?,
            stored_bytes: quota("PARALLAX_MAX_STORED_MB", STORED_MB)?.map(|mb| mb * BYTES_A_MB),
        },
    })
}

fn number(
    source: &Source,
    name: &'static str,
    most: i64,
    rule: &'static str,
) -> Result<Option<i64>, ConfigError> {
    let Some(text) = source.get(name)? else {
        return Ok(None);
    };
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number| (0..=most).contains(number));
    number.map(Some).ok_or_else(|| ConfigError::new(name, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nought_is_no_limit_and_no_wait() {
        let retention = |pairs: &[(&str, &str)]| read(&Source::of(pairs)).expect("valid");
        let default = retention(&[]);
        assert_eq!(default.erase_after, Duration::days(30));
        assert_eq!(default.quotas.stored_bytes, Some(20_000_000_000));
        let none = retention(&[
            ("PARALLAX_MAX_PROJECTS", "0"),
            ("PARALLAX_MAX_PROMPTS", "7"),
            ("PARALLAX_MAX_STORED_MB", "0"),
            ("PARALLAX_ERASE_AFTER_DAYS", "0"),
        ]);
        assert_eq!(none.erase_after, Duration::zero());
        assert_eq!(
            none.quotas,
            Quotas {
                projects: None,
                prompts: Some(7),
                stored_bytes: None
            }
        );
        for wrong in ["-1", "many", "1e9"] {
            assert!(read(&Source::of(&[("PARALLAX_MAX_PROJECTS", wrong)])).is_err());
        }
    }
}
