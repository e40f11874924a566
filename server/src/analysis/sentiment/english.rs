//! English words of praise, of blame, and those that turn, strengthen or weaken them.
//!
//! Written for talk about products, services and companies. The notation (`/v`, `/c` ...) is
//! explained in [`super::lexicon`].

use super::advice::words;
use super::lexicon::{Cue, Source};

pub(super) const SOURCE: Source = Source {
    function_words: "the of and to is are was were be been it its they their this that these for \
        with on at by from as or an a you your we our which who has have had will can not but if \
        than when most more while also i my me do does did would should could",
    tones: &[
        (8, STRONG_PRAISE),
        (4, PRAISE),
        (2, MILD_PRAISE),
        (1, FAINT_PRAISE),
        (-2, MILD_BLAME),
        (-4, BLAME),
        (-8, STRONG_BLAME),
    ],
    cues: &[
        (
            Cue::Negation,
            "not no never none nobody neither nor without cannot can't won't don't doesn't didn't \
             isn't aren't wasn't weren't hasn't haven't hadn't couldn't wouldn't shouldn't ain't \
             hardly barely rarely seldom scarcely few little nothing zero",
        ),
        (Cue::Less, "less least"),
        (
            Cue::Intensifier,
            "very really extremely highly incredibly remarkably exceptionally particularly \
             especially super truly so such absolutely completely totally utterly deeply most more \
             much far consistently always significantly notably surprisingly widely hugely too \
             noticeably clearly extraordinarily thoroughly genuinely downright",
        ),
        (
            Cue::Diminisher,
            "somewhat slightly fairly rather relatively moderately partly bit quite occasionally \
             mildly marginally reasonably kinda",
        ),
        (
            Cue::Hedge,
            "may might could perhaps maybe possibly supposedly allegedly claims claim claimed \
             promise promises promised seems seem appears aims strives sometimes",
        ),
        (Cue::But, "but however yet nevertheless nonetheless"),
        (
            Cue::Though,
            "although though despite while whereas albeit notwithstanding",
        ),
        (Cue::Because, "because since"),
        (Cue::Condition, "if whether unless"),
        (Cue::Than, "than"),
        (Cue::Over, "over"),
        (Cue::As, "as"),
        (Cue::Unlike, "unlike"),
        (
            Cue::Relief,
            "solve/ve fix/v reduce/ve eliminate/ve prevent/v remove/ve resolve/ve minimize/ve \
             minimise/ve tackle/ve avoid/v cut cuts cutting handle/ve free relieve/ve",
        ),
        (Cue::And, "and or &"),
    ],
    pronouns: "it its it's they their they're this these he she his her the users customers \
             reviewers guests clients people patients owners also additionally moreover \
             furthermore overall in both",
    pro_labels: "pros advantage/n strength/n benefit/n upside/n highlight/n positives",
    con_labels: "cons disadvantage/n weakness weaknesses drawback/n downside/n limitation/n \
        negatives minuses caveat/n",
    triggers: words::ENGLISH_TRIGGERS,
    phrases: &[
        (Cue::Tone, 8, PRAISING_PHRASES),
        (
            Cue::Tone,
            2,
            &["fit|fits well", "held up", "holds up", "back on track"],
        ),
        (Cue::Tone, -8, BLAMING_PHRASES),
        (Cue::Tone, 0, BARE_PHRASES),
        (Cue::Beats, 6, BEATING_PHRASES),
        (
            Cue::Prefers,
            4,
            &["prefer|prefers|preferred|favor|favors|favour|favours|choose|chose"],
        ),
        (Cue::Loses, -6, LOSING_PHRASES),
        (Cue::Warning, -8, WARNING_PHRASES),
        (
            Cue::Than,
            0,
            &[
                "rather than",
                "instead of",
                "in preference to",
                "ahead of",
                "as opposed to",
            ],
        ),
        (
            Cue::Unlike,
            0,
            &[
                "compared|relative|next with|to",
                "in comparison with|to",
                "in contrast to|with",
                "as opposed to",
            ],
        ),
        (
            Cue::Leaves,
            -4,
            &[
                "switch|switched|switching|switches|move|moved|moving|migrate|migrated|migrating \
                 away|over from",
                "switch|switched|switching|switches|moved|moving|migrated|migrating from",
                "left|leave|leaving|ditched|dropped|abandoned|replaced",
            ],
        ),
        (
            Cue::Past,
            0,
            &[
                "used to be",
                "was once",
                "were once",
                "once was",
                "in the past",
                "at first",
            ],
        ),
        (
            Cue::Past,
            0,
            &[
                "on paper",
                "in theory",
                "looks|look|looked nice|good|great in|on",
            ],
        ),
        (
            Cue::Intensifier,
            0,
            &["by far", "a lot", "in every way", "far more", "much more"],
        ),
        (
            Cue::Diminisher,
            0,
            &["a bit", "a little", "kind of", "sort of", "to some extent"],
        ),
        (
            Cue::Hedge,
            0,
            &[
                "can be",
                "some users|people|customers|reviewers",
                "not everyone",
                "for some",
            ],
        ),
        (
            Cue::But,
            0,
            &[
                "on the other hand",
                "that said",
                "by contrast",
                "in contrast",
                "even so",
            ],
        ),
        (
            Cue::Though,
            0,
            &[
                "even though",
                "even if",
                "in spite of",
                "apart from",
                "aside from",
            ],
        ),
        (
            Cue::Negation,
            0,
            &[
                "far from",
                "anything but",
                "lack|lacks|lacked|lacking of",
                "free of|from",
                "no longer",
                "hardly ever",
                "fails|failed|fail to",
                "instead of being",
                "unable to",
                "not at all",
            ],
        ),
        (
            Cue::Relief,
            0,
            &["get|gets rid of", "takes the", "no more", "says goodbye to"],
        ),
        (
            Cue::Because,
            0,
            &["due to", "thanks to", "owing to", "because of"],
        ),
    ],
};

const STRONG_PRAISE: &str = "excellent/a outstanding/a superb/a exceptional/a amazing/a fantastic \
    fantastically wonderful/a brilliant/a stellar perfect/a flawless/a impeccable impeccably \
    best unbeatable unmatched unrivaled unrivalled unparalleled superior phenomenal/a \
    magnificent/a marvelous marvellous incredible delightful/a delicious love/ve loved beloved \
    adore/ve outshine/ve excel/v excelled excelling recommend/v recommended recommendation/n \
    favorite/n favourite/n masterpiece gem spotless immaculate splendid/a \
    remarkable terrific exquisite ideal/a";

const PRAISE: &str = "good great well better nice/c happy happier happily fine impressive \
    impress/v reliable reliably reliability dependable trustworthy trusted trust/v quick/c fast/c \
    swift/a speedy prompt/a responsive easy easier easiest easily effortless/a intuitive \
    intuitively smooth/c seamless/a simple simpler simplest simplicity \
    convenient/a comfortable comfortably comfort comfy powerful/a robust/a solid/a sturdy \
    sturdier durable durability versatile flexible flexibility efficient/a effective/a \
    accurate/a accuracy precise/a precision affordable affordably inexpensive cheap/c economical \
    generous/a fair/c reasonable transparent/a transparency honest/a friendly friendlier kind \
    polite/a courteous helpful/a attentive caring professional/a competent/a skilled \
    knowledgeable thorough/a careful/a punctual punctually elegant/a beautiful/a stylish \
    attractive/a gorgeous lovely clean/c crisp sharp fresh tasty tender rich satisfying \
    satisfied satisfy satisfies pleased pleasant/a pleasing pleasure enjoy/v enjoyable \
    delight/v joy praise/ve applaud/v commend/v appreciate/ve admire/ve celebrated acclaimed \
    renowned respected reputable prestigious award/n awarded leader leading \
    premium innovative innovation/n modern sleek polished refined \
    advantage/n benefit/n strength/n shine/ve strong/c \
    succeed/v success/n successful/a improve/ve improvement/n valuable worth worthwhile \
    secure/a safe/c stable healthy gentle quiet/c spacious roomy light lightweight nimble \
    bright helped helps helping thrive/ve win wins winner/n winning won gold standard grateful \
    thankful fun charming cozy cosy cordial welcoming memorable inspiring loyal \
    painless/a superbly comprehensive extensive abundant versatility personalized tailored \
    consistent competitive standout exceed/v exceeded praised advanced accessible \
    saves saved ease boost/v sensible credible rewarding stunning \
    vibrant scalable handy useful/a clear/c luxurious genuine/a pleasantly \
    proven guaranteed dedicated dedication empathetic superbly warm warmly thoughtful/a \
    protects delivers generously";

const MILD_PRAISE: &str = "popular popularity complete ample suitable plenty wide \
    works helping like liked likes positive/a mature established active capable \
    appealing balanced respectable notable";

const FAINT_PRAISE: &str = "decent/a okay ok acceptable adequate/a passable usable tolerable \
    serviceable alright sufficient/a";

const MILD_BLAME: &str = "limited limitation/n basic average mediocre pricey pricier costly \
    costlier bland plain generic dated steep dull lengthy stiff heavy heavier small sparse \
    harder hard difficult/a complex complexity complicated cumbersome tricky strict \
    inconvenient wary cautious uneven criticism criticisms concern/n concerned cold \
    minimal noisy loud crowded inflexible impersonal demanding";

const BLAME: &str = "bad/a worse poor/c slow/c sluggish/a laggy lag lags expensive overpriced \
    unreliable unreliability unstable buggy bug/n glitch glitches glitchy crash/v error/n \
    problem/n problematic issue/n trouble/n troublesome fail/v failed failure/n faulty defect/n \
    defective flaw/n flawed weak/c weakness weaknesses drawback/n downside/n disadvantage/n \
    disappoint/v disappointing disappointment/n frustrate/ve frustrating frustration/n annoy/v \
    annoying irritate/ve irritating irritation confuse/ve confusing confusion clunky outdated \
    obsolete unhelpful rude/a unfriendly unresponsive incompetent/a unprofessional/a careless/a \
    sloppy negligent dishonest/a deceptive misleading mislead/v hidden shady opaque \
    complain/v complaint/n criticize/ve criticise/ve criticised criticized struggle/ve \
    suffer/v break/v broke broken damage/ve damaged damages leak/v leaky lose losing loss lost \
    delay/v late outage/n downtime hassle/n inaccurate/a inaccuracy wrong/a incorrect/a \
    inconsistent/a insecure unsafe dangerous/a risky risk/n harmful dirty filthy stained stale \
    bitter tasteless greasy soggy uncomfortable uncomfortably inferior lack/v lacked lacking \
    missing missed ugly cluttered bloated overwhelming tedious boring painful/a pain \
    regret/v unhappy dissatisfied unsatisfied unsatisfactory angry angered anger upset \
    refuse/ve ignore/ve cancelled canceled overcharge/ve overcharged unfair/a excessive/a \
    unacceptable rigid fragile flimsy brittle crack/v cheaply noise \
    decline/ve declined worsen/v deteriorate/ve stagnant unanswered lawsuit/n sued fined \
    breach breaches breached recall recalled controversial controversy suspicious distrust \
    hate/ve dislike/ve limiting restrictive inefficient/a ineffective/a impractical inadequate/a \
    insufficient/a overcrowded overrated underwhelming unimpressive subpar shoddy drain/v \
    hurt hurts unusable intrusive spam spammy neglect/v neglected \
    vulnerable warn/v warning/n burned smelly smell/v unpleasant/a \
    unintuitive unclear hostile arrogant stingy scarce patchy unpredictable ";

const STRONG_BLAME: &str = "terrible terribly horrible horribly awful/a dreadful/a abysmal \
    worst atrocious appalling disastrous disaster/n catastrophe nightmare/n useless worthless \
    garbage rubbish trash scam/n scammed fraud/n fraudulent disgusting pathetic horrendous \
    lousy notorious/a infuriating unbearable mess ripoff cheat/v cheated \
    inexcusable shameful lie lied lies unforgivable";

const PRAISING_PHRASES: &[&str] = &[
    "hard|tough|difficult to beat",
    "can't|cannot be beaten|beat",
    "can't|cannot go wrong with",
    "second to none",
    "stand|stands|stood|standing out",
    "set|sets apart",
    "sets it|them apart",
    "above and beyond",
    "top pick|choice|notch|tier|rated|recommendation",
    "safe bet|choice",
    "go to",
    "worth it",
    "worth every penny|cent",
    "well worth",
    "first class|rate",
    "built to last",
    "peace of mind",
    "value for money",
    "good|great|excellent value",
    "state of the art",
    "gold standard",
    "go|going with",
    "a must",
    "must have|try",
    "not hesitate to recommend",
    "never look|looked back",
    "never been better",
    "never felt better",
    "high marks|praise|quality",
    "ease of use",
    "easy to use|learn",
    "nothing beats",
    "nothing|nobody|none better than",
    "better off with",
    "never let me|us down",
    "could not|couldn't be happier",
    "wins on|at",
    "on time",
    "user friendly",
    "award winning",
    "top notch|rated",
    "well designed|made|built|thought",
    "hassle free",
    "rock solid",
    "best in class",
    "world class",
    "went|goes|go smoothly",
    "come back",
    "again and again happy",
    "save|saves|saved time|money|hours",
    "in good hands",
    "game changer",
    "hidden gem",
    "a cut above",
    "head and shoulders above",
    "hit|hits the mark|spot",
    "ahead of the curve",
    "not disappoint|disappointed",
    "no wonder",
    "no complaints",
    "highly enough",
];

const BLAMING_PHRASES: &[&str] = &[
    "leave|leaves|left a lot|much to be desired",
    "leave|leaves|left something to be desired",
    "fall|falls|fell short",
    "waste of money|time",
    "cheaply made|built",
    "stay|keep away",
    "steer|stay clear",
    "not worth",
    "isn't worth",
    "never again",
    "not a good fit",
    "hard|difficult to use|learn|navigate|trust|reach",
    "drag|drags its|their feet",
    "low marks",
    "better off elsewhere|without",
    "let|lets me|us|you|them down",
    "bad reputation",
    "poor value",
    "not work|working",
    "doesn't|didn't|don't work",
    "out of date",
    "hidden fees|costs|charges",
    "deal breaker",
    "red flag|flags",
    "cut|cuts|cutting corners",
    "rip off",
    "ripped off",
    "not as good|advertised|promised|described",
    "failed to",
    "fails to",
    "too simple|basic|few|many|small|long",
    "give|gave|giving up",
    "steep learning curve",
    "wore|wear|wears out",
    "falls apart",
    "fell apart",
    "would not|wouldn't recommend",
    "broken promises",
    "nobody|no one seemed to care|calls|cares|answers|helps",
    "no help",
    "poorly made|designed|written|trained",
    "worse than",
    "think twice",
];

const BARE_PHRASES: &[&str] = &[
    "not only",
    "basic plan|tier|package|version",
    "limited to",
    "simple|basic|easy tasks|projects|needs|jobs",
    "as well as",
    "as well",
    "well known",
    "best known",
    "as far as",
    "so far",
    "risk free trial",
    "free trial|plan|tier|version",
    "no later than",
    "best for|seller|sellers|selling",
    "small|large|big team|teams|business|businesses|company|companies|firm|firms|agency|agencies",
    "small|large|big store|stores|shop|shops|group|groups|project|projects|organization|organizations",
    "small|tight budget|budgets",
    "small and medium|large|midsize",
    "customer success",
    "success manager",
    "fine print",
    "fair trade",
    "kind of",
    "issue|issues tracker|tracking",
    "error message|messages|log|logs|tracking",
    "bug tracker|tracking",
    "risk management|assessment",
    "good|great question",
    "it's worth noting",
    "worth noting|mentioning|considering|knowing",
    "light mode",
    "lost and found",
    "damage insurance|cover",
    "not just",
    "no matter",
    "more or less",
    "little by little",
    "pros and cons",
    "advantages and disadvantages",
    "strengths and weaknesses",
    "neither bad nor good",
    "a good choice for you",
    "better or worse",
    "depends on",
    "well as",
    "clean energy",
    "secure socket",
    "quick start",
    "fast food",
    "light bulb",
    "strong passwords|password",
];

const BEATING_PHRASES: &[&str] = &[
    "outperform|outperforms|outperformed|outperforming",
    "outclass|outclasses|outclassed",
    "surpass|surpasses|surpassed|surpassing",
    "beat|beats|beating",
    "outrank|outranks|outpace|outpaces",
    "superior to",
    "eclipse|eclipses",
    "win|wins|won against|over",
    "edge|edges out",
    "trump|trumps",
    "preferable to",
    "outshines|outshine",
    "outdoes|outdo",
];

const LOSING_PHRASES: &[&str] = &[
    "lag|lags|lagged|lagging behind",
    "fall|falls|fell|falling behind",
    "fall|falls|fell short of",
    "trail|trails|trailed|trailing behind",
    "inferior to",
    "pale|pales beside|next",
    "lose|loses|lost to|against|out",
    "no match for",
    "can't|cannot match|compete|keep",
    "second best to",
    "not as good as",
];

const WARNING_PHRASES: &[&str] = &[
    "avoid|avoiding",
    "steer|stay|keep clear|away of|from",
    "stay|keep away",
    "beware of",
    "beware",
    "cannot|can't recommend",
    "not recommend",
    "wouldn't|don't|won't recommend",
    "think twice before",
];
