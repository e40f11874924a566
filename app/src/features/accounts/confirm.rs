//! Asking for the letter by which an address is confirmed.

use leptos::prelude::*;

use crate::api;
use crate::texts::accounts;
use crate::ui::{Button, Card, ErrorSummary, Glyph, Submission, Words, fill, session, toast};

/// Shown to who has not confirmed their address, where mails are sent.
#[component]
pub(super) fn ConfirmAddressCard() -> impl IntoView {
    let is_asked = || session::known().is_some_and(|session| session.confirm_address);
    let form = Submission::new();
    let again = move |()| {
        form.run(api::accounts::confirm_again(), |()| {
            toast::success(accounts::CONFIRM_SENT);
        });
    };
    let lead = Words::new(|| {
        let email = session::user().map(|user| user.email).unwrap_or_default();
        fill(accounts::CONFIRM_ADDRESS_LEAD, &[("email", &email)])
    });
    view! {
        <Show when=is_asked>
            <Card title=accounts::CONFIRM_ADDRESS lead>
                <ErrorSummary form />
                <div class="form-actions">
                    <Button
                        label=accounts::CONFIRM_AGAIN
                        glyph=Glyph::Link
                        on_press=again
                        pending=Signal::derive(move || form.is_pending())
                    />
                </div>
            </Card>
        </Show>
    }
}
