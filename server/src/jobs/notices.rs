//! Looks for what is to be told, and sends the mails that tell it.
//!
//! Invariant: any number of hosts may look; the store tells each thing once. A mail is noted as
//! sent after the server took it: one whose host dies in between goes out twice, with the same
//! message id, rather than never.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::mail::Mailer;
use crate::store::{Store, StoreResult};

/// How often there may be news.
const LOOK: Duration = Duration::from_secs(5);

/// Tells and sends until `shutdown`; without a mailer it only tells.
pub async fn work(store: Store, mailer: Option<Mailer>, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        if let Err(error) = look(&store, mailer.as_ref()).await {
            tracing::warn!(%error, "news could not be told");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// One look: tells what is new, and sends every mail that is due.
pub async fn look(store: &Store, mailer: Option<&Mailer>) -> StoreResult<()> {
    let news = store.news().await?;
    store.tell(&news, mailer.is_some()).await?;
    let Some(mailer) = mailer else {
        return Ok(());
    };
    while let Some(mail) = store.claim_mail().await? {
        match mailer.send(&mail).await {
            Ok(()) => {
                store.mail_sent(mail.id).await?;
                tracing::info!(mail.id = mail.id, "mail sent");
            }
            Err(error) => {
                tracing::warn!(mail.id = mail.id, tries = mail.tries, %error, "mail not sent");
                store
                    .mail_failed(&mail, &error.to_string(), error.is_for_good())
                    .await?;
            }
        }
    }
    Ok(())
}
