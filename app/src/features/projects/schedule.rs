//! When a project runs by itself, as people say it: a rhythm, a time, or a cron expression.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::api;
use crate::texts::schedule;
use crate::ui::{Card, Remote, SelectField, Submission, TextField, Words, fill, format, session};
use crate::words::rhythm::{Choice, WEEKDAYS, expression, fields};

/// What is typed.
#[derive(Clone, Copy, Default)]
pub struct ScheduleFields {
    rhythm: RwSignal<String>,
    time: RwSignal<String>,
    weekday: RwSignal<String>,
    custom: RwSignal<String>,
}

impl ScheduleFields {
    /// Fills in what an expression says.
    pub fn fill(self, stored: &str) {
        let [rhythm, time, weekday, custom] = fields(stored);
        self.rhythm.set(rhythm);
        self.time.set(time);
        self.weekday.set(weekday);
        self.custom.set(custom);
    }

    /// The expression that says what is typed; follows it.
    pub fn expression(self) -> String {
        expression(
            &self.rhythm.get(),
            &self.time.get(),
            &self.weekday.get(),
            &self.custom.get(),
        )
    }
}

/// The card of the form.
#[component]
pub fn ScheduleCard(
    /// The form.
    form: Submission,
    /// What is typed.
    fields: ScheduleFields,
    /// When that is.
    times: NextTimes,
) -> impl IntoView {
    let rhythms = Signal::derive(|| {
        let language = crate::ui::locale::language();
        Choice::ALL
            .map(|choice| {
                (
                    choice.word().to_owned(),
                    choice.text().get(language).to_owned(),
                )
            })
            .to_vec()
    });
    let is = move |choice: Choice| fields.rhythm.with(|rhythm| rhythm == choice.word());
    view! {
        <Card title=schedule::CARD lead=schedule::CARD_LEAD>
            <div class="form-row">
                <SelectField
                    label=schedule::RHYTHM
                    value=fields.rhythm
                    form
                    path="rhythm"
                    options=rhythms
                />
                <Show when=move || is(Choice::Weekly)>
                    <Weekday form fields />
                </Show>
                <Show when=move || is(Choice::Daily) || is(Choice::Weekly)>
                    <TextField
                        label=schedule::TIME
                        value=fields.time
                        form
                        path="schedule"
                        kind="time"
                        hint=in_zone(schedule::TIME_HINT)
                    />
                </Show>
                <Show when=move || is(Choice::Custom)>
                    <TextField
                        label=schedule::EXPRESSION
                        value=fields.custom
                        form
                        path="schedule"
                        hint=in_zone(schedule::EXPRESSION_HINT)
                    />
                </Show>
            </div>
            {next_times(times)}
        </Card>
    }
}

fn in_zone(text: crate::texts::Text) -> Words {
    Words::new(move || {
        let zone = session::workspace().map(|workspace| workspace.time_zone);
        fill(text, &[("zone", &zone.unwrap_or_default())])
    })
}

#[component]
fn Weekday(form: Submission, fields: ScheduleFields) -> impl IntoView {
    let days = Signal::derive(|| {
        let language = crate::ui::locale::language();
        (0..)
            .zip(WEEKDAYS)
            .map(|(number, text): (i32, _)| (number.to_string(), text.get(language).to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <SelectField
            label=schedule::WEEKDAY
            value=fields.weekday
            form
            path="weekday"
            options=days
        />
    }
}

/// The next moments of a schedule, as the host reckons them; none where it says that there are none.
pub type NextTimes = Remote<Vec<DateTime<Utc>>>;

/// The next moments of what is typed.
pub fn load_times(fields: ScheduleFields) -> NextTimes {
    let expression = Memo::new(move |_| fields.expression());
    Remote::new(move || {
        let expression = expression.get();
        async move {
            if expression.is_empty() {
                return Ok(Vec::new());
            }
            api::schedule::preview_schedule(expression).await
        }
    })
}

fn next_times(times: NextTimes) -> impl IntoView {
    let words = move || {
        let times = times.value().unwrap_or_default();
        let times: Vec<String> = times.into_iter().map(format::moment).collect();
        (!times.is_empty()).then(|| fill(schedule::NEXT_TIMES, &[("times", &times.join(" · "))]))
    };
    view! { <p class="field-hint" role="status">{words}</p> }
}
