//! Words of the domain: enums of which each variant has one word, the same in the database, in
//! REST, in what browser and host say to each other and on the command line.
//!
//! Invariant: a variant and its word are said once, in [`words!`](crate::words); a word that is
//! not known is an error, never a default.

/// A text that is no word of the type that it should be one of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {of}")]
pub struct UnknownWord {
    /// The type's name.
    pub of: &'static str,
    /// The text.
    pub word: String,
}

/// Makes an enum of words: `Name { Variant = "word", }`, with documentation before the name and
/// before each variant.
///
/// More may be derived before the name: `Default` with `#[default]` before a variant, or the order
/// of the list. The crate that calls it knows serde, and with its feature `ssr` utoipa.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $word:tt,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every case, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word, as the database and programs have it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The case that a word names; `None`: there is no such word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::from_word(word).ok_or_else(|| $crate::word::UnknownWord {
                    of: stringify!($name),
                    word: word.to_owned(),
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::UnknownWord;
    use crate::answer::{MentionSource, Sentiment};
    use crate::run::RunStatus;

    #[test]
    fn a_case_and_its_word_name_each_other() {
        for status in RunStatus::ALL {
            assert_eq!(RunStatus::from_word(status.word()), Some(*status));
            assert_eq!(status.to_string(), status.word());
        }
        assert_eq!(RunStatus::ALL.len(), 7);
        assert_eq!("both".parse::<MentionSource>(), Ok(MentionSource::Both));
        assert_eq!(MentionSource::default(), MentionSource::None);
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        for word in ["", "Positive", "positive ", "something_new"] {
            assert_eq!(Sentiment::from_word(word), None, "{word:?}");
        }
        let error: UnknownWord = "new".parse::<Sentiment>().expect_err("no word");
        assert_eq!(error.to_string(), "\"new\" is no Sentiment");
    }
}
