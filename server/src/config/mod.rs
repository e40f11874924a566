//! What the environment says, read once into one small struct a concern.
//!
//! Invariant: nothing else reads an environment variable, and only `bootstrap` and the command
//! line read this.

mod copied;
mod database;
mod mail;
mod providers;
mod secrets;
mod source;

use std::net::{Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

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
    /// What was taken away from values that were copied with more than themselves, a line each.
    pub tidied: Vec<String>,
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
            database,
            tidied: source.tidied(),
        })
    }
}

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
        })
    }
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
            ("OPENAI_API_KEY", "sk-with a blank"),
            ("GOOGLE_API_KEY", "${GOOGLE_API_KEY}"),
            ("SECRET_KEY", "short"),
            ("OPENAI_BASE_URL", "not an address"),
            ("PARALLAX_URL", "parallax.example"),
            ("SMTP_URL", "mail.example"),
            ("SMTP_URL", "smtp://ana:12/34567@mail.example"),
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
    fn keys_are_read_as_they_were_meant_and_what_was_taken_away_is_told() {
        use app::model::provider::Provider;
        use secrecy::ExposeSecret;

        let config = read(&[
            ("OPENAI_API_KEY", "\"sk-abc1234567890\""),
            ("ANTHROPIC_API_KEY", "Bearer sk-ant-abc1234567890"),
            ("GOOGLE_API_KEY", "AIza-abc1234567890\u{200b}"),
            ("ENCRYPTION_KEY", &format!("'{}'", "ab".repeat(32))),
            ("CRON_TOKEN", "\"a-token-of-some-length\""),
        ])
        .expect("valid");
        let key = |provider| config.providers.of(provider).api_key.expect("a key");
        assert_eq!(key(Provider::OpenAi).expose_secret(), "sk-abc1234567890");
        assert_eq!(
            key(Provider::Anthropic).expose_secret(),
            "sk-ant-abc1234567890"
        );
        assert_eq!(key(Provider::Google).expose_secret(), "AIza-abc1234567890");
        assert_eq!(
            config.providers.key_variables(),
            ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"]
        );
        assert_eq!(config.tidied.len(), 5, "{:?}", config.tidied);
        assert!(!format!("{:?}", config.tidied).contains("abc"));
    }

    #[test]
    fn every_key_that_is_none_is_named_at_once() {
        let error = read(&[
            ("OPENAI_API_KEY", "sk-hidden hidden"),
            ("GOOGLE_API_KEY", "AIza-hidden\u{e9}hidden"),
        ])
        .expect_err("wrong")
        .to_string();
        assert!(
            error.contains("OPENAI_API_KEY") && error.contains("GOOGLE_API_KEY"),
            "{error}"
        );
        assert!(!error.contains("hidden"), "{error}");
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
