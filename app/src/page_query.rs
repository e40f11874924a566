//! What a page of a project is set to show, and how that stands in its address.
//!
//! Invariant: pure. Reading and writing the address is the page's business.

use std::fmt::Write as _;
use std::str::FromStr;

use chrono::NaiveDate;

pub use super::period::{Chosen, Period};
use crate::model::answer::{AnswerFilter, Sentiment};
use crate::model::comparison::ComparisonQuery;
use crate::model::dashboard::{ComparedWith, DashboardQuery};
use crate::model::ids::{AnswerId, EntityId, ModelId, PageId, ProjectId, PromptId, RunId};
use crate::model::overview::{Bucket, ChartMetric, Split};
use crate::model::provider::Provider;
use crate::model::sources::{SourceQuery, SourceUnit};
use crate::model::topics::{joined, parted};
use crate::order;
use crate::validate::{MAX_WORDS, MODELS, TAG, TAGS};
use crate::words::addresses::escaped;
use crate::words::figure::Measure;

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

    /// Whether the page is of a period: runs and settings are not.
    pub const fn has_period(self) -> bool {
        !matches!(self, Self::Runs | Self::Settings)
    }

    /// Whether the page can be of some models alone: the comparison is of all of them.
    pub const fn has_models(self) -> bool {
        self.has_period() && !matches!(self, Self::Models)
    }

    /// Whether the page can be of some topics alone: what is cited is counted over all of them.
    pub const fn has_topics(self) -> bool {
        matches!(self, Self::Overview | Self::Answers)
    }

    /// The page that stands behind the project in an address.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::and_run(word).map(|(tab, _)| tab)
    }

    /// The same, with the run whose page it is: those lie below the page of runs.
    fn and_run(word: &str) -> Option<(Self, Option<RunId>)> {
        let word = word.trim_end_matches('/');
        if let Some(run) = word.strip_prefix("runs/") {
            return Some((Self::Runs, Some(run.parse().ok()?)));
        }
        let tab = Self::ALL.into_iter().find(|tab| tab.word() == word)?;
        Some((tab, None))
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

/// The path of the page of a run.
pub fn run_address(project_id: ProjectId, run: RunId) -> String {
    format!("{}/{run}", Tab::Runs.address(project_id))
}

/// The page of a project, and everything that its address says behind the question mark. What is
/// wrong in it is left out, so that an old link still opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// The page that is open.
    pub tab: Tab,
    /// The period; `None`: as remembered.
    pub period: Option<Chosen>,
    /// The earlier period that it is compared with; `None`: as remembered.
    pub compare: Option<ComparedWith>,
    /// What providers are compared by.
    pub measure: Measure,
    /// What the chart measures; shares a name with the measure, of which another page is set.
    pub metric: ChartMetric,
    /// What each line of the chart is of.
    pub split: Split,
    /// What a place on the chart's axis is; `None`: what suits the period.
    pub bucket: Option<Bucket>,
    /// Only these models, each once and in the order of their ids; empty: all.
    pub models: Vec<ModelId>,
    /// Only answers of this provider.
    pub provider: Option<Provider>,
    /// Only answers to this prompt.
    pub prompt: Option<PromptId>,
    /// Only answers that name the brand, or only those that do not.
    pub mentioned: Option<bool>,
    /// Only answers that name this entity.
    pub entity: Option<EntityId>,
    /// Only answers that a judge found to speak like this of the brand.
    pub sentiment: Option<Sentiment>,
    /// Only answers to questions that have one of these topics, each once and in their order; empty:
    /// to all.
    pub topics: Vec<String>,
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
    /// The source that is open: a domain, or the number of a page.
    pub source: Option<String>,
    /// The answer that is open.
    pub answer: Option<AnswerId>,
    /// The run whose page is open, in place of all of them.
    pub opened: Option<RunId>,
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

fn between((from, to): (NaiveDate, NaiveDate)) -> Chosen {
    Period::between(from, to).into()
}

/// Ids parted by commas, each once. What is no id is left out.
fn ids(value: Option<String>) -> Vec<ModelId> {
    let value = value.unwrap_or_default();
    let ids = value.split(',').filter_map(|id| id.trim().parse().ok());
    ordered(ids.collect())
}

/// Models, each once, no more than anything is asked of at once.
pub fn ordered(mut models: Vec<ModelId>) -> Vec<ModelId> {
    order::sort(&mut models, Ord::cmp);
    models.dedup();
    models.truncate(MODELS);
    models
}

/// The topics of an address: several, or one, as it always stood there.
fn topics(several: Option<String>, one: Option<String>) -> Vec<String> {
    let several = several.map(|text| parted(&text));
    ordered_topics(several.unwrap_or_else(|| words(one).into_iter().collect()))
}

/// Topics, each once, no more than anything is asked of at once. What cannot be one is left out.
pub fn ordered_topics(mut topics: Vec<String>) -> Vec<String> {
    topics.retain(|topic| topic.chars().count() <= TAG.1);
    order::sort(&mut topics, Ord::cmp);
    topics.dedup();
    topics.truncate(TAGS);
    topics
}

fn yes_or_no(value: Option<String>) -> Option<bool> {
    match value?.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl PageQuery {
    /// Whether another address has the same list, whatever is opened above it.
    pub fn has_list_of(&self, other: &Self) -> bool {
        let list = |query: &Self| Self {
            source: None,
            answer: None,
            ..query.clone()
        };
        list(self) == list(other)
    }

    /// Reads the address of a page by a function that gives the value of a name.
    pub fn read(tab: Tab, value_of: impl Fn(&str) -> Option<String>) -> Self {
        // Links from before there were presets have two days.
        let days = || Some((parsed(value_of("from"))?, parsed(value_of("to"))?));
        let chosen = value_of("period").and_then(|word| Chosen::from_word(&word));
        Self {
            tab,
            period: chosen.or_else(|| Some(between(days()?))),
            compare: parsed(value_of("compare")),
            measure: measure(value_of("measure")),
            metric: parsed(value_of("measure")).unwrap_or_default(),
            split: parsed(value_of("split")).unwrap_or_default(),
            bucket: parsed(value_of("bucket")),
            models: ids(value_of("models").or_else(|| value_of("model"))),
            provider: parsed(value_of("provider")),
            prompt: parsed(value_of("prompt")),
            mentioned: yes_or_no(value_of("mentioned")),
            entity: parsed(value_of("entity")),
            sentiment: value_of("sentiment").and_then(|word| Sentiment::from_word(&word)),
            topics: topics(value_of("topics"), value_of("tag")),
            text: words(value_of("text")),
            failed: yes_or_no(value_of("failed")),
            another: yes_or_no(value_of("another")),
            run: parsed(value_of("run")),
            domain: words(value_of("domain")),
            page: parsed(value_of("page")),
            by_page: value_of("by").as_deref() == Some("page"),
            source: words(value_of("source")),
            answer: parsed(value_of("answer")),
            opened: None,
        }
    }

    /// The same by what stands behind the project in the address; `None`: no page has that name.
    pub fn read_at(word: &str, value_of: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let (tab, opened) = Tab::and_run(word)?;
        Some(Self {
            opened,
            ..Self::read(tab, value_of)
        })
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
        add("period", self.period.map(Chosen::to_word));
        add("compare", self.compare.map(|with| with.word().to_owned()));
        let measure = if self.tab == Tab::Overview {
            (self.metric != ChartMetric::default()).then(|| self.metric.word())
        } else {
            (self.measure != Measure::default()).then(|| self.measure.key())
        };
        add("measure", measure.map(str::to_owned));
        let split = (self.split != Split::default()).then(|| self.split.to_string());
        add("split", split);
        add("bucket", self.bucket.map(|bucket| bucket.to_string()));
        let models: Vec<String> = self.models.iter().map(ToString::to_string).collect();
        add("models", (!models.is_empty()).then(|| models.join(",")));
        add(
            "provider",
            self.provider.map(|provider| provider.slug().to_owned()),
        );
        add("prompt", self.prompt.map(|id| id.to_string()));
        add("mentioned", self.mentioned.map(word));
        add("entity", self.entity.map(|id| id.to_string()));
        add(
            "sentiment",
            self.sentiment.map(|said| said.word().to_owned()),
        );
        match &self.topics[..] {
            [] => {}
            [only] => add("tag", Some(escaped(only))),
            // A comma that parts them is none of a topic's.
            several => add(
                "topics",
                Some(escaped(&joined(several)).replace("%2C", ",")),
            ),
        }
        add("text", self.text.as_deref().map(escaped));
        add("failed", self.failed.map(word));
        add("another", self.another.map(word));
        add("run", self.run.map(|id| id.to_string()));
        add("domain", self.domain.as_deref().map(escaped));
        add("page", self.page.map(|id| id.to_string()));
        add("by", self.by_page.then(|| "page".to_owned()));
        add("source", self.source.as_deref().map(escaped));
        add("answer", self.answer.map(|id| id.to_string()));
        search
    }

    /// The address of the page of a project.
    pub fn address(&self, project_id: ProjectId) -> String {
        let opened = self.opened.filter(|_| self.tab == Tab::Runs);
        let path = match opened {
            Some(run) => run_address(project_id, run),
            None => self.tab.address(project_id),
        };
        path + &self.to_search()
    }

    /// The period to show: the address's, else the remembered one, else the last 30 days.
    pub fn period_or(&self, memory: Option<&str>) -> Chosen {
        let chosen = self.period.or_else(|| Chosen::from_word(memory?));
        chosen.unwrap_or_default()
    }

    /// What the period is compared with: the address's, else the remembered, else the days before.
    pub fn compare_or(&self, memory: Option<&str>) -> ComparedWith {
        let with = self.compare.or_else(|| memory?.parse().ok());
        with.unwrap_or_default()
    }

    /// The one model that is shown, where it is one.
    pub fn only_model(&self) -> Option<ModelId> {
        match self.models[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The same without any filter of the answers, the model included.
    #[must_use]
    pub fn without_filters(&self) -> Self {
        Self {
            tab: self.tab,
            period: self.period,
            compare: self.compare,
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
                source: self.source.clone(),
                answer: self.answer,
                opened: self.opened,
                ..self.without_filters()
            }
    }

    /// How many filters the page has, the models being one, and the topics.
    pub fn filters(&self) -> usize {
        let of_models = self.tab.has_models() && !self.models.is_empty();
        let of_topics = !self.shown_topics().is_empty();
        let of_answers = [
            self.provider.is_some(),
            self.prompt.is_some(),
            self.mentioned.is_some(),
            self.entity.is_some(),
            self.sentiment.is_some(),
            self.text.is_some(),
            self.failed.is_some(),
            self.another.is_some(),
            self.run.is_some(),
            self.domain.is_some() || self.page.is_some(),
        ];
        let is_set = |is_set: &bool| *is_set && self.tab == Tab::Answers;
        let of_all = usize::from(of_models) + usize::from(of_topics);
        of_all + of_answers.into_iter().filter(is_set).count()
    }

    /// The same as others see it who remember another period, on any day.
    #[must_use]
    pub fn spelled_out(&self, period: Period, compare: ComparedWith) -> Self {
        if !self.tab.has_period() {
            return self.clone();
        }
        Self {
            period: Some(period.into()),
            compare: Some(compare),
            ..self.clone()
        }
    }

    /// The topics that the page is of; empty: all.
    pub fn shown_topics(&self) -> &[String] {
        if self.tab.has_topics() {
            &self.topics
        } else {
            &[]
        }
    }

    /// What to ask for the cards and charts.
    pub fn dashboard_query(&self, project_id: ProjectId, period: Period) -> DashboardQuery {
        DashboardQuery {
            project_id,
            from: period.from,
            to: period.to,
            model_ids: self.models.clone(),
            compare: self.compare.unwrap_or_default(),
            tags: self.shown_topics().to_vec(),
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
            model_ids: self.models.clone(),
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

    /// What to ask for the source that is open alone, wherever it stands in the table; `None` where
    /// none is open, or the address says none that there can be.
    pub fn open_source_query(&self, project_id: ProjectId, period: Period) -> Option<SourceQuery> {
        let source = self.source.clone()?;
        let mut query = self.source_query(project_id, period);
        if self.by_page {
            query.page_id = Some(source.parse().ok()?);
        } else {
            query.domain = Some(source);
        }
        query.limit = Some(1);
        Some(query)
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
            model_ids: self.models.clone(),
            provider: self.provider,
            prompt_id: self.prompt,
            mentioned: self.mentioned,
            entity_id: self.entity,
            sentiment: self.sentiment,
            tags: self.topics.clone(),
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
            period: Some(Period::between(day("2026-11-01"), day("2026-11-21")).into()),
            compare: Some(ComparedWith::YearBefore),
            measure: Measure::Tone,
            metric: ChartMetric::default(),
            split: Split::Models,
            bucket: Some(Bucket::Week),
            models: vec![3.into(), 5.into()],
            provider: Some(Provider::Google),
            prompt: Some(4.into()),
            mentioned: Some(false),
            entity: Some(8.into()),
            sentiment: Some(Sentiment::Negative),
            topics: vec!["price & value".to_owned()],
            text: Some("más caro".to_owned()),
            failed: Some(true),
            another: Some(true),
            run: Some(5.into()),
            domain: Some("xn--kp-yka.example".to_owned()),
            page: Some(7.into()),
            by_page: true,
            source: Some("andes.example".to_owned()),
            answer: Some(6.into()),
            opened: None,
        };
        let search = query.to_search();
        assert_eq!(
            search,
            "?period=2026-11-01..2026-11-21&compare=year&measure=tone&split=models&bucket=week&models=3,5&provider=google&prompt=4&mentioned=no&entity=8&sentiment=negative&tag=price%20%26%20value&text=m%C3%A1s%20caro&failed=yes&another=yes&run=5&domain=xn--kp-yka.example&page=7&by=page&source=andes.example&answer=6"
        );
        assert_eq!(read_on(Tab::Answers, &search), query);
        assert_eq!(
            query.address(9.into()),
            format!("/projects/9/answers{search}")
        );
        assert_eq!(PageQuery::default().to_search(), "");
    }

    #[test]
    fn several_topics_stand_in_the_address_whatever_is_in_their_names() {
        let search = |topics: &[&str]| {
            let topics = topics.iter().map(|topic| (*topic).to_owned());
            let query = PageQuery {
                topics: ordered_topics(topics.collect()),
                ..PageQuery::default()
            };
            let search = query.to_search();
            assert_eq!(read(&search), query, "{search}");
            search
        };
        assert_eq!(search(&["price"]), "?tag=price");
        assert_eq!(search(&["price", "gift", "price"]), "?topics=gift,price");
        assert_eq!(search(&["a,b"]), "?tag=a%2Cb");
        assert_eq!(search(&["a,b", "100%"]), "?topics=100%2525,a%252Cb");
        assert_eq!(search(&[]), "");
        let long = "x".repeat(51);
        assert_eq!(read(&format!("?topics={long},b")).topics, ["b"]);
        let many: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let many = read(&format!("?topics={}", many.join(",")));
        assert_eq!(many.topics.len(), TAGS);
    }

    #[test]
    fn topics_are_asked_for_where_the_page_shows_them() {
        let period = Period::last_days(7, day("2026-11-21"));
        let asked = |tab| {
            let query = read_on(tab, "?topics=gift,price");
            let tags = query.dashboard_query(1.into(), period).tags;
            (tags.len(), query.filters())
        };
        assert_eq!(asked(Tab::Overview), (2, 1));
        assert_eq!(asked(Tab::Answers), (2, 1));
        assert_eq!(asked(Tab::Sources), (0, 0));
        let filter = read("?topics=gift,price").answer_filter(1.into(), period, None);
        assert_eq!(filter.tags, ["gift", "price"]);
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
        for nowhere in [
            "/projects/3/nowhere",
            "/projects/3/runs/x",
            "/projects/3/runs/5/x",
            "/projects/3/answers/5",
            "/projects/new",
            "/projects",
            "/keys",
        ] {
            assert_eq!(Tab::of_address(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn the_page_of_a_run_lies_below_the_runs() {
        let at = |word: &str| PageQuery::read_at(word, |_| None);
        let run = at("runs/5").expect("a page");
        assert_eq!((run.tab, run.opened), (Tab::Runs, Some(5.into())));
        assert_eq!(run.address(3.into()), "/projects/3/runs/5");
        assert_eq!(Tab::of_address("/projects/3/runs/5/"), Some(Tab::Runs));
        assert_eq!(at("runs").expect("a page").opened, None);
        assert!(at("runs/").is_some_and(|all| all.opened.is_none()));
        assert_eq!(at("runs/last"), None);
        // It is no filter, and of no other page.
        assert!(!run.has_filters());
        let answers = PageQuery {
            tab: Tab::Answers,
            run: run.opened,
            ..run
        };
        assert_eq!(answers.address(3.into()), "/projects/3/answers?run=5");
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
        let alone = |search| read(search).open_source_query(1.into(), period);
        let asked = alone("?source=kipu.io").expect("a domain");
        assert_eq!(
            (asked.unit, asked.domain.as_deref(), asked.limit),
            (SourceUnit::Domain, Some("kipu.io"), Some(1))
        );
        let asked = alone("?by=page&domain=kipu.io&source=7").expect("a page");
        assert_eq!(
            (asked.unit, asked.domain.as_deref(), asked.page_id),
            (SourceUnit::Page, Some("kipu.io"), Some(7.into()))
        );
        assert_eq!(alone("?by=page&source=kipu.io"), None);
        assert_eq!(alone("?by=page"), None);
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
                "?from=2026-13-01&to=2026-11-21&period=8&compare=week&measure=prominence&provider=x&models=a,&mentioned=1&run="
            ),
            PageQuery::default()
        );
        let swapped = read("?from=2026-11-21&to=2026-11-01");
        let days = Period::between(day("2026-11-01"), day("2026-11-21"));
        assert_eq!(swapped.period, Some(days.into()));
    }

    #[test]
    fn old_addresses_have_one_model_and_two_days() {
        assert_eq!(read("?model=3").models, [3.into()]);
        assert_eq!(
            read("?models=5,x,3,,5&model=9").models,
            [3.into(), 5.into()]
        );
        assert_eq!(read("?models=5").only_model(), Some(5.into()));
        assert_eq!(read("?models=5,3").only_model(), None);
        let many: Vec<String> = (1..100).map(|id| id.to_string()).collect();
        let many = read(&format!("?models={}", many.join(",")));
        assert_eq!(many.models.len(), MODELS);
        let word = read("?period=7&from=2026-11-01&to=2026-11-21").to_search();
        assert_eq!(word, "?period=7");
    }

    #[test]
    fn the_address_goes_before_memory_before_thirty_days() {
        let today = day("2026-11-21");
        let from_of = |query: &PageQuery, memory| query.period_or(memory).period(today, None).from;
        let query = read("?from=2026-01-01&to=2026-01-02");
        assert_eq!(from_of(&query, Some("7")), day("2026-01-01"));
        assert_eq!(from_of(&PageQuery::default(), Some("7")), day("2026-11-15"));
        assert_eq!(from_of(&PageQuery::default(), Some("8")), day("2026-10-23"));
        assert_eq!(from_of(&PageQuery::default(), None), day("2026-10-23"));
        let compare = |search: &str, memory| read(search).compare_or(memory);
        assert_eq!(
            compare("?compare=none", Some("year")),
            ComparedWith::Nothing
        );
        assert_eq!(compare("", Some("year")), ComparedWith::YearBefore);
        assert_eq!(compare("", Some("odd")), ComparedWith::DaysBefore);
    }

    #[test]
    fn a_link_says_all_that_others_remember_otherwise() {
        let period = Period::between(day("2026-11-02"), day("2026-11-08"));
        let exact = |tab, search: &str| {
            let query = read_on(tab, search).spelled_out(period, ComparedWith::YearBefore);
            query.address(7.into())
        };
        assert_eq!(
            exact(Tab::Overview, "?period=7&models=3,5"),
            "/projects/7?period=2026-11-02..2026-11-08&compare=year&models=3,5"
        );
        assert_eq!(
            exact(Tab::Answers, "?tag=price&answer=6"),
            "/projects/7/answers?period=2026-11-02..2026-11-08&compare=year&tag=price&answer=6"
        );
        assert_eq!(exact(Tab::Runs, ""), "/projects/7/runs");
    }

    #[test]
    fn filters_are_counted_where_they_hold() {
        let search = "?period=7&models=3,5&prompt=4&mentioned=no&domain=kipu.io&page=7&answer=6";
        let count = |tab| read_on(tab, search).filters();
        assert_eq!(count(Tab::Answers), 4);
        assert_eq!((count(Tab::Overview), count(Tab::Sources)), (1, 1));
        assert_eq!((count(Tab::Models), count(Tab::Runs)), (0, 0));
        assert_eq!(PageQuery::default().filters(), 0);
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
