//! What a recording says, looked up path by path in the words of its own protocol.

use app::model::money::Money;
use serde_json::Value;

/// What a recording says, in the words of its own protocol.
#[derive(Default)]
pub(crate) struct Recorded {
    pub(crate) text: String,
    pub(crate) finish: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) input: Option<i64>,
    pub(crate) output: Option<i64>,
    pub(crate) cached: Option<i64>,
    pub(crate) reasoning: Option<i64>,
    pub(crate) searches: Option<i64>,
    pub(crate) cost: Option<Money>,
    /// What the answer cites.
    pub(crate) urls: Vec<String>,
    /// What was found beside it, in no order and perhaps several times.
    pub(crate) retrieved: Vec<String>,
    /// What was looked up, each once.
    pub(crate) queries: Vec<String>,
}

/// The texts, each once and without the blanks around them.
fn distinct<'a>(texts: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts.into_iter().filter_map(text_of) {
        let text = text.trim().to_owned();
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// The texts of messages, or of blocks on both sides of something else, as paragraphs.
fn paragraphs(texts: &[String]) -> String {
    let texts: Vec<&str> = texts
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    texts.join("\n\n")
}

/// What a model wrote behind its last thought.
fn behind_thoughts(text: &str) -> &str {
    match text.rsplit_once("</think>") {
        Some((_, answer)) => answer.trim_start(),
        None if text.trim_start().starts_with("<think>") => "",
        None => text,
    }
}

pub(crate) fn text_of(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn untracked(url: &str) -> String {
    url.replace("?utm_source=openai", "")
        .replace("&utm_source=openai", "")
}

fn total(counts: &[&Value]) -> Option<i64> {
    let known: Vec<i64> = counts.iter().filter_map(|count| count.as_i64()).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

fn dollars(value: &Value) -> Option<Money> {
    value.as_number()?.to_string().parse().ok()
}

pub(crate) fn recorded_by_responses(body: &Value) -> Recorded {
    let usage = &body["usage"];
    let all: Vec<&Value> = list(&body["output"])
        .iter()
        .filter(|item| item["type"] == "message")
        .collect();
    let final_ones: Vec<&Value> = all
        .iter()
        .copied()
        .filter(|message| message["phase"] == "final_answer")
        .collect();
    let messages = if final_ones.is_empty() {
        all
    } else {
        final_ones
    };
    let mut recorded = Recorded {
        finish: text_of(&body["incomplete_details"]["reason"]).or_else(|| text_of(&body["status"])),
        model: text_of(&body["model"]),
        input: usage["input_tokens"].as_i64(),
        output: usage["output_tokens"].as_i64(),
        cached: usage["input_tokens_details"]["cached_tokens"].as_i64(),
        reasoning: usage["output_tokens_details"]["reasoning_tokens"].as_i64(),
        cost: usage["cost_in_usd_ticks"]
            .as_i64()
            .map(|ticks| Money::from_nanos((ticks + 9) / 10)),
        ..Recorded::default()
    };
    let mut texts = Vec::new();
    for message in messages {
        let parts = list(&message["content"])
            .iter()
            .filter(|part| part["type"] == "output_text");
        texts.push(
            parts
                .clone()
                .filter_map(|part| part["text"].as_str())
                .collect::<String>(),
        );
        recorded.urls.extend(
            parts
                .flat_map(|part| list(&part["annotations"]))
                .filter_map(|note| note["url"].as_str())
                .map(untracked),
        );
    }
    behind_thoughts(&paragraphs(&texts)).clone_into(&mut recorded.text);
    recorded.queries = distinct(
        list(&body["output"])
            .iter()
            .filter(|item| item["type"] == "web_search_call")
            .flat_map(|item| {
                std::iter::once(&item["action"]["query"]).chain(list(&item["action"]["queries"]))
            }),
    );
    recorded.retrieved = list(&body["output"])
        .iter()
        .filter(|item| item["type"] == "web_search_call")
        .flat_map(|item| list(&item["action"]["sources"]))
        .filter_map(|source| source["url"].as_str())
        .map(untracked)
        .collect();
    let calls = list(&body["output"]).iter().filter(|item| {
        item["type"] == "web_search_call"
            && (item["action"].is_null() || item["action"]["type"] == "search")
    });
    recorded.searches = body["tool_usage"]["web_search"]["num_requests"]
        .as_i64()
        .or_else(|| usage["server_side_tool_usage_details"]["web_search_calls"].as_i64())
        .or_else(|| usage["num_server_side_tools_used"].as_i64())
        .or_else(|| i64::try_from(calls.count()).ok());
    recorded
}

pub(crate) fn recorded_by_messages(body: &Value) -> Recorded {
    let usage = &body["usage"];
    let blocks: Vec<&Value> = list(&body["content"])
        .iter()
        .filter(|block| block["type"] == "text")
        .collect();
    let shown = list(&body["content"])
        .iter()
        .filter(|block| block["type"] == "server_tool_use")
        .count();
    let texts: Vec<String> = list(&body["content"])
        .split(|block| block["type"] != "text")
        .map(|side_by_side| {
            side_by_side
                .iter()
                .filter_map(|block| block["text"].as_str())
                .collect()
        })
        .collect();
    Recorded {
        text: paragraphs(&texts),
        queries: distinct(
            list(&body["content"])
                .iter()
                .filter(|block| block["type"] == "server_tool_use")
                .map(|block| &block["input"]["query"]),
        ),
        finish: text_of(&body["stop_reason"]),
        model: text_of(&body["model"]),
        input: total(&[
            &usage["input_tokens"],
            &usage["cache_read_input_tokens"],
            &usage["cache_creation_input_tokens"],
        ]),
        output: usage["output_tokens"].as_i64(),
        cached: usage["cache_read_input_tokens"].as_i64(),
        reasoning: usage["output_tokens_details"]["thinking_tokens"].as_i64(),
        searches: usage["server_tool_use"]["web_search_requests"]
            .as_i64()
            .or(i64::try_from(shown).ok()),
        cost: None,
        urls: blocks
            .iter()
            .flat_map(|block| list(&block["citations"]))
            .filter_map(|cited| text_of(&cited["url"]))
            .collect(),
        retrieved: list(&body["content"])
            .iter()
            .filter(|block| block["type"] == "web_search_tool_result")
            .flat_map(|block| list(&block["content"]))
            .filter_map(|result| text_of(&result["url"]))
            .collect(),
    }
}

pub(crate) fn recorded_by_gemini(body: &Value) -> Recorded {
    let usage = &body["usageMetadata"];
    let candidate = &body["candidates"][0];
    let grounding = &candidate["groundingMetadata"];
    let parts = list(&candidate["content"]["parts"])
        .iter()
        .filter(|part| part["thought"] != true);
    let input = total(&[
        &usage["promptTokenCount"],
        &usage["toolUsePromptTokenCount"],
    ]);
    let rest = usage["totalTokenCount"]
        .as_i64()
        .zip(input)
        .map(|(total, input)| total - input);
    let queries = distinct(list(&grounding["webSearchQueries"]));
    let generation = body["modelVersion"].as_str().unwrap_or_default();
    let by_prompt = ["gemini-1", "gemini-2"]
        .iter()
        .any(|start| generation.starts_with(start));
    let searches = if by_prompt {
        queries.len().min(1)
    } else {
        queries.len()
    };
    let url = |index: usize| text_of(&grounding["groundingChunks"][index]["web"]["uri"]);
    let cited: Vec<usize> = list(&grounding["groundingSupports"])
        .iter()
        .flat_map(|support| list(&support["groundingChunkIndices"]))
        .filter_map(|index| usize::try_from(index.as_u64()?).ok())
        .collect();
    let is_source = |url: &String| !url.starts_with("https://www.google.com/search");
    let uncited =
        (0..list(&grounding["groundingChunks"]).len()).filter(|index| !cited.contains(index));
    Recorded {
        text: parts.filter_map(|part| part["text"].as_str()).collect(),
        finish: text_of(&candidate["finishReason"]),
        model: text_of(&body["modelVersion"]),
        input,
        output: total(&[&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]]).or(rest),
        cached: usage["cachedContentTokenCount"].as_i64(),
        reasoning: usage["thoughtsTokenCount"].as_i64(),
        searches: i64::try_from(searches).ok(),
        queries,
        cost: None,
        urls: cited
            .iter()
            .copied()
            .filter_map(url)
            .filter(is_source)
            .collect(),
        retrieved: uncited.filter_map(url).filter(is_source).collect(),
    }
}

pub(crate) fn recorded_by_sonar(body: &Value) -> Recorded {
    let usage = &body["usage"];
    let sources = list(&body["search_results"]);
    let urls: Vec<String> = if sources.is_empty() {
        list(&body["citations"])
            .iter()
            .filter_map(text_of)
            .collect()
    } else {
        sources
            .iter()
            .filter_map(|source| text_of(&source["url"]))
            .collect()
    };
    let text = body["choices"][0]["message"]["content"]
        .as_str()
        .map(behind_thoughts)
        .unwrap_or_default();
    let marked = |(index, _): &(usize, String)| text.contains(&format!("[{}]", index + 1));
    let (urls, retrieved): (Vec<_>, Vec<_>) = urls.into_iter().enumerate().partition(marked);
    let plain = |urls: Vec<(usize, String)>| urls.into_iter().map(|(_, url)| url).collect();
    Recorded {
        text: text.to_owned(),
        queries: Vec::new(),
        finish: text_of(&body["choices"][0]["finish_reason"]),
        model: text_of(&body["model"]),
        input: total(&[&usage["prompt_tokens"], &usage["citation_tokens"]]),
        output: total(&[&usage["completion_tokens"], &usage["reasoning_tokens"]]),
        cached: None,
        reasoning: usage["reasoning_tokens"].as_i64(),
        searches: usage["num_search_queries"].as_i64(),
        cost: dollars(&usage["cost"]["total_cost"]),
        urls: plain(urls),
        retrieved: plain(retrieved),
    }
}

pub(crate) fn recorded_by_agent(body: &Value) -> Recorded {
    let usage = &body["usage"];
    let of_type = |kind: &'static str| {
        let items = list(&body["output"]).iter();
        items.filter(move |item| item["type"] == kind)
    };
    let texts: Vec<String> = of_type("message")
        .map(|message| {
            let parts = list(&message["content"]).iter();
            parts.filter_map(|part| part["text"].as_str()).collect()
        })
        .collect();
    let text = paragraphs(&texts);
    let results = of_type("search_results").flat_map(|search| list(&search["results"]));
    let marked = |result: &&Value| text.contains(&format!("[{}]", result["id"]));
    let (cited, beside): (Vec<&Value>, Vec<&Value>) = results.partition(marked);
    let urls = |results: Vec<&Value>| {
        results
            .into_iter()
            .filter_map(|result| text_of(&result["url"]))
            .collect()
    };
    Recorded {
        finish: text_of(&body["incomplete_details"]["reason"]).or_else(|| text_of(&body["status"])),
        model: text_of(&body["model"]),
        input: usage["input_tokens"].as_i64(),
        output: usage["output_tokens"].as_i64(),
        cached: usage["input_tokens_details"]["cached_tokens"].as_i64(),
        reasoning: usage["output_tokens_details"]["reasoning_tokens"].as_i64(),
        searches: Some(
            usage["tool_calls_details"]["search_web"]["invocation"]
                .as_i64()
                .unwrap_or(0),
        ),
        cost: dollars(&usage["cost"]["total_cost"]),
        urls: urls(cited),
        retrieved: urls(beside),
        queries: distinct(of_type("search_results").flat_map(|search| list(&search["queries"]))),
        text,
    }
}

pub(crate) fn recorded_by_chat(body: &Value) -> Recorded {
    let usage = &body["usage"];
    let message = &body["choices"][0]["message"];
    let chunks: String = list(&message["content"])
        .iter()
        .filter(|chunk| chunk["type"] == "text")
        .filter_map(|chunk| chunk["text"].as_str())
        .collect();
    let text = message["content"]
        .as_str()
        .map_or(chunks, |text| behind_thoughts(text).to_owned());
    let reasoning = usage["completion_tokens_details"]["reasoning_tokens"].as_i64();
    let left_out = usage["total_tokens"].as_i64()
        != total(&[&usage["prompt_tokens"], &usage["completion_tokens"]]);
    let tools = list(&message["executed_tools"]);
    let noted = list(&message["annotations"])
        .iter()
        .filter_map(|note| note["url_citation"]["url"].as_str());
    let (found, unused): (Vec<&str>, Vec<&str>) = tools
        .iter()
        .flat_map(|tool| list(&tool["search_results"]["results"]))
        .filter_map(|result| result["url"].as_str())
        .partition(|url| text.contains(url));
    let ticks = usage["cost_in_usd_ticks"]
        .as_i64()
        .map(|ticks| Money::from_nanos((ticks + 9) / 10));
    let arguments: Vec<Value> = tools
        .iter()
        .filter_map(|tool| serde_json::from_str(tool["arguments"].as_str()?).ok())
        .collect();
    Recorded {
        queries: distinct(arguments.iter().map(|arguments| &arguments["query"])),
        text: if text.is_empty() {
            text_of(&message["refusal"]).unwrap_or_default()
        } else {
            text
        },
        finish: text_of(&body["choices"][0]["finish_reason"]),
        model: text_of(&body["model"]),
        input: usage["prompt_tokens"].as_i64(),
        output: usage["completion_tokens"]
            .as_i64()
            .map(|count| count + reasoning.filter(|_| left_out).unwrap_or(0)),
        cached: usage["prompt_tokens_details"]["cached_tokens"]
            .as_i64()
            .or_else(|| usage["prompt_cache_hit_tokens"].as_i64()),
        reasoning,
        searches: usage["server_tool_use_details"]["web_search_requests"]
            .as_i64()
            .or_else(|| {
                let searches = tools
                    .iter()
                    .filter(|tool| !tool["search_results"].is_null())
                    .count();
                i64::try_from(searches).ok().filter(|_| !tools.is_empty())
            })
            .or_else(|| {
                let model = body["model"].as_str()?;
                model.contains("-search-preview").then_some(1)
            }),
        cost: ticks.or_else(|| dollars(&usage["cost"])),
        urls: noted.chain(found).map(untracked).collect(),
        retrieved: unused.into_iter().map(untracked).collect(),
    }
}
