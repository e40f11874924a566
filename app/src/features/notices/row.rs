//! A notice in a list.

use leptos::prelude::*;

use crate::address::at;
use crate::model::notices::NoticeView;
use crate::ui::{locale, when};
use crate::words::notices::words;

/// A notice with its state, and with what can be done about it beside its link.
pub fn row(known: &NoticeView, badge: AnyView, act: Option<AnyView>) -> AnyView {
    let words = words(locale::language(), &known.notice, known.project.as_ref());
    let (href, link) = words.link;
    view! {
        <li>
            <h2>{words.title}</h2>
            {badge}
            <p>{words.message}</p>
            <div class="notice-foot">
                {when(known.raised_at)}
                <a class="link" href=at(&href)>
                    {link}
                </a>
                {act}
            </div>
        </li>
    }
    .into_any()
}
