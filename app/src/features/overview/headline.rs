//! The card on top: the sentence, what it rests on, and what changed.

use leptos::prelude::*;

use super::state;
use crate::address::at;
use crate::frame::query::{PageQuery, Period};
use crate::frame::scope::Scope;
use crate::model::account::Role;
use crate::model::overview::{Headline, Move, Overview, Span};
use crate::texts::overview as texts;
use crate::ui::locale::language;
use crate::ui::{Button, fill, format, session, t};
use crate::words::calendar::span_words;
use crate::words::moved::{self, MovedLine};
use crate::words::sentence::{self, Piece, PieceKind, read_out};

/// The sentence of the period, and what changed in it.
pub(super) fn headline(scope: Scope, run: StoredValue<ViewFn>) -> AnyView {
    let view = move || {
        let screen = scope.screen.get()?;
        let is_said = screen.headline.answers > 0 && !screen.headline.is_too_early();
        Some(view! {
            <section class="headline" aria-labelledby="headline-says">
                <div class="headline-says">
                    {says(scope, &screen)}
                    {(!is_said).then(|| ways_on(scope, run, &screen))}
                </div>
                {is_said.then(|| what_changed(scope, &screen))}
            </section>
        })
    };
    view.into_any()
}

/// The period that a first screen is of.
const fn period_of(screen: &Overview) -> Span {
    Span {
        from: screen.dashboard.from,
        to: screen.dashboard.to,
    }
}

fn says(scope: Scope, screen: &Overview) -> AnyView {
    let pieces = sentence::sentence(language(), &screen.headline, period_of(screen));
    let meta = (screen.headline.answers > 0).then(|| rests_on(&screen.headline));
    view! {
        <p id="headline-says" class="headline-sentence">
            {pieces_view(scope, &pieces)}
        </p>
        {meta.map(|meta| view! { <p class="headline-meta">{meta}</p> })}
    }
    .into_any()
}

/// What it rests on, and when the next answers come.
fn rests_on(headline: &Headline) -> String {
    let mut parts = sentence::rests_on(language(), headline);
    if let Some(next) = headline.next_run {
        parts.push(fill(texts::NEXT_RUN, &[("when", &format::moment(next))]));
    }
    parts.join(" · ")
}

/// A sentence whose parts stand out; competitors lead to the answers that name them.
fn pieces_view(scope: Scope, pieces: &[Piece]) -> AnyView {
    let piece = |piece: &Piece| {
        let text = piece.text.clone();
        match piece.kind {
            PieceKind::Plain => text.into_any(),
            PieceKind::Strong => view! { <strong>{text}</strong> }.into_any(),
            PieceKind::Better => view! { <span class="is-better">{text}</span> }.into_any(),
            PieceKind::Worse => view! { <span class="is-worse">{text}</span> }.into_any(),
            PieceKind::Entity(id) => {
                let href = scope.link(move |query| {
                    *query = PageQuery {
                        entity: Some(id),
                        ..state::answers(query)
                    };
                });
                view! { <a href=at(&href)>{text}</a> }.into_any()
            }
        }
    };
    pieces.iter().map(piece).collect_view().into_any()
}

/// What to do where little or nothing can be said: look at a period that has answers, or run.
fn ways_on(scope: Scope, run: StoredValue<ViewFn>, screen: &Overview) -> AnyView {
    let headline = &screen.headline;
    let period = period_of(screen);
    let shown = Period::between(period.from, period.to);
    let last = headline.last_day.filter(|_| headline.answers == 0);
    let last = last.map(|day| {
        let until = state::period_until(shown, day);
        let days = span_words(language(), (until.from, until.to), scope.today());
        let show = move |()| scope.change(|query| query.period = Some(until.into()));
        view! { <Button label=fill(texts::SHOW_LAST, &[("days", &days)]) on_press=show /> }
    });
    let may_run = move || {
        let project = scope.project.value();
        let can_run = project.is_some_and(|known| known.record.is_active && !known.record.is_demo);
        can_run && session::may(Role::Editor)
    };
    view! {
        <div class="headline-ways">
            {last}
            <Show when=may_run>{run.with_value(ViewFn::run)}</Show>
        </div>
    }
    .into_any()
}

/// Up to three lines, each with a way to its answers; where nothing moved beyond noise, that.
fn what_changed(scope: Scope, screen: &Overview) -> Option<AnyView> {
    let period = period_of(screen);
    let content = if screen.moves.is_empty() {
        let nothing = moved::nothing(language(), &screen.headline, period)?;
        view! { <p class="headline-nothing">{nothing}</p> }.into_any()
    } else {
        let lines = screen.moves.iter().map(|moved| line(scope, moved, period));
        view! { <ul class="moves">{lines.collect_view()}</ul> }.into_any()
    };
    Some(
        view! {
            <div class="headline-moves">
                <h2>{t(texts::WHAT_CHANGED)}</h2>
                {content}
            </div>
        }
        .into_any(),
    )
}

fn line(scope: Scope, moved: &Move, period: Span) -> AnyView {
    let MovedLine { pieces, size } = moved::line(language(), moved);
    let said = read_out(&pieces);
    let evidence = moved.evidence.clone();
    let href = scope.link(move |query| *query = state::evidence(query, &evidence, period.to));
    let class = match size.as_ref().map(|size| (size.kind, size.is_up)) {
        Some((PieceKind::Better, true)) => "move-mark is-better is-up",
        Some((PieceKind::Better, false)) => "move-mark is-better is-down",
        Some((PieceKind::Worse, true)) => "move-mark is-worse is-up",
        Some((PieceKind::Worse, false)) => "move-mark is-worse is-down",
        _ => "move-mark",
    };
    let size = size.map(|size| {
        view! {
            <span class="move-size" title=size.explanation>
                {size.points}
            </span>
        }
    });
    view! {
        <li>
            <i class=class aria-hidden="true"></i>
            <span class="move-words" title=said.clone()>
                {pieces_view(scope, &pieces)}
            </span>
            {size}
            <a class="link" href=at(&href) aria-label=fill(texts::SEE_LINE, &[("line", &said)])>
                {t(texts::SEE)}
            </a>
        </li>
    }
    .into_any()
}
