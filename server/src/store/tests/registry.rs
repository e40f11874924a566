//! The registry: what lists bring, what admins say of it, prices, links, and the audit log.

use std::time::Duration;

use app::model::ids::{ModelId, UserId};
use app::model::money::Money;
use app::model::notices::{Notice, NoticeKind};
use app::model::prices::{ImportChoice, OfferedPrice};
use app::model::provider::Provider;
use app::model::registry::{
    ModelChange, ModelDraft, PriceOrigin, PriceTier, RegistryAction as Action, Review,
};
use app::validate::PriceAmounts;
use chrono::{DateTime, TimeDelta, Utc};
use providers::models::{Lifecycle, ListedModel};
use runtime::clock::Clock;

use crate::store::StoreError;
use crate::store::jobs::NoticeReader;
use crate::store::registry::{RegistryError, ReviewLink};
use crate::store::testing::{
    ProjectPlan, TestDatabase, make_model, make_project, make_projects, on_both_databases,
};

fn listed(id: &str, retires_at: Option<DateTime<Utc>>) -> ListedModel {
    ListedModel {
        retires_at,
        output_tokens: Some(64_000),
        ..ListedModel::plain(id)
    }
}

fn usd(dollars: i64) -> Money {
    Money::from_usd(dollars)
}

fn priced(input: i64, output: i64) -> PriceAmounts {
    PriceAmounts {
        input: Some(usd(input)),
        output: Some(usd(output)),
        ..PriceAmounts::default()
    }
}

/// Actions and values of the audit log, the oldest first.
async fn changes(database: &TestDatabase) -> Vec<(Action, Option<String>, Option<String>)> {
    let mut changes = database.store.registry_changes(100).await.expect("read");
    changes.reverse();
    changes
        .into_iter()
        .map(|change| (change.action, change.old, change.new))
        .collect()
}

async fn actions(database: &TestDatabase) -> Vec<Action> {
    changes(database)
        .await
        .into_iter()
        .map(|(action, ..)| action)
        .collect()
}

async fn set_price(database: &TestDatabase, model: ModelId, amounts: PriceAmounts, by: UserId) {
    let change = ModelChange::default();
    let changed = database
        .store
        .change_model(model, &change, Some(amounts), by)
        .await;
    changed.expect("changed");
}

async fn link(database: &TestDatabase, link: ReviewLink, hash: &str, days: i64) {
    let expires_at = database.clock.now() + TimeDelta::days(days);
    let added = database.store.add_review_link(link, hash, expires_at).await;
    added.expect("added");
}

/// A model that a check has just found, and an admin.
async fn found(database: &TestDatabase) -> (ModelId, UserId) {
    let at = make_project(database, &ProjectPlan::default()).await;
    database.execute("UPDATE users SET is_admin = TRUE").await;
    let list = [listed("gpt-7", None)];
    let noted = database
        .store
        .note_listed(Provider::OpenAi, &list)
        .await
        .expect("noted");
    (noted.new[0].id, at.user)
}

on_both_databases! {
    async fn the_same_list_twice_adds_models_once(database: &TestDatabase) {
        let known = make_model(database, Provider::OpenAi, "gpt-5", true).await;
        let list = [listed("gpt-5", None), listed("gpt-7", None), listed("gpt-7", None), listed("bad id", None)];
        let noted = database.store.note_listed(Provider::OpenAi, &list).await.expect("noted");
        let names: Vec<&str> = noted.new.iter().map(|model| model.model_id.as_str()).collect();
        assert_eq!((names, noted.missing.len()), (vec!["gpt-7"], 0));
        let first_seen = database.clock.now();
        database.clock.advance(Duration::from_hours(1));
        let again = database.store.note_listed(Provider::OpenAi, &list).await.expect("noted");
        assert_eq!(again, crate::store::registry::model_check::Noted::default());

        let model = database.store.model(noted.new[0].id).await.expect("a model");
        assert_eq!(
            (model.is_current, model.is_available, model.price, model.review, model.max_tokens),
            (false, false, None, Review::New, 16_000)
        );
        assert_eq!((model.first_seen_at, model.last_seen_at), (Some(first_seen), Some(database.clock.now())));
        let old = database.store.model(known.into()).await.expect("a model");
        assert_eq!((old.review, old.is_available), (Review::Approved, true));
        assert_eq!(actions(database).await, [Action::Found]);
        // The same id at another provider is another model; one that is gone is told.
        let other = database.store.note_listed(Provider::Groq, &[listed("gpt-7", None)]).await.expect("noted");
        assert_eq!(other.new.len(), 1);
        let shrunk = database.store.note_listed(Provider::OpenAi, &[]).await.expect("noted");
        assert_eq!(shrunk.missing, ["GPT-5"]);
    }

    async fn a_found_model_begins_with_room_for_its_thoughts(database: &TestDatabase) {
        let written = |output_tokens, thinks, id: &str| ListedModel { output_tokens, thinks, ..ListedModel::plain(id) };
        let list = [
            written(Some(64_000), Some(true), "thinks"), written(None, None, "tells-nothing"),
            written(Some(65_536), Some(false), "writes"), written(Some(2_000), Some(false), "writes-little"),
            written(Some(8_192), None, "small"), written(Some(1), Some(true), "absurd"),
        ];
        let noted = database.store.note_listed(Provider::Google, &list).await.expect("noted");
        let mut limits = Vec::new();
        for model in noted.new {
            limits.push(database.store.model(model.id).await.expect("a model").max_tokens);
        }
        assert_eq!(limits, [16_000, 16_000, 4_096, 2_000, 8_192, 16]);
    }

    async fn the_word_of_a_provider_decides_on_an_end(database: &TestDatabase) {
        let model: ModelId = make_model(database, Provider::Anthropic, "model-a", true).await.into();
        let now = database.clock.now();
        let yesterday = Some(now - TimeDelta::days(1));
        let said = async |lifecycle, retires_at| {
            let list = [ListedModel { lifecycle, ..listed("model-a", retires_at) }];
            database.store.note_listed(Provider::Anthropic, &list).await.expect("noted");
            database.store.model(model).await.expect("a model")
        };
        // Without a word the day decides.
        assert!(said(None, yesterday).await.has_ended);
        let overdue = said(Some(Lifecycle::Serving), yesterday).await;
        assert!(overdue.is_offered() && overdue.retires_at == yesterday);
        assert_eq!(database.store.retiring_models(now, 30).await.expect("read"), []);
        // It is gone from the list: the day again.
        database.store.note_listed(Provider::Anthropic, &[]).await.expect("noted");
        assert!(database.store.model(model).await.expect("a model").has_ended);
        // A day that lies ahead is one until it has come, whatever was said before that.
        let next_week = Some(now + TimeDelta::days(7));
        assert!(said(Some(Lifecycle::Serving), next_week).await.is_offered());
        database.clock.advance(Duration::from_hours(24 * 7));
        assert!(database.store.model(model).await.expect("a model").has_ended);
        // Ended before its day, or without one.
        database.clock.set(now);
        let early = said(Some(Lifecycle::Retired), next_week).await;
        assert_eq!((early.has_ended, early.retires_at), (true, Some(now)));
        let moved = changes(database).await;
        assert_eq!(moved.last().map(|(action, ..)| *action), Some(Action::Retires));
        assert!(said(Some(Lifecycle::Retired), None).await.has_ended);
        assert_eq!(changes(database).await.len(), moved.len(), "said again is no change");
    }

    async fn ended_models_are_told_to_who_asks_them(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let today = Some(database.clock.now() - TimeDelta::hours(12));
        database.store.note_listed(Provider::OpenAi, &[listed("model-a", today)]).await.expect("noted");
        let news = database.store.find_notices().await.expect("read");
        let told: Vec<_> = news.iter().filter(|one| one.notice.kind() == NoticeKind::ModelRetiring).collect();
        let workspaces: Vec<_> = told.iter().map(|one| one.workspace).collect();
        assert_eq!(workspaces, [None, Some(at.workspace)]);
        let Notice::ModelRetiring { days, project_ids, .. } = &told[1].notice else { unreachable!("filtered") };
        assert_eq!((*days, project_ids.as_slice()), (0, [at.project].as_slice()));
        database.store.insert_notices(&news, false).await.expect("told");
        // A week later it is no other event.
        database.clock.advance(Duration::from_hours(24 * 7));
        let news = database.store.find_notices().await.expect("read");
        assert_eq!(database.store.insert_notices(&news, false).await.expect("told"), 0);
    }

    async fn a_retirement_names_no_project_that_is_gone(database: &TestDatabase) {
        let projects = make_projects(database, &ProjectPlan::default(), 2).await;
        let (store, workspace) = (&database.store, projects[0].workspace);
        let soon = Some(database.clock.now() + TimeDelta::days(5));
        store.note_listed(Provider::OpenAi, &[listed("model-a", soon)]).await.expect("noted");
        store.insert_notices(&store.find_notices().await.expect("read"), false).await.expect("told");
        let reader = NoticeReader { workspace, user: projects[0].user, with_instance: true };
        let named = async || {
            let notices = store.notices(&reader, &[]).await.expect("read");
            let names = notices.into_iter().filter_map(|view| match view.notice {
                Notice::ModelRetiring { projects, project_ids, .. } => Some((projects, project_ids)),
                _ => None,
            });
            names.collect::<Vec<_>>()
        };
        let both = vec!["Watch 1".to_owned(), "Watch 2".to_owned()];
        assert_eq!(named().await, [(both, vec![])], "the instance's says the same");
        store.delete_project(workspace, projects[0].project).await.expect("deleted");
        assert_eq!(named().await, [(vec!["Watch 2".to_owned()], vec![])]);
        let kept = "SELECT COUNT(*) FROM llm_notices WHERE facts LIKE '%Watch%'";
        assert_eq!(database.number(kept).await, 0, "no name is kept");

        // Versions before kept names. Those that nobody has any more go with the project.
        let old = "UPDATE llm_notices SET facts = REPLACE(REPLACE(facts, '\"projects\":[]', \
            '\"projects\":[\"Watch 0\",\"Watch 1\",\"Watch 2\"]'), '\"project_ids\"', '\"unknown\"')";
        database.execute(old).await;
        assert_eq!(database.number(kept).await, 2);
        assert_eq!(named().await, [(vec!["Watch 2".to_owned()], vec![])]);
        database.execute("UPDATE llm_monitoring_projects SET erase_begun_at = deleted_at \
            WHERE deleted_at IS NOT NULL").await;
        while let Some(at) = store.projects_to_erase().await.expect("a list").first() {
            store.erase_some(*at).await.expect("a step");
        }
        let gone = "SELECT COUNT(*) FROM llm_notices WHERE facts LIKE '%Watch 0%' OR facts LIKE '%Watch 1%'";
        assert_eq!((database.number(gone).await, database.number(kept).await), (0, 2));
    }

    async fn models_that_retire_are_told_with_their_projects(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        let now = database.clock.now();
        let on = |days| Some(now + TimeDelta::days(days));
        let list = [listed("model-a", on(7)), listed("model-z", on(3))];
        database.store.note_listed(Provider::OpenAi, &list).await.expect("noted");
        let retiring = database.store.retiring_models(now, 30).await.expect("read");
        // What nobody can ask does not matter.
        assert_eq!(retiring.len(), 1);
        let model = &retiring[0];
        assert_eq!((model.id, model.days_left, model.name.as_str()), (at.models[0], 7, "MODEL-A"));
        assert_eq!(model.retires_on, (now + TimeDelta::days(7)).date_naive());
        let projects: Vec<_> = model.projects.iter().map(|(workspace, id, _)| (*workspace, *id)).collect();
        assert_eq!(projects, [(at.workspace, at.project), (other.workspace, other.project)]);
        assert_eq!(database.store.retiring_models(now, 6).await.expect("read"), []);
        // A day that was moved is noted; one that the list keeps silent about stays.
        database.store.note_listed(Provider::OpenAi, &[listed("model-a", on(20))]).await.expect("noted");
        database.store.note_listed(Provider::OpenAi, &[listed("model-a", None)]).await.expect("noted");
        assert_eq!(database.store.retiring_models(now, 30).await.expect("read")[0].days_left, 20);
        let moved = changes(database).await.into_iter().rfind(|(action, ..)| *action == Action::Retires);
        let (_, old, new) = moved.expect("a change");
        assert_eq!((old.as_deref(), new.as_deref()), (Some("2026-03-17"), Some("2026-03-30")));
        // After its day it is told for as long as somebody asks it.
        database.clock.advance(Duration::from_hours(24 * 25));
        let later = database.clock.now();
        assert_eq!(database.store.retiring_models(later, 30).await.expect("read")[0].days_left, -5);
        database.execute("UPDATE llm_monitoring_projects SET is_active = FALSE").await;
        assert_eq!(database.store.retiring_models(later, 30).await.expect("read"), []);
    }

    async fn approval_needs_a_price_and_makes_available(database: &TestDatabase) {
        let (model, admin) = found(database).await;
        let unpriced = database.store.review_model(model, Review::Approved, admin).await;
        assert!(matches!(unpriced, Err(RegistryError::ApprovalNeedsPrice)));
        set_price(database, model, priced(1, 4), admin).await;
        database.store.review_model(model, Review::Approved, admin).await.expect("approved");
        let view = database.store.model(model).await.expect("a model");
        assert_eq!((view.review, view.is_available, view.is_current), (Review::Approved, true, false));
        database.store.review_model(model, Review::Rejected, admin).await.expect("rejected");
        let view = database.store.model(model).await.expect("a model");
        assert_eq!((view.review, view.is_available), (Review::Rejected, false));
        assert_eq!(actions(database).await, [Action::Found, Action::Price, Action::Approved, Action::Available, Action::Rejected, Action::Available]);
        // A current model is not rejected.
        set_price(database, model, priced(1, 4), admin).await;
        let current = ModelChange { is_available: Some(true), is_current: Some(true), ..ModelChange::default() };
        database.store.change_model(model, &current, None, admin).await.expect("current");
        let refused = database.store.review_model(model, Review::Rejected, admin).await;
        assert!(matches!(refused, Err(RegistryError::LastCurrent)));
    }

    async fn a_link_works_once_and_for_admins_only(database: &TestDatabase) {
        let (model, admin) = found(database).await;
        let approve = ReviewLink { model, verdict: Review::Approved, user: Some(admin) };
        let reject = ReviewLink { verdict: Review::Rejected, ..approve };
        link(database, approve, "yes", 14).await;
        link(database, reject, "no", 14).await;
        link(database, reject, "short", 1).await;
        let store = &database.store;
        assert_eq!(store.review_link("yes").await.expect("read"), Some(approve));
        assert_eq!(store.review_link("other").await.expect("read"), None);
        // It survives what cannot be done yet.
        assert!(matches!(store.use_review_link("yes").await, Err(RegistryError::ApprovalNeedsPrice)));
        set_price(database, model, priced(1, 4), admin).await;
        database.execute("UPDATE users SET is_admin = FALSE").await;
        assert_eq!(store.review_link("yes").await.expect("read"), None);
        assert!(matches!(store.use_review_link("yes").await, Err(RegistryError::Store(StoreError::NotFound))));
        database.execute("UPDATE users SET is_admin = TRUE, disabled_at = created_at").await;
        assert_eq!(store.review_link("yes").await.expect("read"), None);
        database.execute("UPDATE users SET disabled_at = NULL").await;
        database.clock.advance(Duration::from_hours(48));
        assert_eq!(store.review_link("short").await.expect("read"), None);
        assert_eq!(store.use_review_link("yes").await.expect("used"), approve);
        for gone in ["yes", "no", "short"] {
            let used = store.use_review_link(gone).await;
            assert!(matches!(used, Err(RegistryError::Store(StoreError::NotFound))), "{gone}");
        }
        let view = store.model(model).await.expect("a model");
        assert_eq!((view.review, view.is_available), (Review::Approved, true));
        let by = store.registry_changes(1).await.expect("read").remove(0).by;
        assert!(by.is_some_and(|email| email.ends_with("@example.com")));
    }

    async fn of_two_who_follow_a_link_one_decides(database: &TestDatabase) {
        let (model, admin) = found(database).await;
        let reject = ReviewLink { model, verdict: Review::Rejected, user: Some(admin) };
        link(database, reject, "no", 14).await;
        let calls = (0..4).map(|_| database.store.use_review_link("no"));
        let used = futures_util::future::join_all(calls).await;
        assert_eq!(used.iter().filter(|used| used.is_ok()).count(), 1);
        let rejected = actions(database).await.into_iter().filter(|action| *action == Action::Rejected);
        assert_eq!(rejected.count(), 1);
    }

    async fn a_price_begins_on_its_day(database: &TestDatabase) {
        let (model, admin) = found(database).await;
        let day = |text: &str| Some(text.parse().expect("a day"));
        set_price(database, model, priced(1, 4), admin).await;
        set_price(database, model, PriceAmounts { starts_on: day("2026-04-01"), ..priced(2, 8) }, admin).await;
        set_price(database, model, PriceAmounts { starts_on: day("2026-01-01"), ..priced(3, 12) }, admin).await;
        let output = async || database.store.model(model).await.expect("a model").price.expect("a price").output;
        assert_eq!(output().await, Money::from_usd(4));
        let history = database.store.price_history(model).await.expect("read");
        let outputs: Vec<i64> = history.iter().map(|entry| entry.price.output.nanos() / 1_000_000_000).collect();
        assert_eq!(outputs, [8, 4, 12]);
        assert!(history.iter().all(|entry| entry.by.is_some() && entry.price.origin == PriceOrigin::User));
        database.clock.set("2026-04-01T00:00:00Z".parse().expect("a time"));
        assert_eq!(output().await, Money::from_usd(8));
        // What is left out comes from the price that holds at the start.
        let only_input = PriceAmounts { input: Some(usd(5)), starts_on: day("2026-02-01"), ..PriceAmounts::default() };
        set_price(database, model, only_input, admin).await;
        let history = database.store.price_history(model).await.expect("read");
        assert_eq!(history[2].price.output, Money::from_usd(12));
        // Today means now: an earlier price of today does not hold on.
        set_price(database, model, PriceAmounts { starts_on: day("2026-04-01"), ..priced(6, 24) }, admin).await;
        assert_eq!(output().await, Money::from_usd(24));
    }

    async fn every_change_is_told_once(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let draft = ModelDraft {
            provider: Provider::OpenAi, model_id: "gpt-7".to_owned(), display_name: "GPT-7".to_owned(), web_search: false,
            max_tokens: Some(4_096),
        };
        let model = database.store.add_model(&draft, Some(at.user)).await.expect("added");
        let change = ModelChange {
            display_name: Some("GPT 7".to_owned()), web_search: Some(true), is_available: Some(true),
            is_current: Some(true), max_tokens: Some(4_096), max_in_flight: Some(5), price: None,
        };
        database.store.change_model(model, &change, Some(priced(1, 4)), at.user).await.expect("changed");
        database.store.change_model(model, &change, None, at.user).await.expect("changed");
        let text = |value: &str| Some(value.to_owned());
        let told = changes(database).await;
        let in_flight = told.last().and_then(|(.., old, _)| old.clone());
        assert_eq!(told, [
            (Action::Added, None, None),
            (Action::Price, None, text("1 / 4 / – / –")),
            (Action::Name, text("GPT-7"), text("GPT 7")),
            (Action::Available, text("false"), text("true")),
            (Action::Current, text("false"), text("true")),
            (Action::WebSearch, text("false"), text("true")),
            (Action::MaxInFlight, in_flight, text("5")),
        ]);
        // What is refused is not told.
        let off = ModelChange { is_current: Some(false), ..ModelChange::default() };
        assert!(database.store.change_model(model, &off, Some(priced(9, 9)), at.user).await.is_err());
        assert_eq!(changes(database).await.len(), 7);
        assert_eq!(database.store.price_history(model).await.expect("read").len(), 1);
        // The one that stops being current is told too.
        let rival = ModelDraft { model_id: "gpt-8".to_owned(), display_name: "GPT-8".to_owned(), ..draft };
        let rival = database.store.add_model(&rival, Some(at.user)).await.expect("added");
        let current = ModelChange { is_available: Some(true), is_current: Some(true), ..ModelChange::default() };
        database.store.change_model(rival, &current, Some(priced(1, 4)), at.user).await.expect("changed");
        let stopped = (Action::Current, text("true"), text("false"));
        assert!(changes(database).await.contains(&stopped));
    }

    async fn accepted_prices_are_written_all_or_none(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let choice = async |model: ModelId, output: i64| ImportChoice {
            model_id: model,
            price_id: store.model(model).await.expect("a model").price.map(|price| price.id),
            price: OfferedPrice { input: Some(usd(2)), output: Some(usd(output)), ..OfferedPrice::default() },
        };
        let choices = [choice(at.models[1], 8).await, choice(at.models[0], 4).await];
        database.clock.advance(Duration::from_secs(1));
        store.accept_prices(&choices, Some(at.user)).await.expect("accepted");
        let price = store.model(at.models[0]).await.expect("a model").price.expect("a price");
        assert_eq!((price.output, price.origin), (Money::from_usd(4), PriceOrigin::Sync));
        // What the file left out has stayed.
        assert_eq!(price.search_fee, Some(Money::from_nanos(10_000_000)));
        assert_eq!(actions(database).await, [Action::Price, Action::Price]);
        // One of the two has moved meanwhile: neither is written.
        let again = [choice(at.models[0], 5).await, choices[0]];
        let moved = store.accept_prices(&again, Some(at.user)).await;
        assert!(matches!(moved, Err(RegistryError::PriceMoved)));
        assert_eq!(store.model(at.models[0]).await.expect("a model").price.expect("a price").id, price.id);
        assert_eq!(actions(database).await.len(), 2);
        // What long asks cost is written, and stays where a file leaves it out.
        let tier = PriceTier { above_tokens: 200_000, input: usd(5), output: usd(9), cached_input: None };
        let mut long = choice(at.models[0], 6).await;
        long.price.tier = Some(tier);
        store.accept_prices(&[long], Some(at.user)).await.expect("accepted");
        let held = async || store.model(at.models[0]).await.expect("a model").price.expect("a price").tier;
        assert_eq!(held().await, Some(tier));
        database.clock.advance(Duration::from_secs(1));
        let without = choice(at.models[0], 7).await;
        store.accept_prices(&[without], Some(at.user)).await.expect("accepted");
        assert_eq!(held().await, Some(tier));
        let nowhere = ImportChoice { model_id: 999_999.into(), ..choices[0] };
        let unknown = store.accept_prices(&[nowhere], None).await;
        assert!(matches!(unknown, Err(RegistryError::Store(StoreError::NotFound))));
    }
}

on_both_databases! {
    async fn past_costs_are_corrected_once(database: &TestDatabase) {
        use crate::store::tests::{answer_all, claim};

        let plan = ProjectPlan { models: vec![(Provider::OpenAi, "model-a", true)], ..ProjectPlan::default() };
        let at = make_project(database, &plan).await;
        database.execute("UPDATE users SET is_admin = TRUE").await;
        let (model, store) = (at.models[0], &database.store);
        at.plan(database).await;
        let claimed = claim(database, "a").await;
        answer_all(database, &claimed).await;
        let range = ("2026-03-10".parse().expect("a day"), "2026-03-10".parse().expect("a day"));
        let look = async || store.recompute(at.workspace, model, range).await.expect("computed");
        let spent = async || database.number("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger").await;
        let days = "SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_days";
        let (before, first) = (spent().await, look().await.sum());
        assert_eq!((first.answers + first.kept, first.booked.nanos()), (3, before));
        // The price was wrong from the day before on.
        let yesterday = PriceAmounts {
            starts_on: Some("2026-03-09".parse().expect("a day")), search_fee: Some(Some(Money::ZERO)),
            ..priced(5, 50)
        };
        database.execute("UPDATE llm_model_prices SET starts_at = '2026-03-01 00:00:00+00:00'").await;
        set_price(database, model, yesterday, at.user).await;
        assert_eq!(spent().await, before, "a price changes no past cost");
        let found = look().await;
        let difference = found.sum().difference();
        assert_ne!(difference, Money::ZERO);
        store.write_correction_to_ledger(&found, at.user).await.expect("booked");
        assert_eq!(spent().await, before + difference.nanos());
        assert_eq!(database.number(days).await, before + difference.nanos());
        let corrections = "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'correction' AND run_id IS NULL";
        assert_eq!(database.number(corrections).await, 1);
        // The same again finds nothing, and what was found before is not booked a second time.
        assert_eq!(look().await.sum().difference(), Money::ZERO);
        let twice = store.write_correction_to_ledger(&found, at.user).await;
        assert!(matches!(twice, Err(RegistryError::PriceMoved)));
        assert_eq!(spent().await, before + difference.nanos());
        // Answers keep what they were stored with.
        let stored = "SELECT CAST(SUM(cost_nano_usd) AS BIGINT) FROM llm_monitoring_results";
        assert_eq!(database.number(stored).await, before);
        // Another workspace has none of it.
        let other = make_project(database, &plan).await;
        let elsewhere = store.recompute(other.workspace, model, range).await.expect("computed");
        assert_eq!(elsewhere.sum(), app::model::prices::Recomputed { answers: 0, kept: 0, booked: Money::ZERO, computed: Money::ZERO });
    }
}
