//! Cuts an answer's text at the mentions that were found in it, and at the marks of its sources.
//!
//! Invariant: the segments, joined again, are the text, whatever the spans are.

use crate::order;

/// A mention or a mark of a source: who or which, and where in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset behind the last byte.
    pub end: usize,
    /// Name of the entity, or of the source.
    pub entity: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// Whether it is a mark of a source.
    pub is_source: bool,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The part.
    pub text: String,
    /// Whose mention it is; `None`: nobody's.
    pub mention: Option<Mention>,
}

/// Whose mention a part of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Name of the entity, or of the source.
    pub entity: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// Whether it is a mark of a source.
    pub is_source: bool,
}

/// The text in parts. A span that begins inside an earlier one marks what is left of it; at
/// the same place the brand goes first, then the longer one. A mark of a source ends where a
/// mention begins. Spans that are empty, end behind
/// the text or cut a character are left out: marking a wrong place is worse than none.
pub fn segments(text: &str, spans: &[Span]) -> Vec<Segment> {
    let is_sound = |span: &&Span| {
        span.start < span.end
            && text.is_char_boundary(span.start)
            && text.is_char_boundary(span.end)
    };
    let mut sound: Vec<&Span> = spans.iter().filter(is_sound).collect();
    order::sort_by_key(&mut sound, |span| {
        let after = (span.is_source, !span.is_brand);
        (span.start, after, std::cmp::Reverse(span.end))
    });

    let mut parts = Vec::new();
    let mut cut = 0;
    for (index, span) in sound.iter().enumerate() {
        let start = span.start.max(cut);
        let mut end = span.end;
        if span.is_source {
            let mention = sound[index..].iter().find(|next| !next.is_source);
            end = mention.map_or(end, |mention| end.min(mention.start));
        }
        if start >= end {
            continue;
        }
        push(&mut parts, &text[cut..start], None);
        let mention = Mention {
            entity: span.entity.clone(),
            is_brand: span.is_brand,
            is_source: span.is_source,
        };
        push(&mut parts, &text[start..end], Some(mention));
        cut = end;
    }
    push(&mut parts, &text[cut..], None);
    parts
}

/// A text in parts, to be looked up by place.
pub struct CutText {
    parts: Vec<Segment>,
    /// Where each part begins.
    places: Vec<usize>,
}

impl CutText {
    /// Cuts a text at the spans, as [`segments`] does.
    pub fn new(text: &str, spans: &[Span]) -> Self {
        let parts = segments(text, spans);
        let mut end = 0;
        let places = parts.iter().map(|part| {
            let place = end;
            end += part.text.len();
            place
        });
        Self {
            places: places.collect(),
            parts,
        }
    }

    /// Whether there is anything marked.
    pub fn has_marks(&self) -> bool {
        self.parts.iter().any(|part| part.mention.is_some())
    }

    /// What stands between two places, cut where the text is. Where it is shown in other words,
    /// these are one part, marked if a part of what stands there is.
    pub fn between(&self, start: usize, end: usize, shown: Option<&str>) -> Vec<Segment> {
        let first = self.places.partition_point(|place| *place <= start);
        let first = first.saturating_sub(1);
        let mut found = Vec::new();
        for (part, place) in self.parts.iter().zip(&self.places).skip(first) {
            if *place >= end {
                break;
            }
            let from = start.saturating_sub(*place);
            let to = part.text.len().min(end - place);
            if let Some(text) = part.text.get(from..to) {
                push(&mut found, text, part.mention.clone());
            }
        }
        let Some(shown) = shown else {
            return found;
        };
        let mention = found.into_iter().find_map(|part| part.mention);
        let mut found = Vec::new();
        push(&mut found, shown, mention);
        found
    }
}

fn push(parts: &mut Vec<Segment>, text: &str, mention: Option<Mention>) {
    if !text.is_empty() {
        parts.push(Segment {
            text: text.to_owned(),
            mention,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, entity: &str) -> Span {
        Span {
            start,
            end,
            entity: entity.to_owned(),
            is_brand: entity == "Kipu",
            is_source: entity == "kipu.io",
        }
    }

    fn marked(text: &str, spans: &[Span]) -> Vec<(String, Option<String>)> {
        segments(text, spans)
            .into_iter()
            .map(|part| (part.text, part.mention.map(|mention| mention.entity)))
            .collect()
    }

    fn part(text: &str, entity: Option<&str>) -> (String, Option<String>) {
        (text.to_owned(), entity.map(str::to_owned))
    }

    #[test]
    fn mentions_are_cut_out_where_they_stand() {
        assert_eq!(
            marked(
                "Try Kipu or Andes.",
                &[span(12, 17, "Andes"), span(4, 8, "Kipu")]
            ),
            [
                part("Try ", None),
                part("Kipu", Some("Kipu")),
                part(" or ", None),
                part("Andes", Some("Andes")),
                part(".", None)
            ]
        );
        assert_eq!(marked("", &[span(0, 1, "Kipu")]), []);
        assert_eq!(
            marked("Kipu", &[span(0, 4, "Kipu")]),
            [part("Kipu", Some("Kipu"))]
        );
    }

    #[test]
    fn overlapping_spans_share_the_text() {
        assert_eq!(
            marked(
                "Kipu Cloud",
                &[span(0, 4, "Kipu"), span(0, 10, "Kipu Cloud")]
            ),
            [
                part("Kipu", Some("Kipu")),
                part(" Cloud", Some("Kipu Cloud"))
            ]
        );
    }

    #[test]
    fn a_mention_within_a_link_stays_a_mention() {
        assert_eq!(
            marked(
                "a [Kipu](x) b",
                &[span(2, 11, "kipu.io"), span(3, 7, "Kipu")]
            ),
            [
                part("a ", None),
                part("[", Some("kipu.io")),
                part("Kipu", Some("Kipu")),
                part("](x) b", None)
            ]
        );
    }

    #[test]
    fn parts_are_found_by_place() {
        let text = "a **Kipu &amp; Co** b";
        let cut = CutText::new(text, &[span(4, 17, "Kipu")]);
        let between = |start: usize, end: usize, shown: Option<&str>| {
            let parts = cut.between(start, end, shown).into_iter();
            let short =
                |one: Segment| part(&one.text, one.mention.map(|who| who.entity).as_deref());
            parts.map(short).collect::<Vec<_>>()
        };
        assert!(cut.has_marks());
        assert_eq!(between(0, 2, None), [part("a ", None)]);
        assert_eq!(between(4, 9, None), [part("Kipu ", Some("Kipu"))]);
        // What is shown in other words is marked as what stands there is.
        assert_eq!(between(9, 14, Some("&")), [part("&", Some("Kipu"))]);
        assert_eq!(between(19, 21, None), [part(" b", None)]);
        assert_eq!(
            between(1, 6, None),
            [part(" **", None), part("Ki", Some("Kipu"))]
        );
        // Places that are none show nothing.
        assert_eq!(between(21, 21, None), []);
        assert_eq!(between(40, 50, None), []);
        assert_eq!(between(9, 4, None), []);
        assert_eq!(CutText::new("ñ", &[]).between(1, 2, None), []);
        assert_eq!(
            CutText::new("", &[]).between(0, 0, Some("⏎")),
            [Segment {
                text: "⏎".to_owned(),
                mention: None,
            }]
        );
    }

    #[test]
    fn wrong_spans_mark_nothing() {
        for wrong in [
            span(1, 2, "x"),
            span(0, 99, "x"),
            span(99, 100, "x"),
            span(3, 3, "x"),
            span(4, 2, "x"),
        ] {
            assert_eq!(marked("éclair", &[wrong]), [part("éclair", None)]);
        }
    }

    /// A small generator of pseudo-random numbers; the property must hold for all of them.
    fn next(state: &mut u64) -> usize {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 59).unwrap_or(0)
    }

    #[test]
    fn the_parts_together_are_the_text() {
        let text = "Kipu: ñandú — 日本 🦙 fin";
        let mut state = 7;
        for _ in 0..5_000 {
            let spans: Vec<Span> = (0..next(&mut state) % 6)
                .map(|_| {
                    let entity = if next(&mut state).is_multiple_of(2) {
                        "Kipu"
                    } else {
                        "Andes"
                    };
                    span(next(&mut state), next(&mut state), entity)
                })
                .collect();
            let parts = segments(text, &spans);
            let joined: String = parts.iter().map(|part| part.text.as_str()).collect();
            assert_eq!(joined, text, "{spans:?}");
            assert!(parts.iter().all(|part| !part.text.is_empty()));
        }
    }
}
