//! Inviting people.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::model::account::InvitationLink;
use crate::texts::accounts;
use crate::ui::{Button, Card, CopyField, ErrorSummary, Glyph, Submission, fill, format};

/// Invites people.
#[component]
pub(super) fn InvitationCard() -> impl IntoView {
    let form = Submission::new();
    let link = RwSignal::new(None::<InvitationLink>);
    let invite = move |()| form.run(api::invitations::invite(), move |made| link.set(Some(made)));
    view! {
        <Card title=accounts::INVITE lead=accounts::INVITE_LEAD>
            <ErrorSummary form />
            <div class="form-actions">
                <Button
                    label=accounts::CREATE_INVITATION
                    glyph=Glyph::Link
                    on_press=invite
                    pending=Signal::derive(move || form.is_pending())
                />
            </div>
            {move || {
                link.get()
                    .map(|link| {
                        let origin = window().location().origin().unwrap_or_default();
                        let until = link.expires_at;
                        view! {
                            <CopyField
                                label=accounts::INVITATION_LINK
                                value=format!("{origin}{}", at(&link.path))
                            />
                            <p class="field-hint">
                                {move || {
                                    let until = format::moment(until);
                                    fill(accounts::INVITATION_UNTIL, &[("when", &until)])
                                }}
                            </p>
                        }
                    })
            }}
        </Card>
    }
}
