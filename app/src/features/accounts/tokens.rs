//! REST tokens: made, shown once, revoked.

use leptos::prelude::*;

use crate::api;
use crate::model::account::TokenView;
use crate::texts::{accounts, common};
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Button, Card, ConfirmDialog, CopyField, Dialog, ErrorSummary, Look, Notice, Remote,
    Submission, SubmitButton, TableFrame, TextField, Tone, Words, fill, format, t, toast,
};

/// The user's tokens for this workspace.
#[component]
pub fn Tokens() -> impl IntoView {
    let tokens = Remote::new(api::accounts::list_tokens);
    let doomed = RwSignal::new(None::<TokenView>);
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |token: TokenView| {
        doomed.set(Some(token));
        asking.set(true);
    });
    let revoking = Submission::new();
    let revoke = move |()| {
        let Some(token) = doomed.get_untracked() else {
            return;
        };
        revoking.run(api::accounts::revoke_token(token.id), move |()| {
            toast::success(accounts::TOKEN_REVOKED);
            tokens.reload();
        });
    };
    let title = Words::new(move || {
        let name = doomed.get().map(|token| token.name).unwrap_or_default();
        fill(accounts::REVOKE_TITLE, &[("name", &name)])
    });
    view! {
        <Card title=accounts::TOKENS lead=accounts::TOKENS_LEAD>
            <NewTokenForm on_made=move |()| tokens.reload() />
            <ErrorSummary form=revoking />
            <AsyncView remote=tokens lines=2 let:list>
                {if list.is_empty() {
                    view! { <p class="muted">{t(accounts::NO_TOKENS)}</p> }.into_any()
                } else {
                    token_table(list, ask)
                }}
            </AsyncView>
        </Card>
        <ConfirmDialog
            open=asking
            title
            message=accounts::REVOKE_MESSAGE
            confirm=accounts::REVOKE
            on_confirm=revoke
        />
    }
}

#[component]
fn NewTokenForm(#[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let form = Submission::new();
    let name = RwSignal::new(String::new());
    let made = RwSignal::new(String::new());
    let showing = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.run(
            api::accounts::create_token(name.get_untracked()),
            move |token| {
                made.set(token.token);
                showing.set(true);
                name.set(String::new());
                on_made.run(());
            },
        );
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <div class="inline-form">
                <TextField
                    label=accounts::TOKEN_NAME
                    value=name
                    form
                    path="name"
                    placeholder=accounts::TOKEN_NAME_EXAMPLE
                />
                <SubmitButton label=accounts::CREATE_TOKEN form look=Look::Plain />
            </div>
            <ErrorSummary form />
        </form>
        <Dialog open=showing title=accounts::TOKEN_MADE>
            <Notice tone=Tone::Warning>
                <p>{t(accounts::TOKEN_ONCE)}</p>
            </Notice>
            <CopyField label=accounts::TOKEN value=made.get_untracked() />
        </Dialog>
    }
}

fn token_table(list: Vec<TokenView>, ask: Callback<TokenView>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|token| {
            let name = token.name.clone();
            let revoke_name = Words::new(move || fill(accounts::REVOKE_NAME, &[("name", &name)]));
            let (created, used) = (token.created_at, token.last_used_at);
            view! {
                <tr>
                    <th scope="row">{token.name.clone()}</th>
                    <td data-label=t(accounts::CREATED)>{move || format::day(created)}</td>
                    <td data-label=t(accounts::LAST_USED)>
                        {move || {
                            used.map_or_else(
                                || common::NEVER.get(language()).to_owned(),
                                format::moment,
                            )
                        }}
                    </td>
                    <td class="is-number">
                        <Button
                            label=accounts::REVOKE
                            name=revoke_name
                            look=Look::Quiet
                            on_press=move |()| ask.run(token.clone())
                        />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableFrame caption=accounts::TOKENS class="is-cards">
            <thead>
                <tr>
                    <th scope="col">{t(accounts::TOKEN_NAME)}</th>
                    <th scope="col">{t(accounts::CREATED)}</th>
                    <th scope="col">{t(accounts::LAST_USED)}</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
