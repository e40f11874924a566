//! Files of models.dev, llm-prices and OpenRouter.

use app::model::prices::{Flag, OfferedPrice, PriceFormat, Refusal};
use app::model::provider::Provider;
use app::model::registry::{ModelView, PriceTier};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{file, model, only, price, today, usd};
use super::{compare, read};

#[test]
fn models_dev_lists_models_by_provider() {
    let whole = json!({
        "openai": {"id": "openai", "env": ["OPENAI_API_KEY"], "name": "OpenAI", "models": {
            "gpt-5": {"id": "gpt-5", "name": "GPT-5", "temperature": false,
                "cost": {"input": 1.5, "output": 12, "cache_read": 0.15, "cache_write": 1.5,
                    "context_over_200k": {"input": 3, "output": 18}},
                "limit": {"context": 400_000, "output": 128_000}},
            "gpt-oss": {"id": "gpt-oss", "limit": {"context": 1, "output": 1}},
        }},
        "xai": {"id": "xai", "models": {"grok-4.7": {"cost": {"input": 2, "output": 6}}}},
        "openrouter": {"id": "openrouter", "models": {
            "openai/gpt-5": {"cost": {"input": 9, "output": 99}}}},
        "github-copilot": {"id": "github-copilot", "models": {"gpt-5": {"cost": {"input": 0}}}},
    });
    let registry = [
        model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10"))),
        model(2, Provider::Xai, "grok-4.7", Some(("2", "6"))),
        model(3, Provider::OpenAi, "gpt-oss", Some(("1", "2"))),
    ];
    for shape in [whole.clone(), json!({ "providers": whole })] {
        let file = file(&shape);
        assert_eq!((file.format, file.foreign), (PriceFormat::ModelsDev, 1));
        let preview = compare(&file, &registry);
        let row = only(&preview);
        assert_eq!(row.keys, ["openai/gpt-5"]);
        let expected = OfferedPrice {
            tier: Some(tier(200_000, "3", "18")),
            ..price("1.5", "12", "0.15", "")
        };
        assert_eq!(row.new, expected);
        assert!(row.is_plain(), "{row:?}");
        // Of the one without a cost nothing is said; the reseller's are for its own models.
        assert_eq!((preview.unchanged, preview.unknown), (1, 3));
    }
}

fn tier(above_tokens: i64, input: &str, output: &str) -> PriceTier {
    PriceTier {
        above_tokens,
        input: usd(input),
        output: usd(output),
        cached_input: None,
    }
}

/// A model at $2 and $10 whose long asks, above 272,000 tokens, cost $4 and $15.
fn model_with_tier() -> ModelView {
    let mut model = model(1, Provider::OpenAi, "gpt-5", Some(("2", "10")));
    if let Some(price) = &mut model.price {
        price.tier = Some(tier(272_000, "4", "15"));
    }
    model
}

#[test]
fn what_long_asks_cost_never_stays_behind_unseen() {
    let registry = [model_with_tier()];
    for (cost, expected, is_flagged) in [
        // The file has none, and the model has one.
        (
            json!({"input": 5, "output": 20}),
            tier(272_000, "4", "15"),
            true,
        ),
        (
            json!({"input": 2.5, "output": 10}),
            tier(272_000, "4", "15"),
            true,
        ),
        // It begins elsewhere.
        (
            json!({"input": 5, "output": 20, "context_over_200k": {"input": 10, "output": 30}}),
            tier(200_000, "10", "30"),
            true,
        ),
        (
            json!({"input": 5, "output": 20, "context_over_272k": {"input": 10, "output": 30}}),
            tier(272_000, "10", "30"),
            false,
        ),
        // Only long asks change.
        (
            json!({"input": 2, "output": 10, "context_over_272k": {"input": 5}}),
            tier(272_000, "5", "10"),
            false,
        ),
        // Below the others.
        (
            json!({"input": 5, "output": 20, "context_over_272k": {"input": 4, "output": 30}}),
            tier(272_000, "4", "30"),
            true,
        ),
    ] {
        let shape = json!({"openai": {"models": {"gpt-5": {"cost": cost}}}});
        let preview = compare(&file(&shape), &registry);
        let row = only(&preview);
        assert_eq!(row.new.tier, Some(expected), "{shape}");
        assert_eq!(row.flags.contains(&Flag::LongAsks), is_flagged, "{shape}");
    }
    let same = json!({"openai": {"models": {"gpt-5": {"cost": {"input": 2, "output": 10}}}}});
    let preview = compare(&file(&same), &registry);
    assert_eq!((preview.rows.len(), preview.unchanged), (0, 1));
    let negative = json!({"openai": {"models": {"gpt-5": {"cost": {
        "input": 2, "output": 10, "context_over_272k": {"input": -1, "output": 30}}}}}});
    let preview = compare(&file(&negative), &registry);
    assert_eq!(only(&preview).refusal, Some(Refusal::Negative));
}

#[test]
fn genai_prices_tell_what_long_asks_cost() {
    let shape = json!([{"id": "openai", "models": [{"id": "gpt-5", "prices": {
        "input_mtok": {"base": 3, "tiers": [{"start": 272_000, "price": 6}]},
        "output_mtok": {"base": 12, "tiers": [{"start": 272_000, "price": 18}]}}}]}]);
    let preview = compare(&file(&shape), &[model_with_tier()]);
    let row = only(&preview);
    assert_eq!(row.new.tier, Some(tier(272_000, "6", "18")));
    assert!(row.is_plain(), "{row:?}");
}

#[test]
fn llm_prices_hold_from_a_day_to_a_day() {
    let row = |id: &str, input: &str, days: (&str, &str)| {
        let day = |day: &str| (!day.is_empty()).then(|| day.to_owned());
        json!({"id": id, "vendor": "openai", "name": id, "input": input, "output": "10",
            "input_cached": null, "from_date": day(days.0), "to_date": day(days.1)})
    };
    let today = today().to_string();
    for (rows, input) in [
        (vec![("2", ("", ""))], Some("2")),
        // The last day is the first of the next price.
        (vec![("2", (&*today, "")), ("3", ("", &today))], Some("2")),
        (vec![("3", ("", &today)), ("2", (&today, ""))], Some("2")),
        (
            vec![("2", ("", "2027-01-01")), ("3", ("2027-01-01", ""))],
            Some("2"),
        ),
        // A price that nobody ended when the next one began.
        (
            vec![("9", ("2020-01-01", "")), ("2", ("2026-01-01", ""))],
            Some("2"),
        ),
        (vec![("3", ("", "2026-01-01"))], None),
        (vec![("3", ("2027-01-01", ""))], None),
    ] {
        let prices: Vec<Value> = rows
            .iter()
            .map(|(input, days)| row("gpt-5", input, *days))
            .collect();
        let all = json!({"updated_at": today, "prices": prices});
        let of_vendor = json!({"vendor": "openai", "models": [
            {"id": "gpt-5", "name": "GPT-5", "price_history": prices}]});
        for shape in [all, of_vendor] {
            let file = file(&shape);
            assert_eq!(file.format, PriceFormat::LlmPrices);
            let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10")))];
            let preview = compare(&file, &registry);
            match input {
                Some(input) => assert_eq!(only(&preview).new, price(input, "10", "", "")),
                None => assert_eq!((preview.rows.len(), preview.unknown), (0, 1), "{shape}"),
            }
        }
    }
    let contradiction =
        json!({"prices": [row("gpt-5", "2", ("", "")), row("gpt-5", "3", ("", ""))]});
    let registry = [model(1, Provider::OpenAi, "gpt-5", Some(("1.25", "10")))];
    let preview = compare(&file(&contradiction), &registry);
    assert_eq!(only(&preview).refusal, Some(Refusal::Duplicate));
}

#[test]
fn llm_prices_spell_anthropics_versions_with_dots() {
    let file = file(&json!({"prices": [
        {"id": "claude-3.7-sonnet", "vendor": "anthropic", "input": 3.5, "output": 15, "input_cached": 0.3},
        {"id": "claude-sonnet-5.5", "vendor": "anthropic", "input": 2, "output": 11, "input_cached": null},
        {"id": "gpt-5", "vendor": "openai", "input": 1.25, "output": 10},
        {"id": "nova", "vendor": "amazon", "input": 0.035, "output": 0.14},
    ]}));
    assert_eq!(file.foreign, 1);
    let registry = [
        model(
            1,
            Provider::Anthropic,
            "claude-3-7-sonnet-20250219",
            Some(("3", "15")),
        ),
        model(
            2,
            Provider::Anthropic,
            "claude-sonnet-5-5",
            Some(("2", "10")),
        ),
        // A dated model of a vendor whose dates have prices of their own.
        model(3, Provider::OpenAi, "gpt-5-2025-08-07", Some(("7", "8"))),
    ];
    let preview = compare(&file, &registry);
    let changed: Vec<i64> = preview.rows.iter().map(|row| row.model_id.0).collect();
    assert_eq!(changed, [1, 2]);
    assert_eq!(preview.rows[1].new, price("2", "11", "", ""));
    assert_eq!(preview.unknown, 2);
}

fn of_openrouter(id: &str, pricing: &Value) -> Value {
    json!({"data": [{"id": id, "name": id, "context_length": 400_000, "pricing": pricing}]})
}

#[test]
fn openrouter_counts_by_the_token_and_sells_for_itself() {
    let pricing = json!({"prompt": "0.00000125", "completion": "0.0000110", "request": "0",
        "image": "0", "web_search": "0.02", "internal_reasoning": "0",
        "input_cache_read": "0.000000125"});
    let file = file(&of_openrouter("openai/gpt-5", &pricing));
    assert_eq!((file.format, file.foreign), (PriceFormat::OpenRouter, 0));
    let registry = [
        model(
            1,
            Provider::OpenRouter,
            "openai/gpt-5",
            Some(("1.25", "10")),
        ),
        model(2, Provider::OpenAi, "gpt-5", Some(("1.25", "10"))),
        model(3, Provider::Azure, "gpt-5", Some(("1.25", "10"))),
        // Groq names models as their makers do, and has prices of its own.
        model(4, Provider::Groq, "openai/gpt-5", Some(("1", "2"))),
    ];
    let preview = compare(&file, &registry);
    let changed: Vec<i64> = preview.rows.iter().map(|row| row.model_id.0).collect();
    assert_eq!(changed, [2, 1]);
    let (vendors, own) = (&preview.rows[0], &preview.rows[1]);
    assert_eq!(own.new, price("1.25", "11", "0.125", "0.02"));
    assert!(own.is_plain());
    // For the vendor's own model it is a hint, and its search is another one.
    assert_eq!(vendors.new, price("1.25", "11", "0.125", ""));
    assert_eq!(vendors.flags, [Flag::Resold]);
    assert_eq!(preview.unknown, 0);
}

#[test]
fn openrouters_names_are_the_vendors_in_another_spelling() {
    for (id, provider, slug) in [
        (
            "anthropic/claude-sonnet-5.5",
            Provider::Anthropic,
            "claude-sonnet-5-5",
        ),
        (
            "google/gemini-3.8-flash",
            Provider::Google,
            "gemini-3.8-flash",
        ),
        ("x-ai/grok-4.7", Provider::Xai, "grok-4.7"),
        ("perplexity/sonar", Provider::Perplexity, "sonar"),
        ("perplexity/sonar", Provider::Perplexity, "perplexity/sonar"),
    ] {
        let file = file(&of_openrouter(
            id,
            &json!({"prompt": "0.000003", "completion": "0.000004"}),
        ));
        let preview = compare(&file, &[model(1, provider, slug, Some(("1", "2")))]);
        assert_eq!(only(&preview).new, price("3", "4", "", ""), "{id}");
    }
    // Variants, and models that anybody may host.
    for (id, provider, slug) in [
        ("openai/gpt-5:free", Provider::OpenAi, "gpt-5"),
        ("openai/gpt-5:free", Provider::OpenAi, "gpt-5:free"),
        ("deepseek/deepseek-v4", Provider::DeepSeek, "deepseek-v4"),
        (
            "mistralai/mistral-large",
            Provider::Mistral,
            "mistral-large",
        ),
    ] {
        let file = file(&of_openrouter(
            id,
            &json!({"prompt": "0.000003", "completion": "0.000004"}),
        ));
        let preview = compare(&file, &[model(1, provider, slug, Some(("1", "2")))]);
        assert_eq!((preview.rows.len(), preview.unknown), (0, 1), "{id}");
    }
}

#[test]
fn what_openrouter_does_not_sell_is_no_price() {
    let auto = of_openrouter(
        "openrouter/auto",
        &json!({"prompt": "-1", "completion": "-1"}),
    );
    let registry = [model(1, Provider::OpenRouter, "openrouter/auto", None)];
    let preview = compare(&file(&auto), &registry);
    assert_eq!(only(&preview).refusal, Some(Refusal::Negative));
    let by_request = json!({"prompt": "0.000001", "completion": "0.000002", "request": "0.005",
        "web_search": "0", "input_cache_read": "0"});
    let registry = [model(
        1,
        Provider::OpenRouter,
        "perplexity/sonar",
        Some(("1", "2")),
    )];
    let preview = compare(
        &file(&of_openrouter("perplexity/sonar", &by_request)),
        &registry,
    );
    assert_eq!(only(&preview).new, price("1", "2", "", "0.005"));
}

/// The same price in all shapes, with digits that a float would lose.
#[test]
fn every_shape_gives_the_same_price_to_the_last_digit() {
    let million = "123.456789012";
    let token = "0.000123456789012";
    let texts = [
        format!(
            r#"{{"openai": {{"models": {{"m": {{"cost": {{"input": {million}, "output": {million}}}}}}}}}}}"#
        ),
        format!(
            r#"{{"prices": [{{"id": "m", "vendor": "openai", "input": {million}, "output": {million}}}]}}"#
        ),
        format!(
            r#"{{"models": [{{"provider": "openai", "model_id": "m", "input": {million}, "output": {million}}}]}}"#
        ),
        format!(
            r#"{{"m": {{"litellm_provider": "openai", "input_cost_per_token": {token}, "output_cost_per_token": {token}}}}}"#
        ),
        format!(
            r#"{{"data": [{{"id": "openai/m", "pricing": {{"prompt": "{token}", "completion": "{token}"}}}}]}}"#
        ),
        format!(
            r#"[{{"id": "openai", "models": [{{"id": "m", "prices": {{"input_mtok": {million}, "output_mtok": {million}}}}}]}}]"#
        ),
    ];
    for text in texts {
        let file = read(&text, today()).expect("a file of prices");
        let preview = compare(&file, &[model(1, Provider::OpenAi, "m", None)]);
        assert_eq!(
            only(&preview).new,
            price(million, million, "", ""),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn any_lists_are_read_or_refused(
        outer in prop::sample::select(vec!["models", "prices", "data", "providers", "openai"]),
        inner in prop::sample::select(vec![
            json!(null), json!(5), json!([]), json!({}), json!([{}]), json!([1]),
            json!({"models": {"m": 5}}), json!({"models": {"m": {"cost": 5}}}), json!({"models": []}),
            json!([{"id": "m", "vendor": "openai"}]), json!([{"id": "/", "pricing": {}}]),
            json!([{"id": "openai/", "pricing": {"prompt": {}}}]),
            json!({"a": {"models": {"": {"cost": {"input": []}}}}}),
        ]),
    ) {
        if let Ok(file) = read(&json!({ outer: inner }).to_string(), today()) {
            prop_assert!(file.offers.len() + file.foreign > 0);
            let preview = compare(&file, &[model(1, Provider::OpenAi, "m", None)]);
            for row in preview.rows {
                prop_assert!(row.refusal.is_some() || row.new.output.is_some());
            }
        }
    }
}
