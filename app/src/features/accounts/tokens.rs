//! REST tokens: made, shown once, revoked.

use leptos::prelude::*;

use super::action_table::{ActionRow, action_table};
use crate::api;
use crate::model::account::{TokenScope, TokenTerm, TokenView};
use crate::texts::{Text, accounts, common};
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Card, ConfirmDialog, CopyField, Dialog, ErrorSummary, Look, Notice, Remote,
    SelectField, Submission, SubmitButton, TextField, Tone, Words, browser, fill, format, t, toast,
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
            browser::keep_focus(".card :is(form, table) .button");
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
        let Some(scope) = TokenScope::from_word(&scope.get_untracked()) else {
            return;
        };
        form.run(
            api::accounts::create_token(
                name.get_untracked(),
                scope,
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

const HEADS: [Text; 5] = [
    accounts::TOKEN_NAME,
    accounts::TOKEN_SCOPE,
    accounts::CREATED,
    accounts::LAST_USED,
    accounts::TOKEN_ENDS,
];

fn token_table(list: Vec<TokenView>, ask: Callback<TokenView>) -> AnyView {
    let never = || common::NEVER.get(language()).to_owned();
    let row = |token: TokenView| {
        let named = token.name.clone();
        let (created, used, ends) = (token.created_at, token.last_used_at, token.expires_at);
        ActionRow {
            title: token.name.clone().into(),
            cells: vec![
                scope_name(token.scope).into(),
                Words::new(move || format::day(created)),
                Words::new(move || used.map_or_else(never, format::moment)),
                Words::new(move || ends.map_or_else(never, format::day)),
            ],
            name: Words::new(move || fill(accounts::REVOKE_NAME, &[("name", &named)])),
            on_press: Callback::new(move |()| ask.run(token.clone())),
        }
    };
    let rows = list.into_iter().map(row).collect();
    action_table(accounts::TOKENS, &HEADS, accounts::REVOKE, rows)
}
