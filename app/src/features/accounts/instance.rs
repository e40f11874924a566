//! What an admin decides for the whole instance: who may come in.

use leptos::prelude::*;

use super::invitations::InvitationCard;
use crate::api;
use crate::frame::head::Head;
use crate::frame::not_found::NotFoundPage;
use crate::model::account::InstanceSettings;
use crate::texts::{accounts, common, nav};
use crate::ui::{AsyncView, Card, ErrorSummary, Remote, Submission, Switch, session, toast};

/// Who may come in.
#[component]
pub fn InstancePage() -> impl IntoView {
    if !untrack(session::is_admin) {
        return view! { <NotFoundPage /> }.into_any();
    }
    view! {
        <Head title=nav::INSTANCE />
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
