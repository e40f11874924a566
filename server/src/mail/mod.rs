//! Mails about what happened, by SMTP.
//!
//! Invariant: the mails to send are kept in the database. This module only sends them. No error
//! holds the password of the server or the token of a link, whatever the server says.

mod message;
mod secrets;

use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

pub use message::{Letter, ReviewLinks, account_letter, letter};

use self::secrets::{Secrets, token_of};
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
    /// The server, or the way to it.
    #[error("{said}")]
    Smtp {
        /// What it said, without what it was told in confidence.
        said: String,
        /// Whether it will say the same again.
        is_for_good: bool,
    },
}

impl MailError {
    /// Whether no later try would do better.
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::Address(_) | Self::Message(_) => true,
            Self::Smtp { is_for_good, .. } => *is_for_good,
        }
    }

    fn of_server(error: &smtp::Error, secrets: &Secrets) -> Self {
        Self::Smtp {
            said: secrets.redact(&error.to_string()),
            is_for_good: error.is_permanent(),
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
    /// What the server signs us in by.
    secrets: Secrets,
}

impl Mailer {
    /// A way to the server that the configuration names. Nothing is sent yet.
    ///
    /// # Errors
    /// The address means no server.
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let url = config.url.expose();
        let secrets = Secrets::of_server(url);
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| MailError::of_server(&error, &secrets))?
            .build();
        Ok(Self {
            transport,
            from: config.from.clone(),
            address: config.address.clone(),
            secrets,
        })
    }

    /// Whether the server answers, and takes the user and password where they are given.
    pub async fn check_server(&self) -> Result<(), MailError> {
        let knocked = self.transport.test_connection().await;
        knocked.map_err(|error| MailError::of_server(&error, &self.secrets))?;
        Ok(())
    }

    /// Sends a mail: the server has taken it when this returns.
    pub async fn send(&self, mail: &MailToSend, reviews: &[ReviewLinks]) -> Result<(), MailError> {
        let letter = letter(mail, &self.address, reviews);
        let links = reviews.iter().flat_map(|one| [&one.approve, &one.reject]);
        let tokens = links.map(|link| token_of(link));
        let secrets = self.secrets.and(tokens);
        self.deliver(letter, &mail.recipient, &secrets).await
    }

    /// Sends a letter whose link has this token: the server has taken it when this returns.
    pub async fn send_letter(&self, letter: &LetterToSend, token: &str) -> Result<(), MailError> {
        let words = account_letter(letter, &self.address, token);
        let secrets = self.secrets.and([token.to_owned()]);
        self.deliver(words, &letter.recipient, &secrets).await
    }

    async fn deliver(
        &self,
        letter: Letter,
        recipient: &str,
        secrets: &Secrets,
    ) -> Result<(), MailError> {
        let to = Mailbox::new(None, recipient.parse()?);
        let message = letter.message(self.from.clone(), to)?;
        let taken = self.transport.send(message).await;
        taken.map_err(|error| MailError::of_server(&error, secrets))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use app::model::language::Language;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;
    use crate::config::{Config, Source};
    use crate::store::accounts::LetterKind;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const PASSWORD: &str = "Zs3q/Zr3t";

    /// A mail server for one connection, that takes everything but what begins with `refused`,
    /// to which it says `said`. A letter ends with a full stop.
    async fn server(refused: &'static str, said: String) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a caller");
            let (lines, mut replies) = stream.into_split();
            let mut lines = BufReader::new(lines).lines();
            let mut is_letter = false;
            let mut reply = "220 mail.example\r\n".to_owned();
            loop {
                if replies.write_all(reply.as_bytes()).await.is_err() {
                    return;
                }
                let Ok(Some(mut line)) = lines.next_line().await else {
                    return;
                };
                while is_letter && line != "." {
                    line = lines.next_line().await.expect("a line").expect("a letter");
                }
                is_letter = line == "DATA";
                let words = match line.split(' ').next().unwrap_or_default() {
                    verb if verb == refused => said.as_str(),
                    "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
                    "AUTH" => "235 welcome",
                    "DATA" => "354 go on",
                    _ => "250 well",
                };
                reply = format!("{words}\r\n");
            }
        });
        port
    }

    /// What is told of a letter that this server does not take.
    async fn error_of_refused_letter(refused: &'static str, said: String) -> MailError {
        let port = server(refused, said).await;
        let url = format!("smtp://ana:Zs3q%2FZr3t@127.0.0.1:{port}");
        let source = [
            ("SMTP_URL", url.as_str()),
            ("SMTP_FROM", "parallax@parallax.example"),
        ];
        let config = Config::read(&Source::of(&source)).expect("valid");
        let mailer = Mailer::new(&config.mail.expect("mail")).expect("a way");
        let letter = LetterToSend {
            id: 3,
            kind: LetterKind::Confirmation,
            recipient: "eve@example.com".to_owned(),
            language: Language::English,
            tries: 1,
            expires_at: "2026-12-03T10:00:00Z".parse().expect("a time"),
        };
        let sent = mailer.send_letter(&letter, TOKEN).await;
        sent.expect_err("it was refused")
    }

    #[tokio::test]
    async fn what_a_server_quotes_of_a_letter_is_told_without_its_token() {
        let said = format!("554 5.7.1 http://x.example/confirm-address?token={TOKEN} is listed");
        let error = error_of_refused_letter(".", said).await;
        assert!(error.is_for_good());
        let told = format!("{error} {error:?}");
        assert!(told.contains("token=*** is listed"), "{told}");
        assert!(!told.contains(&TOKEN[..8]), "{told}");
    }

    #[tokio::test]
    async fn what_a_server_quotes_of_a_password_is_told_without_it() {
        let as_sent = STANDARD.encode(format!("\0ana\0{PASSWORD}"));
        let error =
            error_of_refused_letter("AUTH", format!("535 5.7.8 no: {as_sent}, {PASSWORD}")).await;
        let told = format!("{error} {error:?}");
        assert!(told.contains("no: ***, ***"), "{told}");
        assert!(!told.contains("Zs3q") && !told.contains(&as_sent), "{told}");
    }
}
