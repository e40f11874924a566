//! The providers that Parallax can ask.
//!
//! Invariant: names only. How a provider is spoken to stands in the host's `providers`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! providers {
    ($($(#[$doc:meta])* $variant:ident = $slug:tt, $label:tt;)+) => {
        /// A company or server that answers questions.
        // The default is for rows without values. REST's document takes the words above.
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize,
            Deserialize,
        )]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum Provider {
            $($(#[$doc])* #[serde(rename = $slug)] $variant,)+
        }

        impl Provider {
            /// Every provider, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the database, in REST and in addresses.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// The name that people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl FromStr for Provider {
            type Err = UnknownProvider;

            fn from_str(slug: &str) -> Result<Self, Self::Err> {
                match slug {
                    $($slug => Ok(Self::$variant),)+
                    _ => Err(UnknownProvider),
                }
            }
        }
    };
}

providers! {
    /// OpenAI's Responses.
    OpenAi = "openai", "ChatGPT";
    /// Anthropic's Messages.
    Anthropic = "anthropic", "Claude";
    /// Google's generateContent.
    Google = "google", "Gemini";
    /// Perplexity's Agent API.
    Perplexity = "perplexity", "Perplexity";
    /// xAI, through Responses.
    Xai = "xai", "Grok";
    /// Azure `OpenAI`, through Responses.
    Azure = "azure", "Azure OpenAI";
    /// Mistral's chat completions.
    Mistral = "mistral", "Mistral";
    /// `DeepSeek`'s chat completions.
    DeepSeek = "deepseek", "DeepSeek";
    /// Groq's chat completions.
    Groq = "groq", "Groq";
    /// `OpenRouter`'s chat completions.
    OpenRouter = "openrouter", "OpenRouter";
    /// Any other server that speaks chat completions: vLLM, Ollama, LM Studio, llama.cpp.
    Compatible = "compatible", "OpenAI-compatible";
    /// Made-up answers, without a network or a key.
    #[default]
    Simulator = "simulator", "Simulator";
}

impl Provider {
    /// The four that the product is about; each has exactly one current model.
    pub const BIG_FOUR: [Self; 4] = [
        Self::OpenAi,
        Self::Anthropic,
        Self::Google,
        Self::Perplexity,
    ];

    /// Whether an ask needs an API key.
    pub const fn needs_key(self) -> bool {
        !matches!(self, Self::Simulator | Self::Compatible)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slug())
    }
}

/// The text names no provider that Parallax knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown provider")]
pub struct UnknownProvider;
