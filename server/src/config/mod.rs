//! What the environment says, read once into one small struct a concern.
//!
//! Invariant: nothing else reads an environment variable, and only `bootstrap` and the command
//! line read this.

mod copied;
mod database;
mod instance;
mod mail;
mod providers;
mod proxies;
mod retention;
mod secrets;
mod source;

use std::net::{Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use crate::store::sql::Retention;

pub use self::providers::{ProviderEnvironment, ProvidersConfig};
pub use database::DatabaseConfig;
pub use instance::{InstanceAddress, is_local_or_literal};
pub use mail::{MailConfig, SmtpUrl};
pub use proxies::TrustedProxies;
pub use secrets::{SecretsConfig, parse_master_key};
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
    /// How much workspaces may keep, and how long what was deleted stays.
    pub retention: Retention,
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
    /// Connections at once; `None`: as many as the open files allow.
    pub max_connections: Option<usize>,
    /// Where people reach the application.
    pub address: InstanceAddress,
    /// Who may say for whom a request is passed on.
    pub trusted_proxies: TrustedProxies,
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
            mail: MailConfig::read(source, &http.address)?,
            http,
            secrets: SecretsConfig::read(source)?,
            providers: ProvidersConfig::read(source)?,
            retention: retention::read(source)?,
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
        let max_connections = source
            .get("PARALLAX_MAX_CONNECTIONS")?
            .map(|text| text.parse().ok().filter(|most| *most > 0))
            .map(|most| {
                most.ok_or_else(|| {
                    ConfigError::new("PARALLAX_MAX_CONNECTIONS", "is a whole number above 0")
                })
            })
            .transpose()?;
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
            max_connections,
            address: InstanceAddress::read(source, listen)?,
            trusted_proxies: TrustedProxies::read(source)?,
            api_docs,
        })
    }

    /// Whether nobody but who sits at this machine comes in, as far as the settings say: it
    /// listens on loopback, and neither an address for others nor a proxy is set.
    pub fn is_for_this_machine_alone(&self) -> bool {
        self.listen.ip().is_loopback()
            && !self.address.is_given()
            && self.trusted_proxies.is_empty()
    }
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
    fn a_platforms_name_counts_as_the_address_unless_another_is_given() {
        let address = |pairs: &[(&str, &str)]| read(pairs).expect("valid").http.address;
        let railway = ("RAILWAY_PUBLIC_DOMAIN", "plx.up.railway.app");
        let by_platform = address(&[railway]);
        assert_eq!(by_platform.base(), "https://plx.up.railway.app");
        assert!(by_platform.is_given() && by_platform.is_https());
        let by_operator = address(&[railway, ("PARALLAX_URL", "http://plx.example/p/")]);
        assert_eq!(by_operator.base(), "http://plx.example/p");
        let by_nobody = address(&[]);
        assert_eq!(by_nobody.base(), "http://127.0.0.1:3000");
        assert!(!by_nobody.is_given() && !by_nobody.is_https());
    }

    #[test]
    fn an_instance_is_for_its_machine_alone_until_anything_says_otherwise() {
        let alone =
            |pairs: &[(&str, &str)]| read(pairs).expect("valid").http.is_for_this_machine_alone();
        assert!(alone(&[]));
        assert!(alone(&[("PARALLAX_LISTEN", "[::1]:3000")]));
        for pair in [
            ("PORT", "3000"),
            ("PARALLAX_LISTEN", "192.168.1.5:3000"),
            ("PARALLAX_URL", "http://localhost:3000"),
            ("RAILWAY_PUBLIC_DOMAIN", "plx.up.railway.app"),
            ("PARALLAX_TRUSTED_PROXIES", "127.0.0.1"),
        ] {
            assert!(!alone(&[pair]), "{pair:?}");
        }
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
            ("PARALLAX_MAX_CONNECTIONS", "0"),
            ("ENCRYPTION_KEY", "abc"),
            ("OPENAI_API_KEY", "sk-with a blank"),
            ("GOOGLE_API_KEY", "${GOOGLE_API_KEY}"),
            ("SECRET_KEY", "short"),
            ("OPENAI_BASE_URL", "not an address"),
            ("PARALLAX_URL", "parallax.example"),
            ("RAILWAY_PUBLIC_DOMAIN", "no name"),
            ("PARALLAX_TRUSTED_PROXIES", "everybody"),
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
