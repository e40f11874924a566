//! What is wrong with a form as a whole.

use leptos::prelude::*;

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::t;
use super::remote::explain;
use super::submission::Submission;
use crate::texts::common;

/// What people call a field: the legend of its group and its label.
fn name_of(id: &str) -> Option<String> {
    let field = browser::element(id)?;
    let text = |element: Option<leptos::web_sys::Element>| {
        element
            .and_then(|element| element.text_content())
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let label = text(find(&format!("label[for='{id}']")));
    let group = field.closest("fieldset").ok().flatten();
    let legend = text(group.and_then(|group| group.query_selector("legend").ok().flatten()));
    let parts: Vec<String> = [legend, label]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What is wrong with a form as a whole; each wrong field is a link to it, and goes once the field
/// is changed, the last one with the whole.
#[component]
pub fn ErrorSummary(
    /// The form.
    form: Submission,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| form.is_wrong());
    move || {
        let error = is_shown.get().then(|| form.error())?;
        error.map(|error| {
            let links = error
                .fields
                .iter()
                .map(|field| {
                    let id = form.id_of(&field.field);
                    let message = match name_of(&id) {
                        Some(name) => format!("{name}: {}", field.message),
                        None => field.message.clone(),
                    };
                    let path = field.field.clone();
                    let link = move || {
                        let (id, message) = (id.clone(), message.clone());
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="link"
                                    on:click=move |_| browser::focus_soon(id.clone())
                                >
                                    {message}
                                </button>
                            </li>
                        }
                    };
                    move || (!form.is_touched(&path)).then(|| link().into_any())
                })
                .collect_view();
            let has_links = !error.fields.is_empty();
            view! {
                <div class="notice is-danger" role="alert">
                    <Icon glyph=Glyph::Warning />
                    <div>
                        <p>{explain(&error)}</p>
                        {has_links
                            .then(|| {
                                view! {
                                    <ul class="notice-list" aria-label=t(common::WHAT_IS_WRONG)>
                                        {links}
                                    </ul>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}
