//! The user's own page: password, language, tokens for programs, deleted projects.

use leptos::prelude::*;

use super::confirm::ConfirmAddressCard;
use super::deleted::RecentlyDeleted;
pub use super::entrance::{SignInPage, SignUpPage};
pub use super::instance::InstancePage;
use super::tokens::Tokens;
use crate::api;
use crate::frame::head::Head;
use crate::frame::preferences::Preferences;
use crate::model::account::{ChangePassword, Role};
use crate::texts::accounts;
use crate::ui::locale::language_now;
use crate::ui::{
    Card, Checkbox, ErrorSummary, Remote, Submission, SubmitButton, TextField, Words, fill,
    session, toast,
};
use crate::validate;

/// Password, language, tokens.
#[component]
pub fn AccountPage() -> impl IntoView {
    let email = move || session::user().map(|user| user.email).unwrap_or_default();
    let tokens = Remote::new(api::accounts::list_tokens);
    view! {
        <Head title=accounts::ACCOUNT />
        <p class="page-lead">{email}</p>
        <div class="page-stack page-narrow">
            <ConfirmAddressCard />
            <Card title=accounts::PREFERENCES lead=accounts::PREFERENCES_LEAD>
                <Preferences />
            </Card>
            <PasswordCard on_changed=move |()| tokens.reload() />
            <Tokens tokens />
            <Show when=|| session::may(Role::Editor)>
                <RecentlyDeleted />
            </Show>
        </div>
    }
}

/// Another password; tokens may end with the old one.
#[component]
fn PasswordCard(#[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let form = Submission::new();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let revoke_tokens = RwSignal::new(true);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let draft = ChangePassword {
            current: current.get_untracked(),
            new: new.get_untracked(),
            keep_tokens: !revoke_tokens.get_untracked(),
        };
        if let Err(fields) = validate::change_password(language_now(), &draft) {
            return form.refuse(fields);
        }
        form.run(api::accounts::change_password(draft), move |()| {
            current.set(String::new());
            new.set(String::new());
            revoke_tokens.set(true);
            toast::success(accounts::PASSWORD_CHANGED);
            on_changed.run(());
        });
    };
    let (least, _) = validate::PASSWORD;
    let hint = Words::new(move || fill(accounts::PASSWORD_HINT, &[("min", &least)]));
    view! {
        <Card title=accounts::CHANGE_PASSWORD lead=accounts::CHANGE_PASSWORD_LEAD>
            <form class="form" novalidate on:submit=submit>
                <ErrorSummary form />
                <div class="form-row">
                    <TextField
                        label=accounts::CURRENT_PASSWORD
                        value=current
                        form
                        path="current"
                        kind="password"
                        autocomplete="current-password"
                    />
                    <TextField
                        label=accounts::NEW_PASSWORD
                        value=new
                        form
                        path="new"
                        kind="password"
                        autocomplete="new-password"
                        hint
                    />
                </div>
                <Checkbox
                    label=accounts::REVOKE_TOKENS
                    value=revoke_tokens
                    hint=accounts::REVOKE_TOKENS_HINT
                />
                <div class="form-actions">
                    <SubmitButton label=accounts::CHANGE_PASSWORD form />
                </div>
            </form>
        </Card>
    }
}
