//! API keys and addresses that the operator gives.

use app::model::provider::Provider;
use secrecy::SecretString;

use super::source::{ConfigError, Source};
use crate::store::place::{PERCENT_ENCODE, comes_apart};

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
        for (provider, key_variable, url_variable) in VARIABLES {
            let base_url = source
                .get(url_variable)?
                .map(|url| url.trim_end_matches('/').to_owned());
            if let Some(url) = &base_url {
                let is_http = url::Url::parse(url)
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                if !is_http || !comes_apart(url) {
                    return Err(ConfigError::new(
                        url_variable,
                        format!("begins with https:// or http://; {PERCENT_ENCODE}"),
                    ));
                }
            }
            let api_key = source.get(key_variable)?.map(SecretString::from);
            entries.push((provider, ProviderEnvironment { api_key, base_url }));
        }
        Ok(Self {
            entries,
            shared: source.flag("PARALLAX_SHARED_KEYS")?,
        })
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
