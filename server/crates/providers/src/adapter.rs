//! Which vendor's file speaks for which provider.

use bytes::Bytes;
use contract::provider::Provider;
use http::HeaderMap;

use super::json::word;
use super::{
    Access, Answer, ErrorClass, Failure, HttpRequest, Question, anthropic, gemini, openai_chat,
    openai_responses, perplexity, sonar,
};

/// A protocol that Parallax speaks over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// `OpenAI`'s Responses.
    Responses,
    /// Chat completions.
    Chat,
    /// Anthropic's Messages.
    Messages,
    /// Google's generateContent.
    GenerateContent,
    /// Perplexity's Agent API.
    Agent,
    /// Perplexity's Sonar, which ended: its recordings are read, and nothing is asked.
    Sonar,
}

impl Adapter {
    /// The protocol that `access` is spoken to in; `None` for the simulator, which has none.
    ///
    /// Azure speaks Responses under `/openai/v1` and chat completions everywhere else.
    pub fn of(access: &Access) -> Option<Self> {
        match access.provider {
            Provider::OpenAi | Provider::Xai => Some(Self::Responses),
            Provider::Azure => {
                let base = access.base_url.as_deref().unwrap_or_default();
                Some(if base.contains("/openai/v1") {
                    Self::Responses
                } else {
                    Self::Chat
                })
            }
            Provider::Anthropic => Some(Self::Messages),
            Provider::Google => Some(Self::GenerateContent),
            Provider::Perplexity => Some(Self::Agent),
            Provider::Mistral
            | Provider::DeepSeek
            | Provider::Groq
            | Provider::OpenRouter
            | Provider::Compatible => Some(Self::Chat),
            Provider::Simulator => None,
        }
    }

    /// The request that asks `question`.
    pub fn build_request(
        self,
        access: &Access,
        question: &Question,
    ) -> Result<HttpRequest, Failure> {
        match self {
            Self::Responses => openai_responses::build_request(access, question),
            Self::Chat => openai_chat::build_request(access, question),
            Self::Messages => anthropic::build_request(access, question),
            Self::GenerateContent => gemini::build_request(access, question),
            Self::Agent => perplexity::build_request(access, question),
            Self::Sonar => Err(Failure::before_sending(
                ErrorClass::ProtocolEnded,
                "Perplexity ended this protocol on 27 September 2026",
            )),
        }
    }

    /// The request without the field that the response refuses, if an ask can do without that
    /// field. `None` if the response refuses something else, or nothing.
    pub(crate) fn without_refused_field(
        self,
        asked: &HttpRequest,
        status: u16,
        body: &[u8],
    ) -> Option<HttpRequest> {
        match self {
            Self::Agent => perplexity::without_forced_search(asked, status, body),
            _ => None,
        }
    }

    /// Whether a provider may only have paused an answer that looks whole.
    pub(crate) const fn may_pause(self) -> bool {
        matches!(self, Self::Messages)
    }

    /// The request by which an answer goes on that the provider has only paused; `None` where it
    /// has not.
    pub(crate) fn continuation(self, asked: &HttpRequest, body: &[u8]) -> Option<HttpRequest> {
        match self {
            Self::Messages => anthropic::continuation(asked, body),
            _ => None,
        }
    }

    /// What was paused and how it went on, as one body.
    pub(crate) fn joined(self, paused: &[u8], continued: &[u8]) -> Option<Bytes> {
        match self {
            Self::Messages => anthropic::joined(paused, continued),
            _ => None,
        }
    }

    /// What a response says.
    pub fn parse(self, status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
        let parsed = match self {
            Self::Responses => openai_responses::parse(status, headers, body),
            Self::Chat => openai_chat::parse(status, headers, body),
            Self::Messages => anthropic::parse(status, headers, body),
            Self::GenerateContent => gemini::parse(status, headers, body),
            Self::Agent => perplexity::parse(status, headers, body),
            Self::Sonar => sonar::parse(status, headers, body),
        };
        match parsed {
            Ok(answer) => Ok(Answer {
                finish: answer.finish.map(word),
                model_served: answer.model_served.map(word),
                request_id: answer.request_id.map(word),
                ..answer
            }),
            Err(failure) => Err(Failure {
                request_id: failure.request_id.map(word),
                ..failure
            }),
        }
    }
}

/// The failure of an ask over HTTP for a provider that is not reached that way.
pub(crate) fn no_protocol() -> Failure {
    Failure::before_sending(
        ErrorClass::BadParameter,
        "the simulator is not reached over HTTP",
    )
}
