//! What the environment says, read once into one small struct a concern.
//!
//! Invariant: nothing else reads an environment variable, and only `bootstrap` and the command
//! line read this.

mod database;
mod keeping;
mod mail;
mod providers;
mod secrets;
mod source;

use std::net::{Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use crate::store::keeping::Keeping;

pub use database::DatabaseConfig;
pub use mail::{MailConfig, SmtpUrl};
pub use providers::{ProviderEnvironment, ProvidersConfig};
pub use secrets::{MasterKeySource, SecretsConfig, parse_master_key};
pub use source::{ConfigError, Source};

/// Everything that the environment decides.
#[derive(Debug)]
pub struct Config {
    /// Where the rows are.
    pub database: DatabaseConfig,
    /// Where the host listens, and how it is reached.
    pub http: HttpConfig,
    /// Keys that the instance itself holds.
    pub secrets: SecretsConfig,
    /// API keys and addresses given by the operator.
    pub providers: ProvidersConfig,
    /// How mails leave; `None`: they do not.
    pub mail: Option<MailConfig>,
    /// How much workspaces may keep, and how long what was deleted stays.
    pub keeping: Keeping,
}

/// Development or production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's desk: logs for people.
    Development,
    /// Where it counts: logs as JSON.
    Production,
}

/// Where the host listens, and how it is reached.
#[derive(Debug)]
pub struct HttpConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Development or production.
    pub environment: Environment,
    /// REST requests a minute and token.
    pub rate_limit_per_minute: NonZeroU32,
    /// Where people reach the application, without a slash at the end; links in mails begin
    /// with it.
    pub origin: String,
    /// Whether people are shown the document of REST.
    pub api_docs: bool,
    /// Whether the first account takes the code from the log: others than this machine may
    /// come first.
    pub asks_set_up_code: bool,
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Names the variable that is wrong and what it should be.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::read(&Source::process())
    }

    /// Reads any source.
    pub fn read(source: &Source) -> Result<Self, ConfigError> {
        let database = DatabaseConfig::read(source)?;
        let http = HttpConfig::read(source)?;
        Ok(Self {
            mail: MailConfig::read(source, &http.origin)?,
            http,
            secrets: SecretsConfig::read(source)?,
            providers: ProvidersConfig::read(source)?,
            keeping: keeping::read(source)?,
            database,
        })
    }
}

/// Who sets one of these has put something in front of the host.
const PUBLISHED_BY: [&str; 3] = [
    "PARALLAX_URL",
    "PARALLAX_TRUSTED_PROXIES",
    "RAILWAY_PUBLIC_DOMAIN",
];

impl HttpConfig {
    fn read(source: &Source) -> Result<Self, ConfigError> {
        let listen = match (source.get("PARALLAX_LISTEN")?, source.get("PORT")?) {
            (Some(address), _) => address.parse().map_err(|_| {
                ConfigError::new(
                    "PARALLAX_LISTEN",
                    "is an address and port, such as 127.0.0.1:3000",
                )
            })?,
            (None, Some(port)) => {
                let port = port
                    .parse()
                    .map_err(|_| ConfigError::new("PORT", "is a number from 1 to 65535"))?;
                SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))
            }
            (None, None) => SocketAddr::from(([127, 0, 0, 1], 3000)),
        };
        let environment = match source.get("ENVIRONMENT")?.as_deref() {
            None | Some("development") => Environment::Development,
            Some("production") => Environment::Production,
            Some(_) => {
                return Err(ConfigError::new(
                    "ENVIRONMENT",
                    "is development or production",
                ));
            }
        };
        let rate_limit_per_minute = match source.get("PARALLAX_RATE_LIMIT")? {
            None => NonZeroU32::new(100),
            Some(text) => text.parse().ok().and_then(NonZeroU32::new),
        }
        .ok_or_else(|| ConfigError::new("PARALLAX_RATE_LIMIT", "is a whole number above 0"))?;
        let api_docs = match source.get("PARALLAX_API_DOCS")?.as_deref() {
            None => environment == Environment::Development,
            Some("true") => true,
            Some("false") => false,
            Some(_) => return Err(ConfigError::new("PARALLAX_API_DOCS", "is true or false")),
        };
        Ok(Self {
            listen,
            environment,
            rate_limit_per_minute,
            origin: origin(source, listen)?,
            api_docs,
            asks_set_up_code: is_reachable(source, listen)?,
        })
    }
}

/// Whether others than this machine can reach the host: it listens to them, or something in
/// front of it does.
fn is_reachable(source: &Source, listen: SocketAddr) -> Result<bool, ConfigError> {
    let mut is_published = false;
    for name in PUBLISHED_BY {
        is_published |= source.get(name)?.is_some();
    }
    Ok(is_published || !listen.ip().is_loopback())
}

/// Platforms tell their public name; elsewhere the operator does, or it is this machine.
fn origin(source: &Source, listen: SocketAddr) -> Result<String, ConfigError> {
    if let Some(url) = source.get("PARALLAX_URL")? {
        let url = url.trim_end_matches('/');
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        return (is_url && url::Url::parse(url).is_ok())
            .then(|| url.to_owned())
            .ok_or_else(|| {
                ConfigError::new(
                    "PARALLAX_URL",
                    "is an address such as https://parallax.example",
                )
            });
    }
    Ok(match source.get("RAILWAY_PUBLIC_DOMAIN")? {
        Some(domain) => format!("https://{domain}"),
        None => format!("http://{listen}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(&Source::of(pairs))
    }

    #[test]
    fn nothing_set_is_a_good_configuration() {
        let config = read(&[]).expect("defaults");
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
        let file = config.database.place.sqlite_file().expect("SQLite");
        assert!(file.ends_with("data/parallax.sqlite3"), "{file:?}");
        assert_eq!(config.http.rate_limit_per_minute.get(), 100);
    }

    #[test]
    fn port_opens_all_addresses_unless_an_address_is_given() {
        let listen = |pairs: &[(&str, &str)]| read(pairs).expect("valid").http.listen.to_string();
        assert_eq!(listen(&[("PORT", "8080")]), "[::]:8080");
        assert_eq!(
            listen(&[("PORT", "8080"), ("PARALLAX_LISTEN", "127.0.0.1:9")]),
            "127.0.0.1:9"
        );
    }

    #[test]
    fn the_document_is_shown_in_production_only_where_it_is_switched_on() {
        let shown = |pairs: &[(&str, &str)]| read(pairs).expect("valid").http.api_docs;
        assert!(shown(&[]));
        assert!(!shown(&[("ENVIRONMENT", "production")]));
        let on = ("PARALLAX_API_DOCS", "true");
        assert!(shown(&[("ENVIRONMENT", "production"), on]));
        assert!(!shown(&[("PARALLAX_API_DOCS", "false")]));
    }

    #[test]
    fn only_a_host_that_nobody_else_reaches_takes_no_set_up_code() {
        let asks = |pairs: &[(&str, &str)]| read(pairs).expect("valid").http.asks_set_up_code;
        assert!(!asks(&[]));
        assert!(!asks(&[("PARALLAX_LISTEN", "[::1]:3000")]));
        assert!(asks(&[("PARALLAX_LISTEN", "192.168.1.4:3000")]));
        assert!(asks(&[("PORT", "8080")]));
        for (name, value) in [
            ("PARALLAX_URL", "https://parallax.example"),
            ("PARALLAX_TRUSTED_PROXIES", "10.0.0.0/8"),
            ("RAILWAY_PUBLIC_DOMAIN", "parallax.up.example"),
        ] {
            assert!(asks(&[(name, value)]), "{name}");
        }
    }

    #[test]
    fn wrong_values_name_their_variable() {
        for (name, value) in [
            ("DATABASE_URL", "mysql://x"),
            (
                "DATABASE_URL",
                "postgres://parallax:S3c/r3t-Pa55@db.example/parallax",
            ),
            ("PARALLAX_DATABASE_CONNECTIONS", "2"),
            ("PARALLAX_LISTEN", "here"),
            ("PORT", "70000"),
            ("ENVIRONMENT", "staging"),
            ("PARALLAX_RATE_LIMIT", "0"),
            ("PARALLAX_API_DOCS", "yes"),
            ("ENCRYPTION_KEY", "abc"),
            ("SECRET_KEY", "short"),
            ("OPENAI_BASE_URL", "not an address"),
            ("PARALLAX_URL", "parallax.example"),
            ("SMTP_URL", "mail.example"),
            ("SMTP_URL", "smtp://ana:12/34567@mail.example"),
            ("PARALLAX_MAX_PROJECTS", "-1"),
            ("PARALLAX_ERASE_AFTER_DAYS", "soon"),
        ] {
            let error = read(&[(name, value)]).expect_err(name);
            assert_eq!(error.variable(), name);
        }
    }

    #[test]
    fn a_secret_can_stand_in_a_file() {
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), "sk-from-file\n").expect("written");
        let path = file.path().to_str().expect("path");
        let config = read(&[("OPENAI_API_KEY_FILE", path)]).expect("valid");
        assert!(
            config
                .providers
                .of(app::model::provider::Provider::OpenAi)
                .api_key
                .is_some()
        );
        assert!(read(&[("OPENAI_API_KEY_FILE", "/nonexistent/key")]).is_err());
    }

    #[test]
    fn nothing_secret_is_shown() {
        let config = read(&[
            ("DATABASE_URL", "postgres://user:hidden@host/db"),
            ("OPENAI_API_KEY", "sk-hidden-hidden"),
            ("OPENAI_BASE_URL", "https://ana:hidden@proxy.example/v1"),
            ("SMTP_URL", "smtps://ana:hidden@mail.example"),
            ("SMTP_FROM", "parallax@parallax.example"),
            ("SECRET_KEY", "hidden-hidden-hidden-hidden-hidden-hidden"),
        ])
        .expect("valid");
        assert!(!format!("{config:?}").contains("hidden"));
    }
}
