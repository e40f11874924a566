//! What is read of addresses, and what is said of those that are wrong.

use app::model::answer::Sentiment;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use serde_json::json;
use utoipa::IntoParams;

use super::*;

const TODAY: NaiveDate = day(2026, 4, 1);

const WRONG_TYPE: &str = "This has the wrong type. Check whether it should be a text, a number, a \
    list, or true or false.";

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

parameters! {
    /// Some of everything.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Wanted {
        /// Rows a page
        limit: Option<u32> = 1..=200,
        /// Rows to leave out
        #[param(value_type = Option<u32>)]
        offset: Option<Offset>,
        /// The page before
        #[param(value_type = Option<String>)]
        cursor: Option<u32>,
        /// Of which model
        model_id: Option<ModelId>,
        /// Of whose models
        provider: Option<Provider>,
        /// How it speaks
        sentiment: Option<Sentiment>,
        /// Made up
        simulated: Option<bool>,
        /// On which day
        month: Option<NaiveDate>,
        /// Which tag
        tag: Option<String>,
    }
}

parameters! {
    /// What must be there.
    #[derive(Debug, PartialEq, Eq)]
    struct Needed {
        /// Whose
        provider: Provider,
        /// Of which model
        model_id: ModelId,
    }
}

fn in_language<T: Parameters>(language: Language, query: &str) -> Result<T, ApiError> {
    let uri: Uri = format!("/somewhere?{query}").parse().expect("an address");
    let read = Reader::of(&uri, language, TODAY).all();
    read.map_err(|Problem(error)| error)
}

/// What is read of an address; else the fields that are wrong, and what is said of each.
fn read<T: Parameters>(query: &str) -> Result<T, Vec<(String, String)>> {
    in_language(Language::English, query).map_err(|error| {
        assert_eq!(error.code.status(), 422, "{query}");
        let fields = error.fields.into_iter();
        fields.map(|wrong| (wrong.field, wrong.message)).collect()
    })
}

/// The fields that are wrong.
fn wrong<T: Parameters + std::fmt::Debug>(query: &str) -> Vec<String> {
    let fields = read::<T>(query).expect_err(query);
    fields.into_iter().map(|(field, _)| field).collect()
}

fn owned_fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(field, message): &(&str, &str)| ((*field).to_owned(), (*message).to_owned());
    fields.iter().map(owned).collect()
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_of_the_document() {
    let query = "month=2026-02-30&simulated=perhaps&sentiment=angry&provider=bard&model_id=1.5\
        &cursor=x&offset=-1&limit=201";
    assert_eq!(
        read::<Wanted>(query),
        Err(owned_fields(&[
            ("limit", "Enter a whole number from 1 to 200."),
            ("offset", "Enter a whole number from 0 to 4294967295."),
            ("cursor", WRONG_TYPE),
            ("model_id", WRONG_TYPE),
            ("provider", "“bard” is not a provider that Parallax knows."),
            ("sentiment", WRONG_TYPE),
            ("simulated", WRONG_TYPE),
            ("month", "Enter a day such as 2026-03-31."),
        ]))
    );
}

#[test]
fn each_of_several_structs_tells_what_is_wrong() {
    assert_eq!(
        wrong::<(Needed, Days, Wanted)>("limit=0&end_date=x&model_id="),
        ["provider", "model_id", "end_date", "limit"]
    );
    let (days, rest) = read::<(Days, Wanted)>("end_date=2026-03-01&limit=1").expect("right");
    assert_eq!(days.end_date, Some(day(2026, 3, 1)));
    assert_eq!(rest.limit, Some(1));
}

#[test]
fn what_is_wrong_is_told_in_the_callers_language() {
    let error = in_language::<Wanted>(Language::Spanish, "limit=0").expect_err("refused");
    assert_eq!(
        error.fields[0].message,
        "Escribe un número entero de 1 a 200."
    );
}

#[test]
fn what_must_be_there_is_asked_for_where_it_is_missing_or_empty() {
    let missing = owned_fields(&[("provider", "Fill this in."), ("model_id", "Fill this in.")]);
    for query in [
        "",
        "provider=&model_id=",
        "provider=+&model_id=%20%09",
        "provider",
    ] {
        assert_eq!(read::<Needed>(query), Err(missing.clone()), "{query}");
    }
    assert_eq!(
        read::<Needed>("model_id=x&provider=bard"),
        Err(owned_fields(&[
            ("provider", "“bard” is not a provider that Parallax knows."),
            ("model_id", WRONG_TYPE),
        ]))
    );
    assert_eq!(
        read::<Needed>("provider=openai&model_id=7"),
        Ok(Needed {
            provider: Provider::OpenAi,
            model_id: ModelId(7),
        })
    );
}

#[test]
fn what_is_empty_or_unknown_is_as_if_it_were_not_there() {
    for query in [
        "",
        "limit=",
        "limit=+&tag=%20",
        "unknown=1&LIMIT=x",
        "&&=&=x&limit",
    ] {
        assert_eq!(read::<Wanted>(query), Ok(Wanted::default()), "{query}");
    }
}

#[test]
fn of_a_name_that_stands_there_twice_the_last_counts() {
    let read_limit = |query| read::<Wanted>(query).expect(query).limit;
    assert_eq!(read_limit("limit=x&limit=5"), Some(5));
    assert_eq!(read_limit("limit=5&limit="), None);
    assert_eq!(wrong::<Wanted>("limit=5&limit=x"), ["limit"]);
    assert_eq!(wrong::<Wanted>("limit=y&limit=x"), ["limit"], "told once");
}

#[test]
fn names_and_values_are_decoded_and_lose_space_around_them() {
    for (query, tag) in [
        ("tag=caf%C3%A9+con%20leche", "café con leche"),
        ("t%61g=%26%3D%2B", "&=+"),
        ("tag=%09%20a%00b+", "a\0b"),
        ("tag=%ff", "\u{fffd}"),
        ("tag=100%", "100%"),
    ] {
        let wanted: Wanted = read(query).expect(query);
        assert_eq!(wanted.tag.as_deref(), Some(tag), "{query}");
    }
    let wanted: Wanted = read("limit=+%31%30+").expect("a number");
    assert_eq!(wanted.limit, Some(10));
    assert_eq!(wrong::<Wanted>("provider=%ff"), ["provider"]);
}

#[test]
fn limits_are_within() {
    for limit in [1, 200] {
        let wanted: Wanted = read(&format!("limit={limit}")).expect("within");
        assert_eq!(wanted.limit, Some(limit));
    }
    for limit in ["0", "201", "-1", "1.5", "1e2", "4294967297", "many"] {
        assert_eq!(wrong::<Wanted>(&format!("limit={limit}")), ["limit"]);
    }
    let wanted: Wanted = read("offset=4294967295").expect("within");
    assert_eq!(wanted.offset, Some(Offset(u32::MAX)));
    assert_eq!(wrong::<Wanted>("offset=4294967296"), ["offset"]);
}

#[test]
fn yes_and_no_have_three_words_each() {
    for (words, is_simulated) in [(["true", "1", "Yes"], true), (["FALSE", "0", "no"], false)] {
        for word in words {
            let wanted: Wanted = read(&format!("simulated={word}")).expect(word);
            assert_eq!(wanted.simulated, Some(is_simulated), "{word}");
        }
    }
    assert_eq!(wrong::<Wanted>("simulated=2"), ["simulated"]);
}

#[test]
fn words_are_those_of_the_document() {
    for (word, sentiment) in [
        ("positive", Sentiment::Positive),
        ("neutral", Sentiment::Neutral),
        ("negative", Sentiment::Negative),
    ] {
        let wanted: Wanted = read(&format!("sentiment={word}")).expect(word);
        assert_eq!(wanted.sentiment, Some(sentiment));
    }
    for word in ["Positive", "0", "positive,neutral"] {
        assert_eq!(wrong::<Wanted>(&format!("sentiment={word}")), ["sentiment"]);
    }
}

#[test]
fn of_a_long_name_of_a_provider_the_beginning_is_repeated() {
    let query = format!("provider={}", "a".repeat(41));
    let fields = read::<Wanted>(&query).expect_err("refused");
    let repeated = "a".repeat(40);
    assert_eq!(
        fields[0].1,
        format!("“{repeated}” is not a provider that Parallax knows.")
    );
}

#[test]
fn days_are_those_that_both_databases_have() {
    for (text, month) in [
        ("1970-01-01", day(1970, 1, 1)),
        ("9999-12-31", day(9999, 12, 31)),
        ("2024-02-29", day(2024, 2, 29)),
    ] {
        let wanted: Wanted = read(&format!("month={text}")).expect(text);
        assert_eq!(wanted.month, Some(month));
    }
    for text in [
        "1969-12-31",
        "%2B10000-01-01",
        "2026-02-29",
        "-262143-01-01",
        "today",
    ] {
        assert_eq!(
            wrong::<Wanted>(&format!("month={text}")),
            ["month"],
            "{text}"
        );
    }
}

#[test]
fn days_may_be_missing_but_not_change_places() {
    let days = |query| read::<Days>(query).map(|days| (days.start_date, days.end_date));
    let (first, last) = (Some(day(2026, 2, 1)), Some(day(2026, 2, 2)));
    assert_eq!(days(""), Ok((None, None)));
    assert_eq!(days("start_date=2026-02-01"), Ok((first, None)));
    assert_eq!(days("end_date=2026-02-02"), Ok((None, last)));
    assert_eq!(
        days("start_date=2026-02-01&end_date=2026-02-02"),
        Ok((first, last))
    );
    assert_eq!(
        days("start_date=2026-02-01&end_date=2026-02-01"),
        Ok((first, first))
    );
    assert_eq!(
        days("start_date=2026-02-02&end_date=2026-02-01"),
        Err(owned_fields(&[(
            "end_date",
            "The last day comes before the first. Choose a later one."
        )]))
    );
}

#[test]
fn a_period_is_thirty_days_that_end_today_unless_it_is_told() {
    for (query, from, to) in [
        ("", day(2026, 3, 3), TODAY),
        ("start_date=2026-03-31", day(2026, 3, 31), TODAY),
        ("start_date=2026-05-01", day(2026, 5, 1), day(2026, 5, 1)),
        ("end_date=2026-01-30", day(2026, 1, 1), day(2026, 1, 30)),
        ("end_date=1970-01-01", day(1969, 12, 3), day(1970, 1, 1)),
    ] {
        assert_eq!(read::<Period>(query), Ok(Period { from, to }), "{query}");
    }
}

#[test]
fn a_period_has_its_order_and_at_most_1830_days() {
    assert_eq!(
        read::<Period>("start_date=2026-02-02&end_date=2026-02-01"),
        Err(owned_fields(&[(
            "end_date",
            "The last day comes before the first. Choose a later one."
        )]))
    );
    let too_long = owned_fields(&[("start_date", "Choose at most 1830 days.")]);
    for query in [
        "start_date=2021-01-01&end_date=2026-01-05",
        "start_date=2021-03-28",
    ] {
        assert_eq!(read::<Period>(query), Err(too_long.clone()), "{query}");
    }
    for query in [
        "start_date=2021-01-01&end_date=2026-01-04",
        "start_date=2021-03-29",
    ] {
        let period: Period = read(query).expect(query);
        assert_eq!((period.to - period.from).num_days(), 1_829, "{query}");
    }
}

#[test]
fn a_page_is_cut_out_of_a_list() {
    let cut = |query| {
        let page: Page = read(query).expect(query);
        page.cut(vec!['a', 'b', 'c'])
    };
    assert_eq!(cut(""), (vec!['a', 'b', 'c'], None));
    assert_eq!(cut("limit=2"), (vec!['a', 'b'], Some("2".to_owned())));
    assert_eq!(cut("limit=2&cursor=2"), (vec!['c'], None));
    assert_eq!(cut("limit=1&cursor=1"), (vec!['b'], Some("2".to_owned())));
    assert_eq!(cut("cursor=9"), (vec![], None));
    assert_eq!(wrong::<Page>("limit=5001&cursor=c"), ["limit", "cursor"]);
    assert_eq!(Page::default().part(), (0, 5_000));
}

#[test]
fn what_is_read_is_what_is_documented() {
    let document = json!(Wanted::into_params(|| None));
    let optional = |name: &str, description: &str, schema: serde_json::Value| {
        json!({
            "name": name, "in": "query", "description": description, "required": false,
            "schema": schema,
        })
    };
    let number = |least: u32| json!({"type": "integer", "format": "int32", "minimum": least});
    let mut limited = number(1);
    limited["maximum"] = json!(200);
    let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    assert_eq!(
        document,
        json!([
            optional("limit", "Rows a page", limited),
            optional("offset", "Rows to leave out", number(0)),
            optional("cursor", "The page before", json!({"type": "string"})),
            optional("model_id", "Of which model", named("ModelId")),
            optional("provider", "Of whose models", named("Provider")),
            optional("sentiment", "How it speaks", named("Sentiment")),
            optional("simulated", "Made up", json!({"type": "boolean"})),
            optional(
                "month",
                "On which day",
                json!({"type": "string", "format": "date"})
            ),
            optional("tag", "Which tag", json!({"type": "string"})),
        ])
    );
    let needed = json!(Needed::into_params(|| None));
    assert_eq!(needed[0]["required"], true);
    assert_eq!(
        json!(Period::into_params(|| None)),
        json!(Days::into_params(|| None))
    );
}
