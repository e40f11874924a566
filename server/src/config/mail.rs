//! How mails leave.

use lettre::message::Mailbox;
use url::Url;

use super::instance::InstanceAddress;
use super::source::{ConfigError, Source};
use crate::store::sql::{PERCENT_ENCODE, splits_as_meant};

/// How mails leave.
#[derive(Debug)]
pub struct MailConfig {
    /// The server with user and password: `smtps://user:password@host:465`.
    pub url: SmtpUrl,
    /// The sender.
    pub from: Mailbox,
    /// Where people reach the application, which links lead to.
    pub address: InstanceAddress,
}

/// An address that may hold a password, so that it never shows in a log.
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The address itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0.split(':').next().unwrap_or_default())
    }
}

impl MailConfig {
    /// `None`: mails are not sent, notices show in the application only.
    pub(super) fn read(
        source: &Source,
        address: &InstanceAddress,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(url) = source.copied("SMTP_URL")? else {
            return Ok(None);
        };
        let is_smtp = url.starts_with("smtp://") || url.starts_with("smtps://");
        let has_host = || Url::parse(&url).is_ok_and(|url| url.host_str().is_some());
        if !is_smtp || !splits_as_meant(&url) || !has_host() {
            return Err(ConfigError::new(
                "SMTP_URL",
                format!(
                    "is smtps://user:password@host:465 or smtp://host:587?tls=required; {PERCENT_ENCODE}"
                ),
            ));
        }
        let from = source
            .get("SMTP_FROM")?
            .and_then(|from| from.parse().ok())
            .ok_or_else(|| {
                ConfigError::new(
                    "SMTP_FROM",
                    "is the sender, such as Parallax <parallax@example.com>; SMTP_URL needs it",
                )
            })?;
        Ok(Some(Self {
            url: SmtpUrl(url),
            from,
            address: address.clone(),
        }))
    }
}
