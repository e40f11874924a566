//! What a new version's list brings to an installation, and what it leaves alone.

use std::collections::BTreeMap;

use app::model::money::Money;
use app::model::notices::Notice;
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin};
use chrono::{DateTime, Utc};

use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, make_project, on_both_databases, with_old_tables,
};

/// Migrations before this version's.
const BEFORE: u32 = 13;

fn usd(text: &str) -> Money {
    text.parse().expect("an amount")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

async fn registry(database: &TestDatabase) -> BTreeMap<String, ModelView> {
    let models = database.store.models().await.expect("read");
    models
        .into_iter()
        .map(|model| (model.model_id.clone(), model))
        .collect()
}

async fn texts(database: &TestDatabase, sql: &str) -> Vec<String> {
    let found = rows::all(database.store.reader(), sql, [])
        .await
        .expect(sql);
    let text = |row: &sea_orm::QueryResult| row.try_get_by_index(0).expect("a text");
    found.iter().map(text).collect()
}

/// A row of the registry as the version before made it, with a price of the first list.
async fn old_model(
    database: &TestDatabase,
    slug: (&str, &str),
    current: bool,
    origin: &str,
    price: (&str, &str),
) {
    let (provider, id) = slug;
    let (input, output) = (usd(price.0).nanos(), usd(price.1).nanos());
    database
        .execute(&format!(
            "INSERT INTO llm_model_registry (provider, model_id, model_display_name, web_search, \
             is_current, is_available, max_tokens, created_at, updated_at, review) \
             VALUES ('{provider}', '{id}', '{id}', TRUE, {current}, TRUE, 128000, \
             '2026-11-21 00:00:00+00:00', '2026-11-21 00:00:00+00:00', 'approved')"
        ))
        .await;
    database
        .execute(&format!(
            "INSERT INTO llm_model_prices (model_id, input_nano_usd_per_1m, output_nano_usd_per_1m, \
             origin, starts_at, created_at) SELECT id, {input}, {output}, '{origin}', \
             '2026-11-21 00:00:00+00:00', '2026-11-21 00:00:00+00:00' \
             FROM llm_model_registry WHERE model_id = '{id}'"
        ))
        .await;
}

async fn old_registry(database: &TestDatabase) {
    database.clock.set(at("2026-12-01T09:00:00Z"));
    old_model(database, ("perplexity", "sonar"), true, "seed", ("1", "1")).await;
    old_model(
        database,
        ("perplexity", "sonar-pro"),
        false,
        "seed",
        ("3", "15"),
    )
    .await;
    old_model(
        database,
        ("openai", "gpt-6.1-sol"),
        true,
        "seed",
        ("2", "10"),
    )
    .await;
    old_model(database, ("openai", "gpt-5"), false, "seed", ("1.25", "10")).await;
    old_model(database, ("openai", "gpt-4o"), false, "user", ("2.5", "10")).await;
    old_model(
        database,
        ("anthropic", "claude-sonnet-4-5"),
        false,
        "seed",
        ("3", "15"),
    )
    .await;
    // Typed by hand; imported, at the list's price; imported at another; of the first list.
    old_model(
        database,
        ("google", "gemini-3.8-flash"),
        true,
        "user",
        ("0.6", "3"),
    )
    .await;
    old_model(
        database,
        ("google", "gemini-4-argon"),
        false,
        "sync",
        ("2", "10"),
    )
    .await;
    old_model(
        database,
        ("mistral", "mistral-large-4"),
        true,
        "sync",
        ("1", "3"),
    )
    .await;
    old_model(
        database,
        ("google", "gemini-3.7-flash"),
        false,
        "seed",
        ("0.75", "3.75"),
    )
    .await;
    // An admin has set this one's limit.
    old_model(
        database,
        ("openai", "gpt-6-luna"),
        false,
        "seed",
        ("0.1", "0.5"),
    )
    .await;
    database
        .execute(
            "INSERT INTO llm_model_changelog (model_id, changed_at, action, old_value, new_value) \
             SELECT id, '2026-11-22 00:00:00+00:00', 'max_tokens', '64000', '128000' \
             FROM llm_model_registry WHERE model_id = 'gpt-6-luna'",
        )
        .await;
}

const PROJECTS: &str = "SELECT id || '|' || name || '|' || schedule || '|' || \
    COALESCE(monthly_budget_nano_usd, -1) || '|' || repeats || '|' || CAST(updated_at AS TEXT) \
    FROM llm_monitoring_projects ORDER BY id";

async fn models_of(database: &TestDatabase, project: i64) -> Vec<String> {
    texts(
        database,
        &format!(
            "SELECT m.model_id FROM llm_monitoring_project_models p \
             JOIN llm_model_registry m ON m.id = p.model_id \
             WHERE p.project_id = {project} ORDER BY m.model_id"
        ),
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_installation_gets_what_is_new_and_keeps_what_was_set() {
    with_old_tables(BEFORE, async |database| {
        old_registry(database).await;
        let plan = ProjectPlan {
            models: vec![
                (Provider::Perplexity, "sonar", true),
                (Provider::Perplexity, "sonar-pro", true),
                (Provider::OpenAi, "gpt-6.1-sol", true),
            ],
            ..ProjectPlan::default()
        };
        let asks_sonar = make_project(database, &plan).await;
        let other = ProjectPlan {
            models: vec![(Provider::OpenAi, "gpt-6.1-sol", true)],
            ..plan.clone()
        };
        let asks_none = make_project(database, &other).await;
        database
            .execute("UPDATE llm_monitoring_projects SET schedule = '0 6 * * *', monthly_budget_nano_usd = 5000000000")
            .await;
        database.store.migrate().await.expect("migrated");
        // Who dies here has the old registry; the next start goes on.
        assert_eq!(models_of(database, asks_sonar.project.0).await.len(), 3);
        let projects = texts(database, PROJECTS).await;
        database.store.seed_registry().await.expect("brought up to date");

        limits_are_kept_where_somebody_set_them(&registry(database).await);
        prices_are_those_of_the_list_but_for_own_ones(&registry(database).await);
        ends_are_known(&registry(database).await);
        assert_eq!(models_of(database, asks_sonar.project.0).await, ["gpt-6.1-sol", "perplexity/sonar"]);
        assert_eq!(models_of(database, asks_none.project.0).await, ["gpt-6.1-sol"]);
        assert_eq!(texts(database, PROJECTS).await, projects, "nothing else of a project changes");
        people_are_told_once(database, asks_sonar.project.0).await;

        // Once more changes nothing.
        let log = "SELECT CAST(COUNT(*) AS BIGINT) FROM llm_model_changelog";
        let prices = "SELECT CAST(COUNT(*) AS BIGINT) FROM llm_model_prices";
        let before = (database.number(log).await, database.number(prices).await);
        database.store.seed_registry().await.expect("nothing left to do");
        assert_eq!((database.number(log).await, database.number(prices).await), before);
    })
    .await;
}

fn limits_are_kept_where_somebody_set_them(models: &BTreeMap<String, ModelView>) {
    let limit = |slug: &str| models[slug].max_tokens;
    assert_eq!(limit("gpt-6.1-sol"), 16_000);
    assert_eq!(limit("gpt-6-luna"), 128_000);
    assert_eq!(limit("perplexity/sonar"), 16_000);
}

fn prices_are_those_of_the_list_but_for_own_ones(models: &BTreeMap<String, ModelView>) {
    let present = |slug: &str| {
        let price = models[slug].price.clone().expect("a price");
        (price.input, price.output, price.origin)
    };
    let coming = |slug: &str| -> Vec<(Money, DateTime<Utc>)> {
        let prices = models[slug].coming_prices.iter();
        prices.map(|price| (price.input, price.starts_at)).collect()
    };
    let seed = PriceOrigin::Seed;
    assert_eq!(
        present("gemini-3.8-flash"),
        (usd("0.6"), usd("3"), PriceOrigin::User)
    );
    assert_eq!(coming("gemini-3.8-flash"), []);
    assert_eq!(present("gemini-4-argon"), (usd("4"), usd("20"), seed));
    assert_eq!(
        present("mistral-large-4"),
        (usd("1"), usd("3"), PriceOrigin::Sync)
    );
    assert_eq!(
        present("gemini-3.7-flash"),
        (usd("0.75"), usd("3.75"), seed)
    );
    assert_eq!(
        coming("gemini-3.7-flash"),
        [(usd("1.5"), at("2027-01-01T00:00:00Z"))]
    );
    let sonar = models["perplexity/sonar"].price.clone().expect("a price");
    assert_eq!((sonar.input, sonar.output), (usd("0.25"), usd("2.5")));
    assert_eq!(
        (sonar.cached_input, sonar.search_fee),
        (Some(usd("0.0625")), Some(usd("0.0025")))
    );
    let sol = models["gpt-6.1-sol"].price.clone().expect("a price");
    let tier = sol.tier.expect("a tier");
    assert_eq!(
        (tier.above_tokens, tier.input, tier.output),
        (272_000, usd("4"), usd("15"))
    );
}

fn ends_are_known(models: &BTreeMap<String, ModelView>) {
    let offered = |slug: &str| models[slug].is_offered();
    for gone in [
        "sonar",
        "sonar-pro",
        "sonar-reasoning-pro",
        "claude-sonnet-4-5",
        "gemini-2.5-flash",
        "gemini-2.5-pro",
    ] {
        assert!(!offered(gone), "{gone}");
    }
    let ends = |slug: &str| {
        models[slug]
            .retires_at
            .expect("an end")
            .date_naive()
            .to_string()
    };
    assert_eq!(
        (ends("gpt-5"), offered("gpt-5")),
        ("2026-12-11".to_owned(), true)
    );
    // One that is no part of the list, but was added by somebody.
    assert_eq!(ends("gpt-4o"), "2027-01-14");
    let sonar = &models["perplexity/sonar"];
    assert!(sonar.is_offered() && sonar.is_current && sonar.web_search);
    assert!(!models["sonar"].is_current);
    assert!(models["gpt-6.1-sol"].is_current && models["gemini-3.8-flash"].is_current);
}

async fn people_are_told_once(database: &TestDatabase, project: i64) {
    let store = &database.store;
    // The admin is somebody else than the owners; one of those is both.
    database
        .execute("UPDATE users SET is_admin = TRUE, confirmed_at = created_at")
        .await;
    database
        .execute(
            "INSERT INTO workspace_members (workspace_id, user_id, role) \
             SELECT MIN(w.id), MIN(u.id), 'owner' FROM workspaces w, users u",
        )
        .await;
    let replaced = async || {
        let news = store.find_notices().await.expect("read");
        let is_replacement = |notice: &Notice| matches!(notice, Notice::ModelReplaced { .. });
        news.into_iter()
            .filter(|one| is_replacement(&one.notice))
            .collect::<Vec<_>>()
    };
    let news = replaced().await;
    assert_eq!(news.len(), 1);
    assert_eq!(news[0].project.map(|project| project.0), Some(project));
    let Notice::ModelReplaced { old, new } = &news[0].notice else {
        unreachable!("filtered");
    };
    let names: Vec<&str> = old.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["sonar", "sonar-pro"]);
    assert_eq!(old[0].price, Some((usd("1"), usd("1"), None)));
    assert_eq!(
        new.price,
        Some((usd("0.25"), usd("2.5"), Some(usd("0.0025"))))
    );
    assert_eq!(store.insert_notices(&news, true).await.expect("told"), 1);
    let mails = "SELECT CAST(COUNT(*) AS BIGINT) FROM llm_mails";
    let people = "SELECT CAST(COUNT(*) AS BIGINT) FROM users";
    assert_eq!(database.number(mails).await, database.number(people).await);
    assert_eq!(replaced().await, []);
}

on_both_databases! {
    async fn hosts_that_start_together_fill_the_registry_once(database: &TestDatabase) {
        database.clock.set(at("2026-12-01T09:00:00Z"));
        let starts = (0..3).map(|_| database.store.seed_registry());
        for seeded in futures_util::future::join_all(starts).await {
            seeded.expect("seeded");
        }
        let models = registry(database).await;
        assert_eq!(database.number("SELECT COUNT(*) FROM llm_model_registry").await, i64::try_from(models.len()).expect("few"));
        // A first start is no change.
        assert_eq!(database.number("SELECT COUNT(*) FROM llm_model_changelog").await, 0);
        prices_of_a_first_start(&models);
        for provider in Provider::ALL {
            let own: Vec<&ModelView> = models.values().filter(|model| model.provider == *provider).collect();
            let current: Vec<_> = own.iter().filter(|model| model.is_current).collect();
            assert_eq!(current.len(), usize::from(!own.is_empty()), "{provider}");
            assert!(current.iter().all(|model| model.is_offered() && model.price.is_some()), "{provider}");
        }
    }

    async fn a_model_that_waits_for_a_review_is_not_switched_on_but_for_a_successor(database: &TestDatabase) {
        database.clock.set(at("2026-12-01T09:00:00Z"));
        old_model(database, ("perplexity", "sonar"), true, "seed", ("1", "1")).await;
        let found = [("perplexity", "perplexity/sonar"), ("google", "gemini-4-hydrogen"), ("google", "gemini-3.6-flash")];
        for (provider, id) in found {
            database.execute(&format!(
                "INSERT INTO llm_model_registry (provider, model_id, model_display_name, web_search, \
                 is_current, is_available, max_tokens, created_at, updated_at, review) \
                 VALUES ('{provider}', '{id}', '{id}', FALSE, FALSE, FALSE, 8192, \
                 '2026-11-21 00:00:00+00:00', '2026-11-21 00:00:00+00:00', 'new')"
            )).await;
        }
        database.execute("UPDATE llm_model_registry SET review = 'rejected' WHERE model_id = 'gemini-3.6-flash'").await;
        database.store.seed_registry().await.expect("seeded");
        let models = registry(database).await;
        let sonar = &models["perplexity/sonar"];
        assert!(sonar.is_offered() && sonar.is_current && sonar.web_search && sonar.price.is_some());
        for waiting in ["gemini-4-hydrogen", "gemini-3.6-flash"] {
            assert!(!models[waiting].is_offered() && models[waiting].price.is_some(), "{waiting}");
        }
    }

    async fn nobody_is_moved_to_a_model_that_an_admin_has_refused(database: &TestDatabase) {
        database.clock.set(at("2026-12-01T09:00:00Z"));
        old_model(database, ("perplexity", "sonar"), true, "seed", ("1", "1")).await;
        old_model(database, ("perplexity", "perplexity/sonar"), false, "user", ("1", "2")).await;
        let refuse = "UPDATE llm_model_registry SET review = 'rejected', is_available = FALSE \
            WHERE model_id = 'perplexity/sonar'";
        database.execute(refuse).await;
        let plan = ProjectPlan { models: vec![(Provider::Perplexity, "sonar", true)], ..ProjectPlan::default() };
        let project = make_project(database, &plan).await.project.0;
        database.store.seed_registry().await.expect("seeded");
        assert_eq!(models_of(database, project).await, ["sonar"]);
        // Once somebody lets it be used, the next start moves the project.
        database.execute("UPDATE llm_model_registry SET is_available = TRUE WHERE model_id = 'perplexity/sonar'").await;
        database.store.seed_registry().await.expect("seeded");
        assert_eq!(models_of(database, project).await, ["perplexity/sonar"]);
        assert_eq!(registry(database).await["perplexity/sonar"].price.clone().expect("a price").input, usd("1"));
    }
}

fn prices_of_a_first_start(models: &BTreeMap<String, ModelView>) {
    let argon = models["gemini-4-argon"].price.clone().expect("a price");
    assert_eq!((argon.input, argon.output), (usd("4"), usd("20")));
    let flash = &models["gemini-3.8-flash"];
    assert_eq!(flash.price.clone().expect("a price").input, usd("0.75"));
    assert_eq!(flash.coming_prices[0].output, usd("7.5"));
    let haiku = models["claude-haiku-5-5"].price.clone().expect("a price");
    let tier = haiku.tier.expect("a tier");
    assert_eq!((tier.above_tokens, tier.input), (100_000, usd("0.5")));
}
