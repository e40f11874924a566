//! Files of all three shapes, and files that are none.

use app::model::ids::{ModelId, PriceId};
use app::model::money::Money;
use app::model::prices::{Flag, ImportPreview, ImportRow, OfferedPrice, PriceFormat, Refusal};
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceOrigin, PriceView, Review};
use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Name, Offer, PriceFile, PriceFileError, compare, read};

pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day")
}

pub(super) fn file(json: &Value) -> PriceFile {
    read(&json.to_string(), today()).expect("a file of prices")
}

pub(super) fn usd(text: &str) -> Money {
    text.parse().expect("an amount")
}

pub(super) fn price(input: &str, output: &str, cached: &str, search: &str) -> OfferedPrice {
    let amount = |text: &str| (!text.is_empty()).then(|| usd(text));
    OfferedPrice {
        input: amount(input),
        output: amount(output),
        cached_input: amount(cached),
        search_fee: amount(search),
        tier: None,
    }
}

pub(super) fn model(
    id: i64,
    provider: Provider,
    slug: &str,
    price: Option<(&str, &str)>,
) -> ModelView {
    ModelView {
        id: ModelId(id),
        provider,
        model_id: slug.to_owned(),
        display_name: slug.to_uppercase(),
        web_search: false,
        is_current: false,
        is_available: true,
        max_tokens: 2_048,
        coming_prices: Vec::new(),
        has_ended: false,
        max_in_flight: 8,
        price: price.map(|(input, output)| PriceView {
            id: PriceId(100 + id),
            input: usd(input),
            output: usd(output),
            cached_input: None,
            search_fee: None,
            starts_at: DateTime::UNIX_EPOCH,
            origin: PriceOrigin::Seed,
            tier: None,
        }),
        usable: true,
        review: Review::Approved,
        first_seen_at: None,
        last_seen_at: None,
        retires_at: None,
    }
}

/// What an own file of these prices would change of GPT-5 at $1.25 and $10.
fn change_of_gpt(prices: &Value) -> ImportPreview {
    let mut entry = json!({"provider": "openai", "model_id": "gpt-5"});
    for (name, value) in prices.as_object().expect("an object") {
        entry[name] = value.clone();
    }
    let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10")))];
    compare(&file(&json!({"models": [entry]})), &registry)
}

pub(super) fn only(preview: &ImportPreview) -> &ImportRow {
    assert_eq!(preview.rows.len(), 1, "{preview:?}");
    &preview.rows[0]
}

#[test]
fn litellm_counts_by_the_token_and_names_the_provider_twice() {
    let file = file(&json!({
        "sample_spec": {"litellm_provider": "one of", "input_cost_per_token": 0.0},
        "gpt-5": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.25e-06,
            "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-07,
            "search_context_cost_per_query": {"search_context_size_low": 0.01}, "max_tokens": "many"},
        "gemini/gemini-2.5-flash": {"litellm_provider": "gemini", "input_cost_per_token": 3e-07},
        "perplexity/perplexity/sonar": {"litellm_provider": "perplexity", "mode": "responses"},
        "text-embedding-3-small": {"litellm_provider": "openai", "mode": "embedding"},
        "us.amazon.nova": {"litellm_provider": "bedrock", "mode": "chat"},
        "no object": 5,
    }));
    assert_eq!((file.format, file.foreign), (PriceFormat::Litellm, 3));
    let find = |key: &str| {
        file.offers
            .iter()
            .find(|offer| offer.key == key)
            .expect("an offer")
    };
    assert_eq!(find("gpt-5").price, price("1.25", "10", "0.125", "0.01"));
    assert_eq!(find("gpt-5").refusal, None);
    let flash = find("gemini/gemini-2.5-flash");
    assert_eq!(flash.names, [Name::Exact("gemini-2.5-flash".to_owned())]);
    assert_eq!(
        (flash.provider, flash.price),
        (Provider::Google, price("0.3", "", "", ""))
    );
    let resold = find("perplexity/perplexity/sonar");
    assert_eq!(resold.names, [Name::Exact("perplexity/sonar".to_owned())]);
}

#[test]
fn genai_prices_have_tiers_dates_and_rules() {
    let file = file(&json!([
        {"id": "anthropic", "models": [{
            "id": "claude-opus-4-6",
            "match": {"or": [{"starts_with": "claude-opus-4-6"}, {"equals": "claude-4-6-opus"}]},
            "prices": [
                {"prices": {"input_mtok": {"base": 5, "tiers": [{"start": 200_000, "price": 10}]},
                    "output_mtok": 25, "cache_read_mtok": 0.5, "web_searches_kcount": 10}},
                {"constraint": {"start_date": "2026-03-13"}, "prices": {"input_mtok": 4, "output_mtok": 20}},
                {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 1, "output_mtok": 2}},
                {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 9}},
            ],
        }]},
        {"id": "x-ai", "models": [{"id": "grok-4", "prices": {"input_mtok": {"base": 3}, "output_mtok": 15,
            "web_searches_kcount": 5}}]},
        {"id": "moonshotai", "models": [{"id": "kimi", "prices": {"input_mtok": 1}}]},
    ]));
    assert_eq!((file.format, file.foreign), (PriceFormat::GenaiPrices, 1));
    assert_eq!(file.offers[0].price, price("4", "20", "", ""));
    assert_eq!(file.offers[1].price, price("3", "15", "", "0.005"));
    let registry = [
        model(
            1,
            Provider::Anthropic,
            "claude-opus-4-6-20260205",
            Some(("5", "25")),
        ),
        model(2, Provider::Anthropic, "claude-4-6-opus", Some(("5", "25"))),
        // Another model whose name goes on is no older version of this one.
        model(
            3,
            Provider::Anthropic,
            "claude-opus-4-6-5",
            Some(("7", "35")),
        ),
        model(
            4,
            Provider::Anthropic,
            "claude-opus-4-6-fast",
            Some(("7", "35")),
        ),
        model(5, Provider::Xai, "grok-4", Some(("3", "15"))),
    ];
    let preview = compare(&file, &registry);
    let changed: Vec<i64> = preview.rows.iter().map(|row| row.model_id.0).collect();
    assert_eq!(changed, [2, 1, 5]);
    assert_eq!((preview.unchanged, preview.unknown), (0, 1));
    assert_eq!(preview.rows[2].new, price("3", "15", "", "0.005"));
}

#[test]
fn the_seed_is_a_file_of_our_own_shape() {
    let seed = include_str!("../../seed/models.json");
    let file = read(seed, today()).expect("the seed");
    assert_eq!((file.format, file.foreign), (PriceFormat::Parallax, 0));
    assert!(file.offers.iter().all(|offer| offer.refusal.is_none()));
    assert!(file.offers.len() > 20);
}

#[test]
fn what_a_file_leaves_out_stays_and_the_same_price_is_no_change() {
    let preview = change_of_gpt(&json!({"output": "12"}));
    let row = only(&preview);
    assert_eq!(row.old, price("1.25", "10", "", ""));
    assert_eq!(row.new, price("1.25", "12", "", ""));
    assert_eq!(row.price_id, Some(PriceId(101)));
    assert!(row.is_plain());
    let same = change_of_gpt(&json!({"input": 1.25, "output": 10.0}));
    assert_eq!((same.rows.len(), same.unchanged), (0, 1));
}

#[test]
fn prices_that_nobody_asks_are_refused() {
    for (prices, refusal) in [
        (json!({"input": -1}), Refusal::Negative),
        (json!({"input": "-0.5"}), Refusal::Negative),
        (json!({"output": 10_001}), Refusal::TooHigh),
        (json!({"output": 1e300}), Refusal::TooHigh),
        (json!({"search_fee": 11}), Refusal::TooHigh),
        (json!({"cached_input": "cheap"}), Refusal::Unreadable),
        (json!({"input": [1]}), Refusal::Unreadable),
    ] {
        let preview = change_of_gpt(&prices);
        assert_eq!(only(&preview).refusal, Some(refusal), "{prices}");
        assert!(!only(&preview).is_plain());
    }
}

#[test]
fn prices_that_may_be_a_slip_are_flagged() {
    for (prices, flags) in [
        (json!({"input": 0}), vec![Flag::BecomesZero]),
        (json!({"search_fee": 0}), vec![Flag::BecomesZero]),
        (json!({"output": 101}), vec![Flag::Tenfold]),
        (json!({"output": 100}), vec![]),
        (json!({"input": 0.12}), vec![Flag::Tenfold]),
        (json!({"input": 11}), vec![Flag::InputAboveOutput]),
        (json!({"input": 15, "output": 120}), vec![Flag::Tenfold]),
    ] {
        let preview = change_of_gpt(&prices);
        assert_eq!(only(&preview).flags, flags, "{prices}");
        assert_eq!(only(&preview).refusal, None, "{prices}");
    }
}

#[test]
fn what_an_admin_typed_is_flagged_and_what_they_rejected_is_unknown() {
    let offers =
        file(&json!({"models": [{"provider": "openai", "model_id": "gpt-5", "output": 12}]}));
    let mut typed = model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10")));
    typed.price.as_mut().expect("a price").origin = PriceOrigin::User;
    assert_eq!(
        only(&compare(&offers, &[typed.clone()])).flags,
        [Flag::HandEdited]
    );
    typed.review = Review::Rejected;
    let preview = compare(&offers, &[typed]);
    assert_eq!((preview.rows.len(), preview.unknown), (0, 1));
}

#[test]
fn a_first_price_has_both_amounts_and_is_not_nothing() {
    let unpriced = [model(1, Provider::OpenAi, "gpt-7", None)];
    let entry = |price: Value| {
        let mut entry = json!({"provider": "openai", "model_id": "gpt-7"});
        entry["input"] = json!("1");
        entry["output"] = price;
        file(&json!({"models": [entry]}))
    };
    let half = compare(&entry(Value::Null), &unpriced);
    assert_eq!(only(&half).refusal, Some(Refusal::Incomplete));
    let free = compare(&entry(json!(0)), &unpriced);
    assert!(only(&free).flags.contains(&Flag::BecomesZero));
    let whole = compare(&entry(json!(4)), &unpriced);
    assert!(only(&whole).is_plain());
    assert_eq!(only(&whole).price_id, None);
}

#[test]
fn several_prices_for_one_model_are_refused_and_named() {
    let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1", "2")))];
    let twice = r#"{"gpt-5": {"litellm_provider": "openai", "output_cost_per_token": 3e-6},
        "gpt-5": {"litellm_provider": "openai", "output_cost_per_token": 3e-6}}"#;
    let preview = compare(&read(twice, today()).expect("a file"), &registry);
    assert_eq!(only(&preview).refusal, Some(Refusal::Duplicate));
    assert_eq!(only(&preview).keys, ["gpt-5", "gpt-5"]);
    let of = |second: f64| {
        file(&json!({
            "gpt-5": {"litellm_provider": "openai", "output_cost_per_token": 3e-6},
            "openai/gpt-5": {"litellm_provider": "openai", "output_cost_per_token": second},
        }))
    };
    let preview = compare(&of(4e-6), &registry);
    assert_eq!(only(&preview).refusal, Some(Refusal::Duplicate));
    assert_eq!(only(&preview).keys, ["gpt-5", "openai/gpt-5"]);
    // Two names of one model at one price do not contradict each other.
    assert!(only(&compare(&of(3e-6), &registry)).is_plain());
}

#[test]
fn what_is_no_file_of_prices_says_so() {
    for (text, error) in [
        ("", PriceFileError::NotJson { line: 1, column: 0 }),
        (
            "{\n  \"a\": }",
            PriceFileError::NotJson { line: 2, column: 8 },
        ),
        ("<html>", PriceFileError::NotJson { line: 1, column: 1 }),
        ("5", PriceFileError::UnknownShape),
        ("{}", PriceFileError::UnknownShape),
        (r#"{"a": {"b": 1}}"#, PriceFileError::UnknownShape),
        ("[1, 2]", PriceFileError::UnknownShape),
        ("[]", PriceFileError::Empty),
        (r#"{"models": []}"#, PriceFileError::Empty),
        (
            r#"{"vendor": "openai", "models": []}"#,
            PriceFileError::Empty,
        ),
        (
            r#"{"updated_at": "2026-11-01", "prices": []}"#,
            PriceFileError::Empty,
        ),
        (r#"{"openai": {"models": {}}}"#, PriceFileError::Empty),
        // Lists that have no prices: of models at a provider, of something else.
        (
            r#"{"object": "list", "data": [{"id": "gpt-5", "object": "model"}]}"#,
            PriceFileError::UnknownShape,
        ),
        (r#"{"data": []}"#, PriceFileError::UnknownShape),
        (
            r#"{"prices": [{"input": 1}]}"#,
            PriceFileError::UnknownShape,
        ),
    ] {
        assert_eq!(read(text, today()), Err(error), "{text}");
    }
    assert!(read("\u{feff}{\"models\": [{}]}", today()).is_ok());
}

#[test]
fn ten_megabytes_are_read_in_a_moment() {
    let models: Vec<Value> = (0..60_000)
        .map(|number| {
            json!({"provider": "openai", "model_id": format!("gpt-{number}"), "input": "1.25",
                "output": "10", "comment": "x".repeat(80)})
        })
        .collect();
    let text = json!({"models": models}).to_string();
    assert!(text.len() > 10_000_000);
    let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1", "2")))];
    let preview = compare(&read(&text, today()).expect("a file"), &registry);
    assert_eq!((preview.rows.len(), preview.unknown), (1, 59_999));
}

fn any_amount() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[-+0-9.eE ]{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({"base": 1})),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&String::from_utf8_lossy(&bytes), today());
    }

    #[test]
    fn any_json_is_read_or_refused(text in r#"[\[\]{}":,a-z0-9.\\-]{0,200}"#) {
        let _ = read(&text, today());
    }

    #[test]
    fn nothing_absurd_is_ever_accepted(
        input in any_amount(), output in any_amount(), cached in any_amount(), search in any_amount(),
    ) {
        let entry = json!({
            "input_cost_per_token": input, "output_cost_per_token": output,
            "cache_read_input_token_cost": cached, "litellm_provider": "openai",
            "search_context_cost_per_query": {"search_context_size_low": search},
        });
        let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10")))];
        let preview = compare(&file(&json!({"gpt-5": entry})), &registry);
        for row in preview.rows.iter().filter(|row| row.refusal.is_none()) {
            for amount in row.new.amounts().into_iter().flatten() {
                prop_assert!((Money::ZERO..=Money::from_usd(10_000)).contains(&amount));
            }
            prop_assert!(row.new != row.old);
        }
    }

    #[test]
    fn every_entry_is_counted_once(names in proptest::collection::vec(0_i64..12, 0..30)) {
        let offers: Vec<Offer> = names
            .iter()
            .map(|name| Offer {
                key: name.to_string(),
                provider: Provider::OpenAi,
                names: vec![Name::Exact(format!("gpt-{name}"))],
                resold: Vec::new(),
                price: price("1.25", "10", "", ""),
                refusal: None,
            })
            .collect();
        let file = PriceFile { format: PriceFormat::Parallax, offers, foreign: 0 };
        let registry: Vec<ModelView> = (0..6)
            .map(|id| model(id, Provider::OpenAi, &format!("gpt-{id}"), Some(("1.25", "10"))))
            .collect();
        let preview = compare(&file, &registry);
        let known = names.iter().filter(|name| **name < 6).count();
        prop_assert_eq!(preview.unknown, i64::try_from(names.len() - known).expect("few"));
        let models = preview.rows.len() + usize::try_from(preview.unchanged).expect("few");
        let different: std::collections::BTreeSet<_> = names.iter().filter(|name| **name < 6).collect();
        prop_assert_eq!(models, different.len());
    }
}
