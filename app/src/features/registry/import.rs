//! Prices from a file: what would change, row by row, and what of it is accepted.

use std::collections::BTreeSet;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state;
use crate::api;
use crate::api::error::FieldError;
use crate::model::ids::ModelId;
use crate::model::money::Money;
use crate::model::prices::{ImportChoice, ImportPreview, ImportRow};
use crate::texts::{common, errors, registry};
use crate::ui::locale::{fill_now, language, language_now};
use crate::ui::{
    Button, Card, ErrorSummary, Glyph, Look, ProviderMark, Submission, TableFrame, Words, browser,
    fill, format, t, toast,
};

/// A file may have so many bytes; the host takes no more.
const LARGEST: f64 = 16.0 * 1024.0 * 1024.0;
const LARGEST_MB: i64 = 16;

/// What the parts of the card share.
#[derive(Clone, Copy)]
struct Import {
    form: Submission,
    preview: RwSignal<Option<ImportPreview>>,
    taken: RwSignal<BTreeSet<i64>>,
    open: RwSignal<bool>,
    on_accepted: Callback<()>,
}

impl Import {
    /// Reads the chosen file and asks the host what it would change.
    fn look(self, input: &leptos::web_sys::HtmlInputElement) {
        let Some(file) = browser::chosen_file(input) else {
            return;
        };
        self.preview.set(None);
        if file.size() > LARGEST {
            return self
                .refuse(errors::TOO_LARGE_FILE.fill(language_now(), &[("max", &LARGEST_MB)]));
        }
        spawn_local(async move {
            match browser::text_of(&file).await {
                Some(text) => self.ask(text),
                None => self.refuse(errors::BAD_REQUEST.get(language_now()).to_owned()),
            }
        });
    }

    fn refuse(self, message: String) {
        let field = "text".to_owned();
        self.form.refuse(vec![FieldError { field, message }]);
    }

    fn ask(self, text: String) {
        self.form
            .run(api::prices::preview_prices(text), move |preview| {
                let plain = preview.rows.iter().filter(|row| row.is_plain());
                self.taken.set(plain.map(|row| row.model_id.0).collect());
                self.preview.set(Some(preview));
            });
    }

    /// The rows that are ticked.
    fn choices(self) -> Vec<ImportChoice> {
        let taken = self.taken.get_untracked();
        self.preview.with_untracked(|preview| {
            let rows = preview.as_ref().map(|preview| preview.rows.as_slice());
            rows.unwrap_or_default()
                .iter()
                .filter(|row| row.refusal.is_none() && taken.contains(&row.model_id.0))
                .map(|row| ImportChoice {
                    model_id: row.model_id,
                    price_id: row.price_id,
                    price: row.new,
                })
                .collect()
        })
    }

    fn accept(self) {
        self.form
            .run(api::prices::accept_prices(self.choices()), move |count| {
                toast::message(fill_now(registry::IMPORT_ACCEPTED, &[("count", &count)]));
                self.open.set(false);
                self.on_accepted.run(());
            });
    }

    fn tick(self, model: ModelId, is_taken: bool) {
        self.taken.update(|taken| {
            if is_taken {
                taken.insert(model.0);
            } else {
                taken.remove(&model.0);
            }
        });
    }
}

/// The card that reads a file and shows what it would change.
#[component]
pub fn ImportPrices(
    /// Whether it is shown; it closes itself.
    open: RwSignal<bool>,
    /// Called after prices were written.
    #[prop(into)]
    on_accepted: Callback<()>,
) -> impl IntoView {
    view! {
        <Show when=move || open.get()>
            <ImportCard open on_accepted />
        </Show>
    }
}

#[component]
fn ImportCard(open: RwSignal<bool>, on_accepted: Callback<()>) -> impl IntoView {
    let import = Import {
        form: Submission::new(),
        preview: RwSignal::new(None),
        taken: RwSignal::new(BTreeSet::new()),
        open,
        on_accepted,
    };
    let input = NodeRef::<html::Input>::new();
    let id = import.form.id_of("text");
    let pending = Signal::derive(move || import.form.is_pending());
    view! {
        <Card title=registry::IMPORT lead=registry::IMPORT_LEAD>
            <ErrorSummary form=import.form />
            <div class="field" class:is-wrong=move || import.form.error_of("text").is_some()>
                <label for=id.clone()>{t(registry::IMPORT_FILE)}</label>
                <input
                    node_ref=input
                    id=id
                    class="input"
                    type="file"
                    accept=".json,application/json"
                    on:change=move |_| {
                        if let Some(input) = input.get_untracked() {
                            import.look(&input);
                        }
                    }
                />
            </div>
            <div class="import-found" aria-live="polite" aria-busy=move || pending.get().then_some("true")>
                {move || import.preview.get().map(|preview| changes(import, preview))}
            </div>
            <footer class="form-actions row">
                <Show when=move || import.preview.with(Option::is_some)>
                    <Button
                        label=Words::new(move || {
                            let count = import.taken.with(BTreeSet::len);
                            fill(registry::IMPORT_ACCEPT, &[("count", &count)])
                        })
                        look=Look::Primary
                        glyph=Glyph::Check
                        disabled=Signal::derive(move || import.taken.with(BTreeSet::is_empty))
                        pending
                        on_press=move |()| import.accept()
                    />
                </Show>
                <Button label=common::CANCEL on_press=move |()| open.set(false) />
            </footer>
        </Card>
    }
}

fn changes(import: Import, preview: ImportPreview) -> AnyView {
    let count = preview.rows.len();
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("format", &preview.format.label()),
        ("changed", &count),
        ("unchanged", &preview.unchanged),
        ("unknown", &preview.unknown),
    ];
    let found = fill(registry::IMPORT_FOUND, &values);
    if preview.rows.is_empty() {
        return view! {
            <p>{found}</p>
            <p class="muted">{t(registry::IMPORT_NOTHING)}</p>
        }
        .into_any();
    }
    let rows = preview
        .rows
        .into_iter()
        .map(|offer| row(import, offer))
        .collect_view();
    view! {
        <p>{found}</p>
        <TableFrame caption=registry::IMPORT class="import-table is-cards">
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{t(registry::MODEL)}</th>
                    <th scope="col" class="is-number">{t(registry::INPUT)}</th>
                    <th scope="col" class="is-number">{t(registry::OUTPUT)}</th>
                    <th scope="col" class="is-number">{t(registry::CACHED)}</th>
                    <th scope="col" class="is-number">{t(registry::SEARCH_FEE)}</th>
                    <th scope="col">{t(registry::NOTES)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

fn row(import: Import, offer: ImportRow) -> AnyView {
    let id = offer.model_id;
    let label = fill(registry::IMPORT_TAKE_OF, &[("name", &offer.name)]);
    let headers = [
        registry::INPUT,
        registry::OUTPUT,
        registry::CACHED,
        registry::SEARCH_FEE,
    ];
    let cells = offer
        .old
        .amounts()
        .into_iter()
        .zip(offer.new.amounts())
        .zip(headers)
        .map(|((old, new), header)| {
            view! {
                <td class="is-number" data-label=t(header)>
                    {change(old, new)}
                </td>
            }
        })
        .collect_view();
    let notes = state::notes(&offer, language()).join(" · ");
    let is_refused = offer.refusal.is_some();
    view! {
        <tr class:is-refused=is_refused>
            <td>
                <input
                    type="checkbox"
                    aria-label=label
                    disabled=is_refused
                    prop:checked=move || import.taken.with(|taken| taken.contains(&id.0))
                    on:change=move |event| import.tick(id, event_target_checked(&event))
                />
            </td>
            <th scope="row">
                <span class="import-model">
                    <ProviderMark provider=offer.provider />
                    <span>{offer.name} <code>{offer.slug}</code></span>
                </span>
            </th>
            {cells}
            <td class="import-notes" data-label=t(registry::NOTES)>
                {notes}
            </td>
        </tr>
    }
    .into_any()
}

/// The old amount, struck out, and the new one; one amount where nothing changes.
fn change(old: Option<Money>, new: Option<Money>) -> AnyView {
    let text = |amount: Option<Money>| amount.map_or_else(|| "–".to_owned(), format::price);
    if old == new {
        return view! { <span class="muted">{text(old)}</span> }.into_any();
    }
    view! {
        <del>{text(old)}</del>
        " "
        <ins>{text(new)}</ins>
    }
    .into_any()
}
