//! Looks for what is to be told, and sends the mails that tell it: two jobs.
//!
//! Invariant: any number of hosts may look; the store tells each thing once. A mail is noted as
//! sent after the server took it: one whose host dies in between goes out twice, with the same
//! message id, rather than never.

use std::time::Duration;

use app::model::notices::Notice;
use runtime::supervision::JobReporter;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::auth::tokens::Tokens;
use crate::mail::{Mailer, ReviewLinks};
use crate::services::registry::{ReviewPaths, review_paths};
use crate::store::jobs::MailToSend;
use crate::store::{Store, StoreResult};

/// How often it looks for new notices.
const LOOK: Duration = Duration::from_secs(5);

/// New models that a mail has links for.
const REVIEWED: u32 = 5;

/// What sending mails needs of the host.
#[derive(Clone)]
pub struct MailSender {
    /// The way to the mail server.
    pub mailer: Mailer,
    /// Makes the links that work once.
    pub tokens: Tokens,
}

/// Looks for new notices and stores them until `shutdown`; with mails if they can be sent.
pub async fn watch_for_notices(
    store: Store,
    with_mails: bool,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let told = store_new_notices(&store, with_mails).await;
        reporter.of(&told);
        if let Err(error) = told {
            tracing::warn!(%error, "news could not be told");
        }
        wait(&shutdown).await;
    }
}

/// Sends mails that are due, until `shutdown`. A job of its own, as the mail server may take its
/// time, and what is told is shown on screens without it.
pub async fn send_mails(
    store: Store,
    mail_sender: MailSender,
    reporter: JobReporter,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let sent = send_due(&store, &mail_sender).await;
        reporter.of(&sent);
        if let Err(error) = sent {
            tracing::warn!(%error, "mails could not be sent");
        }
        wait(&shutdown).await;
    }
}

/// Waits until the next look.
pub(super) async fn wait(shutdown: &CancellationToken) {
    shutdown.run_until_cancelled(sleep(LOOK)).await;
}

async fn store_new_notices(store: &Store, with_mails: bool) -> StoreResult<()> {
    let news = store.find_notices().await?;
    store.insert_notices(&news, with_mails).await?;
    Ok(())
}

/// Sends every mail that is due.
async fn send_due(store: &Store, mail_sender: &MailSender) -> StoreResult<()> {
    while let Some(mail) = store.claim_mail().await? {
        let reviews = review_links(store, mail_sender, &mail).await?;
        match mail_sender.mailer.send(&mail, &reviews).await {
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

/// Links by which the reader of a mail about new models decides at once.
async fn review_links(
    store: &Store,
    mail_sender: &MailSender,
    mail: &MailToSend,
) -> StoreResult<Vec<ReviewLinks>> {
    if !matches!(mail.notice, Notice::ModelsNew { .. }) {
        return Ok(Vec::new());
    }
    let Some(admin) = store.user_by_email(&mail.recipient).await? else {
        return Ok(Vec::new());
    };
    let mut links = Vec::new();
    for (model, name) in store.models_to_review(REVIEWED).await? {
        let ReviewPaths { approve, reject } =
            review_paths(store, &mail_sender.tokens, model, admin.view.id).await?;
        links.push(ReviewLinks {
            name,
            approve,
            reject,
        });
    }
    Ok(links)
}
