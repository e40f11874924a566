//! The side panel: one answer with everything known about it, the mentions marked in its text.

use leptos::html;
use leptos::prelude::*;

use super::parts::{Cost, Ended, Named};
use super::shown_text::text;
use super::state::rank_words;
use crate::api;
use crate::frame::scope::Scope;
use crate::model::answer::{
    AnswerRecord, AnswerView, AttemptView, FindingView, MentionSource, Sentiment, ToneView,
};
use crate::model::ids::{AnswerId, EntityId};
use crate::model::metrics::tone_score;
use crate::model::sources::AnswerSource;
use crate::texts::{Text, answers as texts, common, sources as source_texts};
use crate::ui::format as words;
use crate::ui::part::{part, there};
use crate::ui::{
    AsyncView, Glyph, Icon, Notice, ProviderMark, Remote, Simulated, TableFrame, Tone, Whose, fill,
    locale, t,
};
use crate::words::accuracy;
use crate::words::addresses::safe_address;
use crate::words::dates::duration;
use crate::words::runs::error_name;

/// The panel; open where the address names an answer.
#[component]
pub fn AnswerPanel(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let wanted = Memo::new(move |_| scope.query.get().answer);
    // The browser gives the focus back to where it was when a modal dialog closes.
    Effect::new(move |_| {
        let wanted = wanted.get().is_some();
        if let Some(dialog) = dialog.get() {
            match (wanted, dialog.open()) {
                (true, false) => {
                    let _ = dialog.show_modal();
                }
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    let close = move || scope.close(|query| query.answer = None);
    // It is told late: the address may have opened the panel again by then.
    let closed = move || {
        if dialog.get_untracked().is_some_and(|dialog| !dialog.open()) {
            close();
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="side-panel"
            aria-labelledby="answer-title"
            on:close=move |_| closed()
            // The backdrop belongs to the dialog: a press on it has the dialog as its target.
            on:mousedown=move |event| {
                let is_backdrop = dialog
                    .get_untracked()
                    .zip(event.target())
                    .is_some_and(|(dialog, target)| target == *dialog.as_ref());
                if is_backdrop {
                    close();
                }
            }
        >
            <div class="side-panel-frame">
                <header class="side-panel-head">
                    <h2 id="answer-title">{t(texts::ANSWER)}</h2>
                    <button type="button" class="icon-button" aria-label=t(common::CLOSE) on:click=move |_| close()>
                        <Icon glyph=Glyph::Close />
                    </button>
                </header>
                {move || wanted.get().map(|id| there(answer_contents, id))}
            </div>
        </dialog>
    }
}

part! {
    /// One answer; its code is loaded when the first one is opened.
    answer: fn answer_contents(id: AnswerId) {
        view! { <Contents id /> }
    }
}

#[component]
fn Contents(id: AnswerId) -> impl IntoView {
    let remote = Remote::new(move || api::answers::answer(id));
    view! {
        <div class="side-panel-body">
            <AsyncView remote lines=8 children=|answer: AnswerView| contents(&answer).into_any() />
        </div>
    }
}

fn contents(answer: &AnswerView) -> impl IntoView + use<> {
    let record = &answer.record;
    let row = &record.row;
    view! {
        <p class="answer-question">{row.prompt_text.clone()}</p>
        <p class="answer-source">
            <ProviderMark provider=row.provider />
            <span>{row.model_name.clone()}</span>
            <Ended outcome=row.outcome error_class=row.error_class />
            {row.simulated.then(|| view! { <Simulated /> })}
        </p>
        {record
            .error_message
            .clone()
            .map(|message| view! { <Notice tone=Tone::Danger>{message}</Notice> })}
        {(row.source == MentionSource::Unread)
            .then(|| view! { <Notice tone=Tone::Warning>{t(texts::UNREAD_MEANS)}</Notice> })}
        {text(answer)}
        {findings(answer)}
        {sources(&answer.sources)}
        {searched_for(&record.search_queries)}
        {facts(record)}
        {attempts(&answer.attempts)}
    }
}

fn findings(answer: &AnswerView) -> Option<impl IntoView + use<>> {
    let findings = &answer.findings;
    let unnamed = unnamed_brand(answer);
    if findings.is_empty() && unnamed.is_none() {
        return None;
    }
    let rows = unnamed.iter().chain(findings).map(finding).collect_view();
    let by_rules = findings
        .iter()
        .any(|finding| finding.judgement.is_none() && finding.tone.is_some());
    Some(view! {
        <section class="answer-part">
            <h3>{t(texts::FOUND)}</h3>
            <TableFrame caption=texts::FOUND_TABLE class="is-cards">
                <thead>
                    <tr>
                        <th scope="col">{t(texts::NAME)}</th>
                        <th scope="col">{t(texts::NAMED)}</th>
                        <th scope="col" class="is-number">{t(texts::TIMES_HEAD)}</th>
                        <th scope="col" class="is-number">{t(texts::RANK)}</th>
                        <th scope="col" class="is-number">{t(texts::BULLET)}</th>
                        <th scope="col">{t(texts::TONE)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
            {by_rules.then(|| view! { <p class="field-hint">{move || accuracy::fill(texts::RULES_ACCURACY, locale::language())}</p> })}
        </section>
    })
}

/// The brand where the answer could name it and does not; those that it names stand by themselves.
fn unnamed_brand(answer: &AnswerView) -> Option<FindingView> {
    let record = &answer.record;
    let is_told = answer.findings.iter().any(|finding| finding.is_brand);
    let is_read = record.row.source == MentionSource::None && !record.text.is_empty();
    (is_read && !is_told && !answer.brand.is_empty()).then(|| FindingView {
        entity_id: EntityId::default(),
        entity_name: answer.brand.clone(),
        is_brand: true,
        source: MentionSource::None,
        text_count: 0,
        spans: Vec::new(),
        rank: None,
        list_total: None,
        bullet_order: None,
        tone: None,
        judgement: None,
    })
}

fn finding(finding: &FindingView) -> impl IntoView + use<> {
    let none = || "–".to_owned();
    let rank =
        rank_words(locale::language(), finding.rank, finding.list_total).unwrap_or_else(none);
    let bullet = finding.bullet_order.map_or_else(none, words::whole);
    let whose = finding
        .is_brand
        .then(|| view! { <span class="badge is-info">{t(texts::YOUR_BRAND)}</span> });
    view! {
        <tr>
            <th scope="row">{finding.entity_name.clone()} " " {whose}</th>
            <td data-label=t(texts::NAMED)>
                <Named source=finding.source count=0 />
            </td>
            <td class="is-number" data-label=t(texts::TIMES_HEAD)>
                {words::whole(finding.text_count)}
            </td>
            <td class="is-number" data-label=t(texts::RANK)>
                {rank}
            </td>
            <td class="is-number" data-label=t(texts::BULLET)>
                {bullet}
            </td>
            <td data-label=t(texts::TONE)>{tones(finding)}</td>
        </tr>
    }
}

/// What a judge says, or else what the rules do; never one number of both.
fn tones(finding: &FindingView) -> AnyView {
    let Some(judged) = &finding.judgement else {
        return finding.tone.map_or_else(
            || "–".into_any(),
            |tone| {
                let who = fill(texts::BY_RULES, &[]);
                view! { {tone_words(tone)} " " <span class="muted">{who}</span> }.into_any()
            },
        );
    };
    let who = fill(
        texts::JUDGED_BY,
        &[("name", &judged.model_name), ("version", &judged.version)],
    );
    let list = |text: Text, words: &[String]| {
        (!words.is_empty()).then(|| fill(text, &[("words", &words.join(", "))]))
    };
    let details = [
        Some(judged.reason.clone()),
        list(texts::PRAISED, &judged.praised),
        list(texts::BLAMED, &judged.blamed),
    ];
    let details: Vec<String> = details.into_iter().flatten().collect();
    view! {
        {tone_words(judged.tone)} " " <span class="muted">{who}</span> " "
        {judged.simulated.then(|| view! { <Simulated /> })}
        <p class="field-hint">{details.join(" · ")}</p>
    }
    .into_any()
}

/// `positive (0.8), recommended`.
fn tone_words(tone: ToneView) -> String {
    let sentiment = match tone.sentiment {
        Sentiment::Positive => texts::POSITIVE,
        Sentiment::Neutral => texts::NEUTRAL,
        Sentiment::Negative => texts::NEGATIVE,
    };
    let language = locale::language();
    let score = words::number(tone_score(tone.score_thousandths), 1);
    let advice = match tone.recommended {
        Some(true) => Some(texts::RECOMMENDS),
        Some(false) => Some(texts::ADVISES_AGAINST),
        None => None,
    };
    let advice = advice.map_or(String::new(), |text| format!(", {}", text.get(language)));
    format!("{} ({score}){advice}", sentiment.get(language))
}

fn sources(sources: &[AnswerSource]) -> Option<impl IntoView + use<>> {
    if sources.is_empty() {
        return None;
    }
    let items = sources.iter().map(source).collect_view();
    Some(view! {
        <section class="answer-part">
            <h3>{t(texts::SOURCES)}</h3>
            <ol class="citations">{items}</ol>
        </section>
    })
}

fn source(source: &AnswerSource) -> impl IntoView + use<> {
    let title = source
        .title
        .clone()
        .filter(|title| !title.trim().is_empty());
    let name = title.unwrap_or_else(|| source.url.clone());
    let link = match safe_address(&source.url) {
        Some(address) => view! {
            <a class="link" href=address.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                {name}
                <Icon glyph=Glyph::External />
                <span class="visually-hidden">{t(texts::NEW_WINDOW)}</span>
            </a>
        }
        .into_any(),
        // Not a web address: shown, never opened.
        None => view! { <span>{name}</span> }.into_any(),
    };
    let how = if source.cited {
        source_texts::CITED
    } else {
        source_texts::RETRIEVED
    };
    view! {
        <li>
            {link}
            <span class="source-facts">
                <span class="muted">{source.domain.clone()}</span>
                <Whose kind=source.kind entity=source.entity.clone() />
                <span class="muted">{t(how)}</span>
            </span>
        </li>
    }
}

/// What the model looked up, in its own words.
fn searched_for(queries: &[String]) -> Option<impl IntoView + use<>> {
    if queries.is_empty() {
        return None;
    }
    let items = queries
        .iter()
        .map(|query| view! { <li>{query.clone()}</li> })
        .collect_view();
    Some(view! {
        <section class="answer-part">
            <h3>{t(texts::SEARCHED_FOR)}</h3>
            <ol class="searched">{items}</ol>
        </section>
    })
}

fn facts(record: &AnswerRecord) -> impl IntoView + use<> {
    let row = &record.row;
    let language = locale::language();
    let none = || "–".to_owned();
    let yes_no = |yes: bool| {
        if yes { common::YES } else { common::NO }
            .get(language)
            .to_owned()
    };
    let number = |value: Option<i64>| value.map_or_else(none, words::whole);
    let fact = |name: Text, value: String| view! { <div><dt>{t(name)}</dt><dd>{value}</dd></div> };
    view! {
        <section class="answer-part">
            <h3>{t(common::DETAILS)}</h3>
            <dl class="facts">
                {fact(texts::MODEL_ASKED, record.model_requested.clone())}
                {fact(texts::MODEL_SERVED, record.model_served.clone().unwrap_or_else(none))}
                <div>
                    <dt>{t(texts::COST)}</dt>
                    <dd>
                        <Cost amount=row.cost kind=row.cost_kind />
                    </dd>
                </div>
                {fact(texts::LATENCY, duration(language, row.latency_ms))}
                {fact(texts::INPUT_TOKENS, number(record.input_tokens))}
                {fact(texts::OUTPUT_TOKENS, number(record.output_tokens))}
                {fact(texts::MAY_SEARCH, yes_no(record.search_requested))}
                {fact(texts::SEARCHES, number(record.searches))}
                {fact(texts::FINISH, record.finish.clone().unwrap_or_else(none))}
                {fact(texts::TIME, words::exact(row.at))}
                {fact(texts::RUN, row.run_id.to_string())}
                {fact(texts::DETECTOR, record.detector_version.clone())}
            </dl>
        </section>
    }
}

fn attempts(attempts: &[AttemptView]) -> Option<impl IntoView + use<>> {
    if attempts.is_empty() {
        return None;
    }
    let rows = attempts.iter().map(attempt).collect_view();
    let text = match attempts.len() {
        1 => texts::ATTEMPTS_ONE,
        _ => texts::ATTEMPTS_COUNT,
    };
    Some(view! {
        <details class="answer-part attempts">
            <summary>{fill(text, &[("count", &attempts.len())])}</summary>
            <TableFrame caption=texts::ATTEMPTS class="is-cards">
                <thead>
                    <tr>
                        <th scope="col" class="is-number">{t(texts::NUMBER)}</th>
                        <th scope="col">{t(texts::TIME)}</th>
                        <th scope="col" class="is-number">{t(texts::STATUS)}</th>
                        <th scope="col">{t(texts::OUTCOME)}</th>
                        <th scope="col" class="is-number">{t(texts::LATENCY)}</th>
                        <th scope="col">{t(texts::REQUEST_ID)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </details>
    })
}

fn attempt(attempt: &AttemptView) -> impl IntoView + use<> {
    let language = locale::language();
    let none = || "–".to_owned();
    let outcome = attempt
        .error_class
        .map_or(texts::ANSWERED, error_name)
        .get(language);
    view! {
        <tr>
            <td class="is-number" data-label=t(texts::NUMBER)>
                {attempt.number}
            </td>
            <td data-label=t(texts::TIME)>{words::time(attempt.at)}</td>
            <td class="is-number" data-label=t(texts::STATUS)>
                {attempt.status.map_or_else(none, |status| status.to_string())}
            </td>
            <td data-label=t(texts::OUTCOME)>{outcome}</td>
            <td class="is-number" data-label=t(texts::LATENCY)>
                {duration(language, attempt.latency_ms)}
            </td>
            <td data-label=t(texts::REQUEST_ID)>
                <code>{attempt.request_id.clone().unwrap_or_else(none)}</code>
            </td>
        </tr>
    }
}
