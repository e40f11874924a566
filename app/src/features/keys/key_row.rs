//! One provider's key: seen by its last four characters, replaced, tested, deleted.

use leptos::prelude::*;

use super::state;
use crate::api;
use crate::model::keys::{KeyDraft, KeySource, KeyTest, KeyView};
use crate::model::provider::Provider;
use crate::texts::{common, keys};
use crate::ui::locale::{language, language_now};
use crate::ui::{
    Badge, Button, ConfirmDialog, ErrorSummary, Glyph, Icon, Look, ProviderMark, Submission,
    SubmitButton, TextField, Tone, Words, browser, fill, format, t, toast, unsaved,
};
use crate::validate;

/// One provider's key.
#[component]
pub fn KeyRow(
    /// The key.
    key: KeyView,
    /// Whether the user may change it.
    is_owner: Signal<bool>,
    /// Called with the key after it was stored.
    changed: Callback<KeyView>,
    /// Called when the list has to be asked for again.
    reload: Callback<()>,
) -> impl IntoView {
    let provider = key.provider;
    let is_editing = RwSignal::new(false);
    let is_asking = RwSignal::new(false);
    let testing = Submission::new();
    let tested = RwSignal::new(None::<KeyTest>);
    let test = move |()| {
        tested.set(None);
        testing.run(api::keys::test_key(provider), move |result| {
            tested.set(Some(result));
        });
    };
    let deleting = Submission::new();
    let delete = move |()| {
        deleting.run(api::keys::delete_key(provider), move |()| {
            toast::success(keys::DELETED);
            browser::keep_focus(".key-actions > :last-child");
            reload.run(());
        });
    };
    let named = move |text| Words::new(move || fill(text, &[("name", &provider.label())]));
    let is_stored = key.source == KeySource::Stored;
    let can_test = state::can_test(&key);
    let edit_label = if is_stored { keys::REPLACE } else { keys::ADD };
    let edit_name = if is_stored {
        keys::REPLACE_NAME
    } else {
        keys::ADD_NAME
    };
    let form_key = key.clone();
    view! {
        <li class="key-row">
            <div class="key-head">
                <ProviderMark provider />
                <div class="key-what">
                    <h3>{provider.label()}</h3>
                    {description(&key)}
                </div>
                {(key.source != KeySource::Missing).then(|| source_badge(key.source))}
                <Show when=move || is_owner.get()>
                    <div class="key-actions">
                        {can_test
                            .then(|| {
                                view! {
                                    <Button
                                        label=keys::TEST
                                        name=named(keys::TEST_NAME)
                                        look=Look::Quiet
                                        on_press=test
                                        pending=Signal::derive(move || testing.is_pending())
                                    />
                                }
                            })}
                        <Button
                            label=edit_label
                            name=named(edit_name)
                            on_press=move |()| is_editing.update(|open| *open = !*open)
                        />
                        {is_stored
                            .then(|| {
                                view! {
                                    <button
                                        type="button"
                                        class="icon-button"
                                        aria-label=move || named(keys::DELETE_NAME).get()
                                        on:click=move |_| is_asking.set(true)
                                    >
                                        <Icon glyph=Glyph::Trash />
                                    </button>
                                }
                            })}
                    </div>
                </Show>
            </div>
            <div aria-live="polite">
                {move || tested.get().map(test_result)} <ErrorSummary form=testing />
                <ErrorSummary form=deleting />
            </div>
            <Show when=move || is_editing.get()>
                <KeyForm key=form_key.clone() is_editing changed />
            </Show>
            <ConfirmDialog
                open=is_asking
                title=named(keys::DELETE_TITLE)
                message=keys::DELETE_MESSAGE
                confirm=common::DELETE
                on_confirm=delete
            />
        </li>
    }
}

fn description(key: &KeyView) -> impl IntoView + use<> {
    let (source, provider) = (key.source, key.provider);
    let (last_four, since) = (key.last_four.clone(), key.updated_at);
    let base_url = key.base_url.clone().filter(|address| !address.is_empty());
    let words = move || match (source, &last_four) {
        (KeySource::Stored, Some(last_four)) => {
            let since = since.map(format::date_of).unwrap_or_default();
            fill(keys::STORED, &[("end", last_four), ("when", &since)])
        }
        (KeySource::Environment, _) => keys::FROM_ENVIRONMENT.get(language()).to_owned(),
        _ if state::needs_base_url(provider) => keys::NO_ADDRESS.get(language()).to_owned(),
        (KeySource::Stored, None) => keys::STORED_WITHOUT_KEY.get(language()).to_owned(),
        _ => keys::NO_KEY.get(language()).to_owned(),
    };
    view! {
        <p class="field-hint">{words}</p>
        {base_url.map(|address| view! { <p class="field-hint"><code>{address}</code></p> })}
        {key
            .max_in_flight
            .map(|count| {
                let words = move || {
                    fill(keys::MAX_IN_FLIGHT_IS, &[("count", &format::whole(count))])
                };
                view! { <p class="field-hint">{words}</p> }
            })}
    }
}

fn source_badge(source: KeySource) -> impl IntoView {
    let (label, tone) = if source == KeySource::Stored {
        (keys::SOURCE_STORED, Tone::Good)
    } else {
        (keys::SOURCE_ENVIRONMENT, Tone::Info)
    };
    view! { <Badge label tone /> }
}

fn test_result(test: KeyTest) -> AnyView {
    if test.accepted {
        let words = move || fill(keys::ACCEPTED, &[("count", &format::whole(test.models))]);
        return view! {
            <div class="notice is-good">
                <Icon glyph=Glyph::Check />
                <p>{words}</p>
            </div>
        }
        .into_any();
    }
    let reason = state::reason(test.error_class);
    view! {
        <div class="notice is-danger">
            <Icon glyph=Glyph::Warning />
            <div>
                <p>{t(reason)}</p>
                {test
                    .message
                    .map(|message| view! { <p class="field-hint">{message}</p> })}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn KeyForm(key: KeyView, is_editing: RwSignal<bool>, changed: Callback<KeyView>) -> impl IntoView {
    let provider = key.provider;
    let form = Submission::new();
    let api_key = RwSignal::new(String::new());
    let base_url = RwSignal::new(key.base_url.clone().unwrap_or_default());
    let limit = key.max_in_flight.map(|count| count.to_string());
    let max_in_flight = RwSignal::new(limit.unwrap_or_default());
    browser::focus_soon(form.id_of("api_key"));
    unsaved::guard(Signal::derive(move || {
        api_key.with(|typed| !typed.is_empty())
    }));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = api_key.get_untracked();
        let draft = KeyDraft {
            provider,
            api_key: (!typed.trim().is_empty()).then_some(typed),
            base_url: base_url.get_untracked(),
            max_in_flight: max_in_flight.get_untracked(),
        };
        match validate::key(language_now(), &draft) {
            Ok(draft) => form.run(api::keys::save_key(draft), move |stored| {
                toast::success(keys::SAVED);
                is_editing.set(false);
                changed.run(stored);
            }),
            Err(fields) => form.refuse(fields),
        }
    };
    let label = Words::new(move || fill(keys::API_KEY_FOR, &[("name", &provider.label())]));
    let key_hint = if key.last_four.is_some() {
        keys::API_KEY_KEEP
    } else {
        keys::API_KEY_HINT
    };
    let show_address =
        state::needs_base_url(provider) || key.base_url.is_some() || key.max_in_flight.is_some();
    view! {
        <form class="form key-form" novalidate on:submit=submit>
            <ErrorSummary form />
            <TextField
                label
                value=api_key
                form
                path="api_key"
                kind="password"
                hint=key_hint
            />
            <details open=show_address>
                <summary>{t(keys::ADVANCED)}</summary>
                <div class="form">
                    <BaseUrlField provider form base_url />
                    <TextField
                        label=keys::MAX_IN_FLIGHT
                        value=max_in_flight
                        form
                        path="max_in_flight"
                        input_mode="numeric"
                        hint=keys::MAX_IN_FLIGHT_HINT
                    />
                </div>
            </details>
            <div class="form-actions">
                <SubmitButton label=keys::SAVE_KEY form />
                <Button label=common::CANCEL on_press=move |()| is_editing.set(false) />
            </div>
        </form>
    }
}

#[component]
fn BaseUrlField(provider: Provider, form: Submission, base_url: RwSignal<String>) -> impl IntoView {
    let hint = if state::needs_base_url(provider) {
        keys::BASE_URL_NEEDED
    } else {
        keys::BASE_URL_HINT
    };
    view! {
        <TextField
            label=keys::BASE_URL
            value=base_url
            form
            path="base_url"
            kind="url"
            hint
            placeholder=if state::needs_base_url(provider) { "http://localhost:11434/v1" } else { "https://" }
        />
    }
}
