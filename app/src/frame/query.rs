//! What a page of a project is set to show, and how that stands in its address.
//!
//! Invariant: pure. Reading and writing the address is the page's business.

use std::fmt::Write as _;
use std::str::FromStr;

use chrono::{Days, NaiveDate};

use crate::model::answer::{AnswerFilter, Sentiment};
use crate::model::comparison::ComparisonQuery;
use crate::model::dashboard::{ComparedWith, DashboardQuery};
use crate::model::ids::{AnswerId, ModelId, PageId, ProjectId, PromptId, RunId};
use crate::model::overview::{Bucket, ChartMetric, Split};
use crate::model::provider::Provider;
use crate::model::sources::{SourceQuery, SourceUnit};
use crate::validate::MAX_WORDS;
use crate::words::addresses::escaped;
use crate::words::figure::Measure;

/// The periods that one click chooses, in days.
pub const PRESETS: [u64; 3] = [7, 30, 90];
/// What is shown before anybody has chosen.
const DEFAULT_DAYS: u64 = 30;
/// Longer periods are cut: charts have one place a day.
const MAX_DAYS: u64 = 1_830;

/// First and last day, in the workspace's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The last `days` days, today included.
    pub fn last_days(days: u64, today: NaiveDate) -> Self {
        let from = today
            .checked_sub_days(Days::new(days.saturating_sub(1)))
            .unwrap_or(today);
        Self { from, to: today }
    }

    /// Two days in any order; a period that is too long loses its beginning.
    pub fn between(one: NaiveDate, other: NaiveDate) -> Self {
        let (from, to) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        Self {
            from: from.max(Self::last_days(MAX_DAYS, to).from),
            to,
        }
    }

    /// Which of [`PRESETS`] this is.
    pub fn preset(self, today: NaiveDate) -> Option<u64> {
        PRESETS
            .into_iter()
            .find(|days| Self::last_days(*days, today) == self)
    }

    /// Number of days, both ends included.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// What the browser keeps: a preset stays one tomorrow, days stay those days.
    pub fn to_memory(self, today: NaiveDate) -> String {
        match self.preset(today) {
            Some(days) => days.to_string(),
            None => format!("{}..{}", self.from, self.to),
        }
    }

    /// Reads what [`Self::to_memory`] wrote.
    pub fn from_memory(memory: &str, today: NaiveDate) -> Option<Self> {
        if let Some((from, to)) = memory.split_once("..") {
            return Some(Self::between(from.parse().ok()?, to.parse().ok()?));
        }
        let days = memory.parse().ok().filter(|days| PRESETS.contains(days))?;
        Some(Self::last_days(days, today))
    }
}

/// The pages of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Cards and charts.
    #[default]
    Overview,
    /// Models and providers side by side.
    Models,
    /// The answers.
    Answers,
    /// What answers cite.
    Sources,
    /// The runs.
    Runs,
    /// What the project is set to.
    Settings,
}

impl Tab {
    /// Every page, in the order of the menu.
    pub const ALL: [Self; 6] = [
        Self::Overview,
        Self::Models,
        Self::Answers,
        Self::Sources,
        Self::Runs,
        Self::Settings,
    ];

    /// What stands behind the project in the page's address.
    const fn word(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Models => "models",
            Self::Answers => "answers",
            Self::Sources => "sources",
            Self::Runs => "runs",
            Self::Settings => "settings",
        }
    }

    /// The page that stands behind the project in an address.
    pub fn of_word(word: &str) -> Option<Self> {
        let word = word.trim_end_matches('/');
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    /// The page that the path of an address names, of whichever project.
    pub fn of_address(path: &str) -> Option<Self> {
        let (_, word) = project_and_word(path)?;
        Self::of_word(word)
    }

    /// The path of the page of a project.
    pub fn address(self, project_id: ProjectId) -> String {
        match self.word() {
            "" => format!("/projects/{project_id}"),
            word => format!("/projects/{project_id}/{word}"),
        }
    }
}

/// The project that a path is below, and what stands behind it.
pub fn project_and_word(path: &str) -> Option<(ProjectId, &str)> {
    let rest = path.strip_prefix("/projects/")?;
    let (project, word) = rest.split_once('/').unwrap_or((rest, ""));
    Some((project.parse().ok()?, word))
}

/// The page of a project, and everything that its address says behind the question mark. What is
/// wrong in it is left out, so that an old link still opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// The page that is open.
    pub tab: Tab,
    /// First and last day; `None`: as remembered.
    pub period: Option<Period>,
    /// What providers are compared by.
    pub measure: Measure,
    /// What the chart measures; shares a name with the measure, of which another page is set.
    pub metric: ChartMetric,
    /// What each line of the chart is of.
    pub split: Split,
    /// What a place on the chart's axis is; `None`: what suits the period.
    pub bucket: Option<Bucket>,
    /// Only this model.
    pub model: Option<ModelId>,
    /// Only answers of this provider.
    pub provider: Option<Provider>,
    /// Only answers to this prompt.
    pub prompt: Option<PromptId>,
    /// Only answers that name the brand, or only those that do not.
    pub mentioned: Option<bool>,
    /// Only answers that a judge found to speak like this of the brand.
    pub sentiment: Option<Sentiment>,
    /// Only answers to prompts with this tag.
    pub tag: Option<String>,
    /// Only answers whose text holds this.
    pub text: Option<String>,
    /// Only failures, or only answers.
    pub failed: Option<bool>,
    /// Only answers of another model than the one that was asked, or only of that one.
    pub another: Option<bool>,
    /// Only answers of this run.
    pub run: Option<RunId>,
    /// Only answers that cite this domain, or its pages among the sources.
    pub domain: Option<String>,
    /// Only answers that cite this page.
    pub page: Option<PageId>,
    /// The sources page by page, not by domain.
    pub by_page: bool,
    /// The answer that is open.
    pub answer: Option<AnswerId>,
}

fn parsed<T: FromStr>(value: Option<String>) -> Option<T> {
    value?.parse().ok()
}

fn measure(word: Option<String>) -> Measure {
    Measure::COMPARED
        .into_iter()
        .find(|known| word.as_deref() == Some(known.key()))
        .unwrap_or_default()
}

/// Words to look for; none where there are none, or more than anybody types.
fn words(value: Option<String>) -> Option<String> {
    let value = value?.trim().to_owned();
    (1..=MAX_WORDS)
        .contains(&value.chars().count())
        .then_some(value)
}

fn yes_or_no(value: Option<String>) -> Option<bool> {
    match value?.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl PageQuery {
    /// Reads the address of a page by a function that gives the value of a name.
    pub fn read(tab: Tab, value_of: impl Fn(&str) -> Option<String>) -> Self {
        let days = parsed(value_of("from")).zip(parsed(value_of("to")));
        Self {
            tab,
            period: days.map(|(from, to)| Period::between(from, to)),
            measure: measure(value_of("measure")),
            metric: parsed(value_of("measure")).unwrap_or_default(),
            split: parsed(value_of("split")).unwrap_or_default(),
            bucket: parsed(value_of("bucket")),
            model: parsed(value_of("model")),
            provider: parsed(value_of("provider")),
            prompt: parsed(value_of("prompt")),
            mentioned: yes_or_no(value_of("mentioned")),
            sentiment: value_of("sentiment").and_then(|word| Sentiment::from_word(&word)),
            tag: words(value_of("tag")),
            text: words(value_of("text")),
            failed: yes_or_no(value_of("failed")),
            another: yes_or_no(value_of("another")),
            run: parsed(value_of("run")),
            domain: words(value_of("domain")),
            page: parsed(value_of("page")),
            by_page: value_of("by").as_deref() == Some("page"),
            answer: parsed(value_of("answer")),
        }
    }

    /// The part of the address behind the path, empty or with its question mark. What is not
    /// escaped is a word of ours, a number or a day.
    pub fn to_search(&self) -> String {
        let mut search = String::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let sign = if search.is_empty() { '?' } else { '&' };
                let _ = write!(search, "{sign}{name}={value}");
            }
        };
        let word = |answer: bool| if answer { "yes" } else { "no" }.to_owned();
        add("from", self.period.map(|period| period.from.to_string()));
        add("to", self.period.map(|period| period.to.to_string()));
        let measure = if self.tab == Tab::Overview {
            (self.metric != ChartMetric::default()).then(|| self.metric.word())
        } else {
            (self.measure != Measure::default()).then(|| self.measure.key())
        };
        add("measure", measure.map(str::to_owned));
        let split = (self.split != Split::default()).then(|| self.split.to_string());
        add("split", split);
        add("bucket", self.bucket.map(|bucket| bucket.to_string()));
        add("model", self.model.map(|id| id.to_string()));
        add(
            "provider",
            self.provider.map(|provider| provider.slug().to_owned()),
        );
        add("prompt", self.prompt.map(|id| id.to_string()));
        add("mentioned", self.mentioned.map(word));
        add(
            "sentiment",
            self.sentiment.map(|said| said.word().to_owned()),
        );
        add("tag", self.tag.as_deref().map(escaped));
        add("text", self.text.as_deref().map(escaped));
        add("failed", self.failed.map(word));
        add("another", self.another.map(word));
        add("run", self.run.map(|id| id.to_string()));
        add("domain", self.domain.as_deref().map(escaped));
        add("page", self.page.map(|id| id.to_string()));
        add("by", self.by_page.then(|| "page".to_owned()));
        add("answer", self.answer.map(|id| id.to_string()));
        search
    }

    /// The address of the page of a project.
    pub fn address(&self, project_id: ProjectId) -> String {
        self.tab.address(project_id) + &self.to_search()
    }

    /// The period to show: the address's, else the remembered one, else the last 30 days.
    pub fn period_or(&self, memory: Option<&str>, today: NaiveDate) -> Period {
        self.period
            .or_else(|| Period::from_memory(memory?, today))
            .unwrap_or_else(|| Period::last_days(DEFAULT_DAYS, today))
    }

    /// The same without any filter of the answers, the model included.
    #[must_use]
    pub fn without_filters(&self) -> Self {
        Self {
            tab: self.tab,
            period: self.period,
            measure: self.measure,
            metric: self.metric,
            split: self.split,
            bucket: self.bucket,
            ..Self::default()
        }
    }

    /// Whether the answers are filtered by more than the period.
    pub fn has_filters(&self) -> bool {
        *self
            != Self {
                answer: self.answer,
                ..self.without_filters()
            }
    }

    /// What to ask for the cards and charts.
    pub fn dashboard_query(&self, project_id: ProjectId, period: Period) -> DashboardQuery {
        let model_ids = self.model.into_iter().collect();
        DashboardQuery {
            project_id,
            from: period.from,
            to: period.to,
            model_ids,
            compare: ComparedWith::default(),
        }
    }

    /// What to ask for the comparison. It is of all models that are real; where the address names
    /// one of the simulator's, of these.
    pub const fn comparison_query(
        project_id: ProjectId,
        period: Period,
        simulated: bool,
    ) -> ComparisonQuery {
        ComparisonQuery {
            project_id,
            from: period.from,
            to: period.to,
            simulated,
        }
    }

    /// The domain whose pages alone are shown among the sources.
    pub fn source_domain(&self) -> Option<String> {
        self.domain.clone().filter(|_| self.by_page)
    }

    /// What to ask for the table of sources.
    pub fn source_query(&self, project_id: ProjectId, period: Period) -> SourceQuery {
        SourceQuery {
            project_id,
            from: period.from,
            to: period.to,
            model_ids: self.model.into_iter().collect(),
            simulated: false,
            unit: if self.by_page {
                SourceUnit::Page
            } else {
                SourceUnit::Domain
            },
            domain: self.source_domain(),
            page_id: None,
            offset: 0,
            limit: None,
        }
    }

    /// What to ask for the table of answers. A run is shown whole, whenever it was.
    pub fn answer_filter(
        &self,
        project_id: ProjectId,
        period: Period,
        before: Option<AnswerId>,
    ) -> AnswerFilter {
        let period = self.run.is_none().then_some(period);
        AnswerFilter {
            project_id,
            from: period.map(|period| period.from),
            to: period.map(|period| period.to),
            run_id: self.run,
            domain: self.domain.clone(),
            page_id: self.page,
            model_ids: self.model.into_iter().collect(),
            provider: self.provider,
            prompt_id: self.prompt,
            mentioned: self.mentioned,
            sentiment: self.sentiment,
            tag: self.tag.clone(),
            text: self.text.clone(),
            failed: self.failed,
            served_another: self.another,
            before,
            ..AnswerFilter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn read(search: &str) -> PageQuery {
        read_on(Tab::Overview, search)
    }

    fn read_on(tab: Tab, search: &str) -> PageQuery {
        PageQuery::read(tab, |name| {
            let pairs = search
                .trim_start_matches('?')
                .split('&')
                .filter_map(|pair| pair.split_once('='));
            pairs
                .into_iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| unescaped(value))
        })
    }

    /// As browsers read an address.
    fn unescaped(value: &str) -> String {
        let mut parts = value.split('%');
        let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (code, rest) = part.split_at(2);
            bytes.push(u8::from_str_radix(code, 16).expect("an escape"));
            bytes.extend_from_slice(rest.as_bytes());
        }
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn an_address_keeps_everything() {
        let query = PageQuery {
            tab: Tab::Answers,
            period: Some(Period {
                from: day("2026-11-01"),
                to: day("2026-11-21"),
            }),
            measure: Measure::Tone,
            metric: ChartMetric::default(),
            split: Split::Models,
            bucket: Some(Bucket::Week),
            model: Some(3.into()),
            provider: Some(Provider::Google),
            prompt: Some(4.into()),
            mentioned: Some(false),
            sentiment: Some(Sentiment::Negative),
            tag: Some("price & value".to_owned()),
            text: Some("más caro".to_owned()),
            failed: Some(true),
            another: Some(true),
            run: Some(5.into()),
            domain: Some("xn--kp-yka.example".to_owned()),
            page: Some(7.into()),
            by_page: true,
            answer: Some(6.into()),
        };
        let search = query.to_search();
        assert_eq!(
            search,
            "?from=2026-11-01&to=2026-11-21&measure=tone&split=models&bucket=week&model=3&provider=google&prompt=4&mentioned=no&sentiment=negative&tag=price%20%26%20value&text=m%C3%A1s%20caro&failed=yes&another=yes&run=5&domain=xn--kp-yka.example&page=7&by=page&answer=6"
        );
        assert_eq!(read_on(Tab::Answers, &search), query);
        assert_eq!(
            query.address(9.into()),
            format!("/projects/9/answers{search}")
        );
        assert_eq!(PageQuery::default().to_search(), "");
    }

    #[test]
    fn what_is_measured_is_of_the_page() {
        let chart = read("?measure=share_of_voice&split=topics");
        assert_eq!(chart.metric, ChartMetric::ShareOfVoice);
        assert_eq!(chart.to_search(), "?measure=share_of_voice&split=topics");
        let models = PageQuery {
            tab: Tab::Models,
            measure: Measure::ShareOfVoice,
            ..chart
        };
        assert_eq!(models.to_search(), "?measure=share-of-voice&split=topics");
        assert_eq!(
            read("?measure=other&split=x&bucket=year"),
            PageQuery::default()
        );
    }

    #[test]
    fn each_page_has_an_address() {
        for tab in Tab::ALL {
            let address = tab.address(3.into());
            assert_eq!(Tab::of_address(&address), Some(tab), "{address}");
            assert_eq!(project_and_word(&address).map(|(id, _)| id), Some(3.into()));
        }
        assert_eq!(Tab::Overview.address(3.into()), "/projects/3");
        assert_eq!(Tab::of_address("/projects/3/"), Some(Tab::Overview));
        for nowhere in ["/projects/3/nowhere", "/projects/new", "/projects", "/keys"] {
            assert_eq!(Tab::of_address(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn sources_are_asked_for_as_the_address_says() {
        let period = Period::last_days(7, day("2026-11-21"));
        let query = read("?model=3&domain=kipu.io");
        let asked = query.source_query(1.into(), period);
        assert_eq!((asked.unit, asked.domain), (SourceUnit::Domain, None));
        let asked = read("?by=page&domain=kipu.io").source_query(1.into(), period);
        assert_eq!(
            (asked.unit, asked.domain.as_deref()),
            (SourceUnit::Page, Some("kipu.io"))
        );
        assert!(query.has_filters());
        let odd = PageQuery {
            domain: Some("[::1]&a".to_owned()),
            ..PageQuery::default()
        };
        assert_eq!(odd.to_search(), "?domain=%5B%3A%3A1%5D%26a");
        assert_eq!(read("?domain=").domain, None);
    }

    #[test]
    fn what_is_wrong_is_left_out() {
        assert_eq!(
            read(
                "?from=2026-13-01&to=2026-11-21&measure=prominence&provider=x&model=a&mentioned=1&run="
            ),
            PageQuery::default()
        );
        let swapped = read("?from=2026-11-21&to=2026-11-01");
        assert_eq!(
            swapped.period.map(|period| period.from),
            Some(day("2026-11-01"))
        );
    }

    #[test]
    fn the_address_goes_before_memory_before_thirty_days() {
        let today = day("2026-11-21");
        let from_of = |query: &PageQuery, memory| query.period_or(memory, today).from;
        let query = read("?from=2026-01-01&to=2026-01-02");
        assert_eq!(from_of(&query, Some("7")), day("2026-01-01"));
        assert_eq!(from_of(&PageQuery::default(), Some("7")), day("2026-11-15"));
        assert_eq!(from_of(&PageQuery::default(), Some("8")), day("2026-10-23"));
        assert_eq!(from_of(&PageQuery::default(), None), day("2026-10-23"));
    }

    #[test]
    fn presets_move_with_the_days() {
        let today = day("2026-11-21");
        let week = Period::last_days(7, today);
        assert_eq!(week.preset(today), Some(7));
        assert_eq!(week.to_memory(today), "7");
        let tomorrow = day("2026-11-22");
        assert_eq!(
            Period::from_memory("7", tomorrow).map(|period| period.to),
            Some(tomorrow)
        );
        let custom = Period::between(day("2026-02-01"), day("2026-01-01"));
        assert_eq!(
            Period::from_memory(&custom.to_memory(today), tomorrow),
            Some(custom)
        );
        assert_eq!(Period::from_memory("x..y", today), None);
        let long = Period::between(day("1990-01-01"), today);
        assert_eq!((long.to - long.from).num_days(), 1_829);
    }

    #[test]
    fn a_run_is_shown_whole() {
        let period = Period::last_days(7, day("2026-11-21"));
        let all = PageQuery::default().answer_filter(1.into(), period, None);
        assert_eq!(all.from, Some(period.from));
        let of_run = PageQuery {
            run: Some(5.into()),
            ..PageQuery::default()
        };
        assert!(of_run.has_filters());
        assert_eq!(of_run.answer_filter(1.into(), period, None).from, None);
        assert!(!of_run.without_filters().has_filters());
    }
}
