//! The pages in front of the door: signing in and signing up.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::address::at;
use crate::api;
use crate::frame::paths;
use crate::model::account::{SessionView, SignIn, SignUp, SignUpPolicy};
use crate::texts::{Text, accounts};
use crate::ui::icon::Mark;
use crate::ui::locale::language_now;
use crate::ui::{
    ErrorSummary, Notice, PageTitle, Submission, SubmitButton, TextField, Tone, session, t,
};
use crate::validate;

/// Signs in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let form = Submission::new();
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let enter = use_entrance();
    let navigate = use_navigate();
    // On an empty instance there is nobody who could sign in.
    Effect::new(move |_| {
        if sign_up_policy().is_some_and(SignUpPolicy::is_first) {
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate("/sign-up", options);
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let draft = SignIn {
            email: email.get_untracked(),
            password: password.get_untracked(),
        };
        form.run(api::accounts::sign_in(draft), enter.clone());
    };
    view! {
        <Door title=accounts::SIGN_IN lead=accounts::SIGN_IN_LEAD>
            <form class="form" novalidate on:submit=submit>
                <ErrorSummary form />
                <EmailField form email />
                <TextField
                    label=accounts::PASSWORD
                    value=password
                    form
                    path="password"
                    kind="password"
                    autocomplete="current-password"
                    required=true
                />
                <SubmitButton label=accounts::SIGN_IN form />
            </form>
            <Show when=move || sign_up_policy() == Some(SignUpPolicy::Open)>
                <p class="door-other">
                    {t(accounts::NO_ACCOUNT_YET)} " " <a href=at("/sign-up")>{t(accounts::SIGN_UP)}</a>
                </p>
            </Show>
        </Door>
    }
}

/// Makes an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let query = use_query_map();
    let invitation = move || query.with(|query| query.get(paths::INVITATION));
    let may_enter =
        move || invitation().is_some() || sign_up_policy() != Some(SignUpPolicy::InvitationOnly);
    let is_first = move || sign_up_policy().is_some_and(SignUpPolicy::is_first);
    view! {
        <Door title=accounts::SIGN_UP lead=accounts::SIGN_UP_LEAD>
            <Show when=is_first>
                <Notice tone=Tone::Info>
                    <p>{t(accounts::FIRST_USER)}</p>
                </Notice>
            </Show>
            <Show
                when=may_enter
                fallback=|| {
                    view! {
                        <Notice tone=Tone::Warning>
                            <p>{t(accounts::INVITATION_NEEDED)}</p>
                        </Notice>
                    }
                }
            >
                <SignUpForm invitation=Signal::derive(invitation) />
            </Show>
            <Show when=move || !is_first()>
                <p class="door-other">
                    {t(accounts::HAVE_ACCOUNT)} " " <a href=at("/sign-in")>{t(accounts::SIGN_IN)}</a>
                </p>
            </Show>
        </Door>
    }
}

#[component]
fn SignUpForm(invitation: Signal<Option<String>>) -> impl IntoView {
    let form = Submission::new();
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let set_up_code = RwSignal::new(String::new());
    let asks_code = move || sign_up_policy() == Some(SignUpPolicy::FirstUserByCode);
    let enter = use_entrance();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let draft = SignUp {
            email: email.get_untracked(),
            password: password.get_untracked(),
            invitation: invitation.get_untracked(),
            set_up_code: untrack(asks_code).then(|| set_up_code.get_untracked()),
        };
        match validate::sign_up(language_now(), &draft) {
            Ok(draft) => form.run(api::accounts::sign_up(draft), enter.clone()),
            Err(fields) => form.refuse(fields),
        }
    };
    let (least, _) = validate::PASSWORD;
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form />
            <EmailField form email />
            <TextField
                label=accounts::PASSWORD
                value=password
                form
                path="password"
                kind="password"
                autocomplete="new-password"
                hint=crate::ui::Words::new(move || {
                    crate::ui::fill(accounts::PASSWORD_HINT, &[("min", &least)])
                })
                required=true
            />
            <Show when=asks_code>
                <TextField
                    label=accounts::SET_UP_CODE
                    value=set_up_code
                    form
                    path="set_up_code"
                    hint=accounts::SET_UP_CODE_HINT
                    required=true
                />
            </Show>
            <SubmitButton label=accounts::SIGN_UP form />
        </form>
    }
}

#[component]
fn EmailField(form: Submission, email: RwSignal<String>) -> impl IntoView {
    view! {
        <TextField
            label=accounts::EMAIL
            value=email
            form
            path="email"
            kind="email"
            autocomplete="username"
            required=true
        />
    }
}

fn sign_up_policy() -> Option<SignUpPolicy> {
    session::known().map(|session| session.sign_up)
}

/// Takes over the new session and goes where the user wanted to go.
fn use_entrance() -> impl Fn(SessionView) + Clone + 'static {
    let query = use_query_map();
    let navigate = use_navigate();
    move |entered| {
        let next = query.with_untracked(|query| query.get(paths::NEXT));
        session::set(entered);
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&paths::after_sign_in(next.as_deref()), options);
    }
}

/// The card of a page in front of the door.
#[component]
fn Door(title: Text, lead: Text, children: Children) -> impl IntoView {
    view! {
        <div class="door">
            <p class="door-brand">
                <Mark />
                "Parallax"
            </p>
            <div class="card">
                <header class="door-head">
                    <PageTitle title />
                    <p class="page-lead">{t(lead)}</p>
                </header>
                {children()}
            </div>
        </div>
    }
}
