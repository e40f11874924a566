//! What people write on the charts of a project, and what of changed settings stands there.

use app::model::overview::{ChartSeries, NoteKind, Overview};
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::{Caller, Reply};

mod add;
mod list;
mod remove;
mod settings;

/// Today, as the host has it for a workspace in UTC.
async fn today(caller: &Caller<'_>) -> NaiveDate {
    let home = caller.call("home/get", &json!({})).await.expect(200);
    home[0].as_str().expect("a day").parse().expect("a day")
}

async fn write(caller: &Caller<'_>, project: i64, day: NaiveDate, text: &str) -> Reply {
    let note = json!({"day": day, "text": text});
    let path = format!("/projects/{project}/notes");
    caller.post(&path, &note).await
}

fn of_week(project: i64, to: NaiveDate) -> Value {
    let from = to - chrono::Days::new(6);
    json!({"project_id": project, "from": from, "to": to, "model_ids": []})
}

/// The notes of the chart of a week.
async fn on_chart(caller: &Caller<'_>, project: i64, to: NaiveDate) -> Vec<NoteKind> {
    let query = json!({"query": {"dashboard": of_week(project, to), "metric": "position"}});
    let reply = caller.call("overview/series", &query).await.expect(200);
    let series: ChartSeries = serde_json::from_value(reply).expect("lines");
    series.notes.into_iter().map(|note| note.kind).collect()
}

/// The notes of the chart that the first screen opens with.
async fn on_screen(caller: &Caller<'_>, project: i64, to: NaiveDate) -> Vec<NoteKind> {
    let query = json!({"query": of_week(project, to)});
    let reply = caller.call("overview/get", &query).await.expect(200);
    let screen: Overview = serde_json::from_value(reply).expect("a screen");
    screen
        .chart
        .notes
        .into_iter()
        .map(|note| note.kind)
        .collect()
}

fn texts(notes: &[NoteKind]) -> Vec<&str> {
    notes
        .iter()
        .filter_map(|note| match note {
            NoteKind::Written { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}
