//! Sends the letters that carry a link of their own.
//!
//! Invariant: a link's token is made here, just before its letter goes out; only its hash is
//! stored. If the host dies before the mail server confirms a letter, the letter goes out again
//! with another link. The first link stops working.

use runtime::supervision::JobReporter;
use tokio_util::sync::CancellationToken;

use super::notices::{MailSender, wait};
use crate::store::{Store, StoreResult};

/// Sends letters that are due, until `shutdown`.
pub async fn send_letters(
    store: Store,
    mail_sender: MailSender,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let sent = send_due(&store, &mail_sender).await;
        reporter.of(&sent);
        if let Err(error) = sent {
            tracing::warn!(%error, "letters could not be sent");
        }
        wait(&shutdown).await;
    }
}

/// Sends every letter that is due.
async fn send_due(store: &Store, mail_sender: &MailSender) -> StoreResult<()> {
    loop {
        let link = mail_sender.tokens.fresh("");
        let Some(letter) = store.claim_letter(&link.hash).await? else {
            return Ok(());
        };
        match mail_sender.mailer.send_letter(&letter, &link.token).await {
            Ok(()) => {
                store.letter_sent(letter.id).await?;
                tracing::info!(letter.id = letter.id, kind = ?letter.kind, "letter sent");
            }
            Err(error) => {
                tracing::warn!(letter.id = letter.id, tries = letter.tries, %error, "letter not sent");
                store
                    .letter_failed(&letter, &error.to_string(), error.is_for_good())
                    .await?;
            }
        }
    }
}
