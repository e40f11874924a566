//! Competitors that answers give away: found, adopted, dismissed.

use app::model::account::Role;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, all_named, named, on_both_databases, rest_project};

on_both_databases!(names_are_found_dismissed_and_adopted);

fn view(reply: &Value) -> Value {
    let mut view = named(reply, "names answers dismissed");
    view["names"] = all_named(&view["names"], "name answers examples");
    view
}

async fn found(by: &Caller<'_>, project: i64) -> Value {
    let wanted = json!({"project_id": project});
    view(&by.call("discovery/get", &wanted).await.expect(200))
}

fn names(view: &Value) -> Vec<String> {
    let rows = view["names"].as_array().expect("names");
    let name = |row: &Value| row["name"].as_str().expect("a name").to_owned();
    rows.iter().map(name).collect()
}

async fn names_are_found_dismissed_and_adopted(app: &TestApp) {
    let ana = app.admin().await;
    let mut project = rest_project("Watch");
    project["queries"] = (1..=40)
        .map(|size| {
            json!(format!(
                "Which accounting software is best for {size} people?"
            ))
        })
        .collect();
    let made = ana.post("/projects", &project).await.expect(201);
    let project = made["project"]["id"].as_i64().expect("an id");

    let before = found(&ana, project).await;
    assert_eq!(
        (&before["answers"], &before["names"]),
        (&json!(0), &json!([]))
    );
    ana.run_project(project).await;

    let after = found(&ana, project).await;
    assert!(
        after["answers"].as_i64().is_some_and(|read| read > 0),
        "{after}"
    );
    for row in after["names"].as_array().expect("names") {
        let examples = row["examples"].as_array().expect("answers");
        assert!(!examples.is_empty(), "{row}");
        for answer in examples {
            let wanted = json!({"answer_id": answer});
            let answer = ana.call("answers/get", &wanted).await.expect(200);
            let text = named(&answer[0], "row text")["text"].to_string();
            let name = row["name"].as_str().expect("a name");
            assert!(
                text.contains(name) && text.contains("Kipu"),
                "{name}: {text}"
            );
        }
    }
    let all = names(&after);
    assert!(
        !all.iter()
            .any(|name| ["Kipu", "Acme", "Globex"].contains(&name.as_str()))
    );

    let [first, second, ..] = all.as_slice() else {
        panic!("the simulator lists others: {all:?}");
    };
    dismissal(&ana, project, first).await;
    adoption(app, &ana, project, second).await;
}

mod words_of_the_question {
    use super::{Caller, TestApp, Value, found, json, names, on_both_databases, rest_project};

    on_both_databases!(are_not_proposed);

    /// Its capital makes a name of it for the simulator, which recommends it then.
    const ASKED: &str = "Ledgers";

    async fn are_not_proposed(app: &TestApp) {
        let ana = app.admin().await;
        let project = project(&ana).await;
        ana.run_project(project).await;
        let listing = format!(
            "SELECT COUNT(*) FROM llm_monitoring_results \
             WHERE full_response LIKE '%{ASKED}%' AND full_response LIKE '%Kipu%'"
        );
        assert!(app.number(&listing).await > 0, "nobody recommends it");
        let view = found(&ana, project).await;
        let names = names(&view);
        assert!(!names.is_empty(), "{view}");
        assert!(!names.iter().any(|name| name == ASKED), "{names:?}");
    }

    async fn project(by: &Caller<'_>) -> i64 {
        let mut project = rest_project("Words");
        let questions = (1..=40).map(|size| json!(format!("Which {ASKED} suit {size} people?")));
        project["queries"] = questions.collect::<Vec<Value>>().into();
        let made = by.post("/projects", &project).await.expect(201);
        made["project"]["id"].as_i64().expect("an id")
    }
}

async fn dismissal(ana: &Caller<'_>, project: i64, name: &str) {
    let asked = |name: &str, is_dismissed: bool| json!({"project_id": project, "name": name, "is_dismissed": is_dismissed});
    // In any spelling, and twice.
    for spelling in [name.to_uppercase(), name.to_owned()] {
        let gone = ana.call("discovery/dismiss", &asked(&spelling, true)).await;
        let gone = view(&gone.expect(200));
        assert!(!names(&gone).contains(&name.to_owned()), "{gone}");
        assert_eq!(gone["dismissed"], json!([name.to_uppercase()]));
    }
    let back = ana.call("discovery/dismiss", &asked(name, false)).await;
    let back = view(&back.expect(200));
    assert!(names(&back).contains(&name.to_owned()), "{back}");
    assert_eq!(back["dismissed"], json!([]));
    for wrong in ["", "  ", "!!!", "x\u{0}y", &"x".repeat(101)] {
        ana.call("discovery/dismiss", &asked(wrong, true))
            .await
            .expect(422);
    }
}

async fn adoption(app: &TestApp, ana: &Caller<'_>, project: i64, name: &str) {
    let wanted = json!({"project_id": project, "name": name});
    let reader = app
        .member("reader@example.com", ana.workspace().await, Role::Viewer)
        .await;
    reader.call("discovery/get", &wanted).await.expect(200);
    reader.call("discovery/adopt", &wanted).await.expect(403);

    let adopted = ana.call("discovery/adopt", &wanted).await.expect(200);
    assert!(
        !names(&view(&adopted)).contains(&name.to_owned()),
        "{adopted}"
    );
    let after = ana.get(&format!("/projects/{project}")).await.expect(200);
    let competitors = after["project"]["competitors"].to_string();
    assert!(competitors.contains(name), "{competitors}");
    assert!(
        competitors.contains("Globex Corp"),
        "the others stay: {competitors}"
    );

    // Twice is one name for two.
    let refused = ana.call("discovery/adopt", &wanted).await.expect(422);
    assert!(refused["fields"].to_string().contains(name), "{refused}");
}
