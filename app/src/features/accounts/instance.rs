//! What an admin decides for the whole instance: who may come in.

use leptos::prelude::*;

use crate::api;
use crate::features::home::NotFoundPage;
use crate::model::account::{InstanceSettings, InvitationLink};
use crate::texts::{accounts, common, nav};
use crate::ui::{
    AsyncView, Button, Card, CopyField, ErrorSummary, Glyph, PageHeader, Remote, Submission,
    Switch, fill, format, session, toast,
};

/// Who may come in.
#[component]
pub fn InstancePage() -> impl IntoView {
    if !untrack(session::is_admin) {
        return view! { <NotFoundPage /> }.into_any();
    }
    view! {
        <PageHeader title=nav::INSTANCE lead=accounts::INSTANCE_LEAD />
        <div class="page-stack page-narrow">
            <SignUpCard />
            <InvitationCard />
        </div>
    }
    .into_any()
}

#[component]
fn SignUpCard() -> impl IntoView {
    let settings = Remote::new(api::accounts::instance_settings);
    let saving = Submission::new();
    let change = Callback::new(move |open_sign_up: bool| {
        settings.set(InstanceSettings { open_sign_up });
        let call = api::accounts::save_instance_settings(InstanceSettings { open_sign_up });
        let failed = Callback::new(move |()| settings.reload());
        saving.run_or(
            call,
            move |stored| {
                settings.set(stored);
                toast::success(common::SAVED);
            },
            failed,
        );
    });
    view! {
        <Card title=accounts::OPEN_SIGN_UP lead=accounts::OPEN_SIGN_UP_LEAD>
            <ErrorSummary form=saving />
            <AsyncView remote=settings lines=1 let:stored>
                {view! {
                    <Switch
                        label=accounts::OPEN_SIGN_UP_SWITCH
                        on=stored.open_sign_up
                        on_change=change
                    />
                }
                    .into_any()}
            </AsyncView>
        </Card>
    }
}

#[component]
fn InvitationCard() -> impl IntoView {
    let form = Submission::new();
    let link = RwSignal::new(None::<InvitationLink>);
    let invite = move |()| form.run(api::accounts::invite(), move |made| link.set(Some(made)));
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
                                value=format!("{origin}{}", link.path)
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
