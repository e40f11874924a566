//! Mails that tell what happened, by SMTP.
//!
//! Invariant: what is to be sent stands in the database; this module only carries it.

mod message;

use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

pub use message::{Letter, ReviewLinks, account_letter, letter};

use crate::config::{InstanceAddress, MailConfig};
use crate::store::accounts::LetterToSend;
use crate::store::jobs::MailToSend;

/// Why a mail is not on its way.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the recipient.
    #[error("the address cannot be written to: {0}")]
    Address(#[from] AddressError),
    /// The message could not be made.
    #[error("the message could not be made: {0}")]
    Message(#[from] lettre::error::Error),
    /// The server.
    #[error("{0}")]
    Smtp(#[from] smtp::Error),
}

impl MailError {
    /// Whether no later try would do better.
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::Address(_) | Self::Message(_) => true,
            Self::Smtp(error) => error.is_permanent(),
        }
    }
}

/// Whether this is an address, and nothing but one, to which mails can be sent.
pub fn is_address(email: &str) -> bool {
    email.parse::<Address>().is_ok()
}

/// Carries mails to one server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where links lead.
    address: InstanceAddress,
}

impl Mailer {
    /// A way to the server that the configuration names. Nothing is sent yet.
    ///
    /// # Errors
    /// The address means no server.
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(config.url.expose())?.build();
        Ok(Self {
            transport,
            from: config.from.clone(),
            address: config.address.clone(),
        })
    }

    /// Whether the server answers, and takes the user and password where they are given.
    pub async fn knock(&self) -> Result<(), MailError> {
        self.transport.test_connection().await?;
        Ok(())
    }

    /// Sends a mail: the server has taken it when this returns.
    pub async fn send(&self, mail: &MailToSend, reviews: &[ReviewLinks]) -> Result<(), MailError> {
        let letter = letter(mail, &self.address, reviews);
        self.carry(letter, &mail.recipient).await
    }

    /// Sends a letter whose link has this token: the server has taken it when this returns.
    pub async fn send_letter(&self, letter: &LetterToSend, token: &str) -> Result<(), MailError> {
        let words = account_letter(letter, &self.address, token);
        self.carry(words, &letter.recipient).await
    }

    async fn carry(&self, letter: Letter, recipient: &str) -> Result<(), MailError> {
        let to = Mailbox::new(None, recipient.parse()?);
        let message = letter.message(self.from.clone(), to)?;
        self.transport.send(message).await?;
        Ok(())
    }
}
