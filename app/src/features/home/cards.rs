//! Three cards: what needs somebody, what the month costs, what comes next.

use leptos::prelude::*;

use super::state::month_end;
use crate::address::at;
use crate::model::home::{HomeView, Need, NextRun};
use crate::model::money::Money;
use crate::texts::{Text, home as texts};
use crate::ui::locale::language;
use crate::ui::{Glyph, Icon, fill, format, t, when};
use crate::words::{dates, numbers};

/// The three cards.
pub(super) fn cards(home: &HomeView) -> AnyView {
    view! {
        <div class="home-cards">
            {card(Glyph::Warning, texts::NEEDS_TITLE, needs(home))}
            {spent(home)}
            {card(Glyph::Clock, texts::NEXT_TITLE, next(home))}
        </div>
    }
    .into_any()
}

fn card(glyph: Glyph, title: Text, body: AnyView) -> AnyView {
    view! {
        <section class="card home-card">
            <h2>
                <Icon glyph />
                <span>{t(title)}</span>
            </h2>
            {body}
        </section>
    }
    .into_any()
}

fn needs(home: &HomeView) -> AnyView {
    let Some(Need {
        message,
        href,
        label,
    }) = home.needs.clone()
    else {
        return view! { <p class="home-quiet">{t(texts::NEEDS_NONE)}</p> }.into_any();
    };
    let more = home.more_needs;
    let more = (more > 0).then(|| {
        let words = move || match more {
            1 => fill(texts::NEEDS_MORE_ONE, &[]),
            _ => fill(texts::NEEDS_MORE, &[("count", &format::whole(more))]),
        };
        view! {
            " · "
            <a class="link" href=at("/notices")>
                {words}
            </a>
        }
    });
    view! {
        <p class="home-need">{message}</p>
        <p class="home-quiet">
            <a class="link" href=at(&href)>
                {label}
            </a>
            {more}
        </p>
    }
    .into_any()
}

/// A part of the whole as a percentage of it, at most all of it.
fn share(part: Money, whole: Money) -> String {
    let percent = part.percent_of(whole).unwrap_or_default();
    format!("{:.1}%", percent.clamp(0.0, 100.0))
}

fn spent(home: &HomeView) -> AnyView {
    let (month, today) = (home.month, home.today);
    let account = month.account;
    let expected = month.forecast.map(|forecast| forecast.expected);
    // The bar ends where the greater of both does.
    let whole = account.monthly.max(expected.unwrap_or_default());
    let limit = account.monthly.percent_of(whole).unwrap_or_default() / 100.0;
    let warns_at = f64::from(i32::try_from(month.threshold_percent).unwrap_or_default()) * limit;
    let words = move || {
        let mut words = vec![fill(
            texts::SPENT_OF,
            &[("budget", &format::money(account.monthly))],
        )];
        if let Some(expected) = expected {
            let day = dates::short_day(language(), month_end(today));
            let amount = format::money(expected);
            words.push(fill(
                texts::SPENT_FORECAST,
                &[("amount", &amount), ("day", &day)],
            ));
        }
        let percent = numbers::whole(language(), month.threshold_percent);
        let percent = numbers::with_percent_sign(language(), &percent);
        words.push(fill(texts::SPENT_WARNS, &[("percent", &percent)]));
        words.join(" · ")
    };
    let title = move || {
        let month = dates::month_and_year(language(), today);
        fill(texts::SPENT_TITLE, &[("month", &month)])
    };
    view! {
        <section class="card home-card">
            <h2>
                <Icon glyph=Glyph::Chart />
                <span>{title}</span>
                <strong>{move || format::money(account.spent)}</strong>
            </h2>
            <span
                class="home-bar"
                aria-hidden="true"
                style:--spent=share(account.spent, whole)
                style:--expected=share(expected.unwrap_or_default(), whole)
                style:--warns=format!("{warns_at:.1}%")
            ></span>
            <p class="home-quiet">
                {words} " · "
                <a class="link" href=at("/keys")>
                    {t(texts::SPENT_SEE)}
                </a>
            </p>
        </section>
    }
    .into_any()
}

fn next(home: &HomeView) -> AnyView {
    let to_review = home.to_review;
    if home.next.is_empty() && to_review == 0 {
        return view! { <p class="home-quiet">{t(texts::NEXT_NONE)}</p> }.into_any();
    }
    let runs = home.next.iter().cloned().map(run).collect_view();
    let review = (to_review > 0).then(|| {
        let words = move || match to_review {
            1 => fill(texts::REVIEW_ONE, &[]),
            _ => fill(texts::REVIEW_MANY, &[("count", &format::whole(to_review))]),
        };
        view! {
            <li>
                <span>{words}</span>
                <a class="link" href=at("/admin/models")>
                    {t(texts::REVIEW)}
                </a>
            </li>
        }
    });
    view! { <ul class="home-next">{runs} {review}</ul> }.into_any()
}

fn run(of: NextRun) -> AnyView {
    view! {
        <li>
            <a href=at(&format!("/projects/{}", of.project_id))>{of.name}</a>
            {when(of.at)}
        </li>
    }
    .into_any()
}
