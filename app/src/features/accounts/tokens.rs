//! REST tokens: made, shown once, revoked.

use leptos::prelude::*;

use crate::api;
use crate::model::account::{TokenScope, TokenTerm, TokenView};
use crate::texts::{Text, accounts, common};
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Button, Card, ConfirmDialog, CopyField, Dialog, ErrorSummary, Look, Notice, Remote,
    SelectField, Submission, SubmitButton, TableFrame, TextField, Tone, Words, fill, format, t,
    toast,
};

/// The user's tokens for this workspace.
#[component]
pub fn Tokens(
    /// Those that work.
    tokens: Remote<Vec<TokenView>>,
) -> impl IntoView {
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

/// Days that a token made at the screen may last.
const TERMS: [i64; 4] = [7, 30, TokenTerm::USUAL_DAYS, 365];

#[component]
fn NewTokenForm(#[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let form = Submission::new();
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new(TokenScope::default().word().to_owned());
    let days = RwSignal::new(TokenTerm::USUAL_DAYS.to_string());
    let password = RwSignal::new(String::new());
    let terms = Signal::derive(|| {
        TERMS
            .map(|days| {
                (
                    days.to_string(),
                    fill(accounts::TOKEN_TERM_DAYS, &[("days", &days)]),
                )
            })
            .to_vec()
    });
    let scopes = Signal::derive(|| {
        [TokenScope::Admin, TokenScope::Write, TokenScope::Read]
            .map(|scope| {
                (
                    scope.word().to_owned(),
                    scope_name(scope).get(language()).to_owned(),
                )
            })
            .to_vec()
    });
    let made = RwSignal::new(String::new());
    let showing = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.run(
            api::accounts::create_token(
                name.get_untracked(),
                TokenScope::from_word(&scope.get_untracked()).unwrap_or_default(),
                days.get_untracked().parse().ok(),
                Some(password.get_untracked()),
            ),
            move |token| {
                made.set(token.token);
                showing.set(true);
                name.set(String::new());
                password.set(String::new());
                on_made.run(());
            },
        );
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <TextField
                label=accounts::TOKEN_NAME
                value=name
                form
                path="name"
                placeholder=accounts::TOKEN_NAME_EXAMPLE
            />
            <div class="form-row">
                <SelectField
                    label=accounts::TOKEN_SCOPE
                    value=scope
                    form
                    path="scope"
                    options=scopes
                />
                <SelectField
                    label=accounts::TOKEN_TERM
                    value=days
                    form
                    path="days"
                    options=terms
                />
            </div>
            <TextField
                label=accounts::TOKEN_PASSWORD
                value=password
                form
                path="password"
                kind="password"
                autocomplete="current-password"
                hint=accounts::TOKEN_PASSWORD_HINT
            />
            <div class="form-actions">
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

const fn scope_name(scope: TokenScope) -> Text {
    match scope {
        TokenScope::Read => accounts::TOKEN_READ,
        TokenScope::Write => accounts::TOKEN_WRITE,
        TokenScope::Admin => accounts::TOKEN_ADMIN,
    }
}

fn token_table(list: Vec<TokenView>, ask: Callback<TokenView>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|token| {
            let name = token.name.clone();
            let revoke_name = Words::new(move || fill(accounts::REVOKE_NAME, &[("name", &name)]));
            let (created, used) = (token.created_at, token.last_used_at);
            let (scope, ends) = (token.scope, token.expires_at);
            view! {
                <tr>
                    <th scope="row">{token.name.clone()}</th>
                    <td data-label=t(accounts::TOKEN_SCOPE)>{t(scope_name(scope))}</td>
                    <td data-label=t(accounts::CREATED)>{move || format::day(created)}</td>
                    <td data-label=t(accounts::LAST_USED)>
                        {move || {
                            used.map_or_else(
                                || common::NEVER.get(language()).to_owned(),
                                format::moment,
                            )
                        }}
                    </td>
                    <td data-label=t(accounts::TOKEN_ENDS)>
                        {move || {
                            ends.map_or_else(|| common::NEVER.get(language()).to_owned(), format::day)
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
                    <th scope="col">{t(accounts::TOKEN_SCOPE)}</th>
                    <th scope="col">{t(accounts::CREATED)}</th>
                    <th scope="col">{t(accounts::LAST_USED)}</th>
                    <th scope="col">{t(accounts::TOKEN_ENDS)}</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
