//! API keys and addresses that the operator gives.

use app::model::provider::Provider;
use secrecy::SecretString;

use super::copied::wrong_with_key;
use super::source::{ConfigError, Source};
use crate::store::sql::{PERCENT_ENCODE, splits_as_meant};

/// What the environment says about providers.
#[derive(Debug)]
pub struct ProvidersConfig {
    entries: Vec<(Provider, ProviderEnvironment)>,
    /// Whether these keys serve every workspace, not only those of admins.
    pub shared: bool,
}

/// Key and address of one provider.
#[derive(Clone, Default)]
pub struct ProviderEnvironment {
    /// API key.
    pub api_key: Option<SecretString>,
    /// Another address than the provider's own.
    pub base_url: Option<String>,
}

impl std::fmt::Debug for ProviderEnvironment {
    /// Without the address, whose user part may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("ProviderEnvironment");
        shown.field("has_api_key", &self.api_key.is_some());
        shown.field("has_base_url", &self.base_url.is_some());
        shown.finish()
    }
}

const VARIABLES: [(Provider, &str, &str); 4] = [
    (Provider::OpenAi, "OPENAI_API_KEY", "OPENAI_BASE_URL"),
    (
        Provider::Anthropic,
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
    ),
    (Provider::Google, "GOOGLE_API_KEY", "GOOGLE_BASE_URL"),
    (
        Provider::Perplexity,
        "PERPLEXITY_API_KEY",
        "PERPLEXITY_BASE_URL",
    ),
];

impl ProvidersConfig {
    pub(super) fn read(source: &Source) -> Result<Self, ConfigError> {
        let mut entries = Vec::new();
        let mut wrong = Vec::new();
        for (provider, key_variable, url_variable) in VARIABLES {
            let base_url = source
                .copied(url_variable)?
                .map(|url| url.trim_end_matches('/').to_owned());
            if let Some(url) = &base_url {
                let is_http = url::Url::parse(url)
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                if !is_http || !splits_as_meant(url) {
                    return Err(ConfigError::new(
                        url_variable,
                        format!("begins with https:// or http://; {PERCENT_ENCODE}"),
                    ));
                }
            }
            let api_key = source.copied(key_variable)?;
            if let Some(what) = api_key.as_deref().and_then(wrong_with_key) {
                wrong.push(ConfigError::new(key_variable, what));
            }
            let api_key = api_key.map(SecretString::from);
            entries.push((provider, ProviderEnvironment { api_key, base_url }));
        }
        if let Some(error) = ConfigError::all(wrong) {
            return Err(error);
        }
        Ok(Self {
            entries,
            shared: source.flag("PARALLAX_SHARED_KEYS")?,
        })
    }

    /// The variables that hold a key.
    pub fn key_variables(&self) -> Vec<&'static str> {
        let has_key = |name: &Provider| self.of(*name).api_key.is_some();
        VARIABLES
            .iter()
            .filter(|(provider, ..)| has_key(provider))
            .map(|(_, variable, _)| *variable)
            .collect()
    }

    /// What is known of a provider; nothing for one that has no variables.
    pub fn of(&self, provider: Provider) -> ProviderEnvironment {
        self.entries
            .iter()
            .find(|(known, _)| *known == provider)
            .map(|(_, environment)| environment.clone())
            .unwrap_or_default()
    }
}
