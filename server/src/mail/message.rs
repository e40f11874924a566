//! What a mail says, as text and as HTML.
//!
//! Invariant: pure. Names that people or providers gave are text, never markup.

use app::model::language::Language;
use app::texts::{Text, letters, notices};
use app::words::dates::long_day;
use app::words::notices::{NoticeWords, words};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::config::InstanceAddress;
use crate::markup::escaped;
use crate::store::accounts::{LetterKind, LetterToSend};
use crate::store::jobs::MailToSend;

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject, one line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// The same whenever this mail is sent, so that one that arrives twice is seen once.
    pub message_id: String,
}

/// A model that the reader may approve or reject at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewLinks {
    /// Its name.
    pub name: String,
    /// Path that approves it.
    pub approve: String,
    /// Path that rejects it.
    pub reject: String,
}

/// The mail of a notice; links lead to `address`.
pub fn letter(mail: &MailToSend, address: &InstanceAddress, reviews: &[ReviewLinks]) -> Letter {
    let language = mail.language;
    let words = words(language, &mail.notice, mail.project.as_ref());
    let base = address.base();
    compose(
        language,
        address,
        &words,
        notices::MAIL_FOOT,
        (
            &reviews_text(language, &base, reviews),
            &reviews_html(language, &base, reviews),
        ),
        &format!("notice-{}", mail.id),
    )
}

/// The letter to an address whose link has this token.
pub fn account_letter(letter: &LetterToSend, address: &InstanceAddress, token: &str) -> Letter {
    let language = letter.language;
    let (title, message, (path, label)) = match letter.kind {
        LetterKind::Confirmation => (
            letters::CONFIRM,
            letters::CONFIRM_MESSAGE,
            ("/confirm-address?token=", letters::CONFIRM_LINK),
        ),
        LetterKind::Invitation => (
            letters::INVITE,
            letters::INVITE_MESSAGE,
            ("/sign-up?invitation=", letters::INVITE_LINK),
        ),
    };
    let until = long_day(language, letter.expires_at.date_naive());
    let words = NoticeWords {
        title: title.get(language).to_owned(),
        subject: title.get(language).to_owned(),
        message: message.fill(language, &[("until", &until)]),
        link: (format!("{path}{token}"), label.get(language)),
        is_grave: false,
    };
    // A later try carries another link, so it is another message.
    let id = format!("letter-{}-{}", letter.id, letter.tries);
    compose(language, address, &words, letters::FOOT, ("", ""), &id)
}

/// A letter of these words; `also`: what stands before the link, as text and as HTML.
fn compose(
    language: Language,
    address: &InstanceAddress,
    words: &NoticeWords,
    foot: Text,
    also: (&str, &str),
    id: &str,
) -> Letter {
    let base = address.base();
    let place = base.split("://").last().unwrap_or(&base);
    let foot = foot.fill(language, &[("host", &place)]);
    let link = format!("{base}{}", words.link.0);
    Letter {
        subject: one_line(&format!("Parallax: {}", words.subject)),
        text: text(language, words, &link, also.0, &foot),
        html: html(language, words, &link, also.1, &foot),
        message_id: format!("<{id}@{}>", address.host()),
    }
}

impl Letter {
    /// The message, ready to be sent.
    ///
    /// # Errors
    /// A header that cannot be written.
    pub fn message(self, from: Mailbox, to: Mailbox) -> Result<Message, lettre::error::Error> {
        Message::builder()
            .from(from)
            .to(to)
            .subject(self.subject)
            .message_id(Some(self.message_id))
            // Absences and other machines do not answer.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(self.text, self.html))
    }
}

fn reviews_text(language: Language, base: &str, reviews: &[ReviewLinks]) -> String {
    let (yes, no) = (
        notices::APPROVE.get(language),
        notices::REJECT.get(language),
    );
    let line = |one: &ReviewLinks| {
        let ReviewLinks {
            name,
            approve,
            reject,
        } = one;
        format!("\n{name}\n  {yes}: {base}{approve}\n  {no}: {base}{reject}\n")
    };
    reviews.iter().map(line).collect()
}

fn reviews_html(language: Language, base: &str, reviews: &[ReviewLinks]) -> String {
    let (yes, no) = (
        notices::APPROVE.get(language),
        notices::REJECT.get(language),
    );
    let line = |one: &ReviewLinks| {
        let (name, approve, reject) = (
            escaped(&one.name),
            escaped(&one.approve),
            escaped(&one.reject),
        );
        let base = escaped(base);
        format!(
            r#"<p style="margin:0 0 12px"><strong>{name}</strong><br><a href="{base}{approve}" style="color:#4b4acf">{yes}</a> &#183; <a href="{base}{reject}" style="color:#4b4acf">{no}</a></p>
"#
        )
    };
    reviews.iter().map(line).collect()
}

fn text(language: Language, words: &NoticeWords, link: &str, reviews: &str, foot: &str) -> String {
    format!(
        "{}\n\n{}\n\n{}\n{reviews}\n{}:\n{link}\n\n-- \n{foot}\n",
        notices::MAIL_GREETING.get(language),
        words.title,
        words.message,
        words.link.1,
    )
}

/// Tables and styles in place, as mail programs want them.
fn html(language: Language, words: &NoticeWords, link: &str, reviews: &str, foot: &str) -> String {
    let accent = if words.is_grave { "#b3261e" } else { "#4b4acf" };
    let (title, message, label) = (
        escaped(&words.title),
        escaped(&words.message),
        escaped(words.link.1),
    );
    let (link, foot) = (escaped(link), escaped(foot));
    let code = language.code();
    let greeting = escaped(notices::MAIL_GREETING.get(language));
    format!(
        r#"<!doctype html>
<html lang="{code}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f4f9;color:#1b1c2a;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #e2e2ec;border-top:4px solid {accent};border-radius:10px">
<tr><td style="padding:28px 32px 8px;font-weight:650;color:#55566a">Parallax</td></tr>
<tr><td style="padding:0 32px">
<p style="margin:0 0 8px">{greeting}</p>
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">{title}</h1>
<p style="margin:0 0 24px">{message}</p>
{reviews}<p style="margin:0 0 28px"><a href="{link}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:{accent};color:#ffffff;text-decoration:none;font-weight:600">{label}</a></p>
</td></tr>
<tr><td style="padding:16px 32px 24px;border-top:1px solid #e2e2ec;font-size:13px;color:#55566a">{foot}</td></tr>
</table>
</td></tr></table>
</body>
</html>
"#
    )
}

/// A header has one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use app::model::ids::ProjectId;
    use app::model::notices::Notice;

    use super::*;
    use crate::config::{Config, Source};

    fn address(url: &str) -> InstanceAddress {
        let config = Config::read(&Source::of(&[("PARALLAX_URL", url)]));
        config.expect("valid").http.address
    }

    #[test]
    fn links_of_reviews_lie_below_the_prefix() {
        let reviews = [ReviewLinks {
            name: "GPT-7".to_owned(),
            approve: "/api/llm-monitoring/models/approve?token=a".to_owned(),
            reject: "/api/llm-monitoring/models/reject?token=r".to_owned(),
        }];
        let mail = mail(Language::English, "Kipu");
        let letter = letter(&mail, &address("https://plx.example/watch/"), &reviews);
        for part in [&letter.text, &letter.html] {
            for verdict in ["approve?token=a", "reject?token=r"] {
                let link = format!("https://plx.example/watch/api/llm-monitoring/models/{verdict}");
                assert!(part.contains(&link), "{part}");
            }
        }
    }

    fn mail(language: Language, name: &str) -> MailToSend {
        MailToSend {
            id: 12,
            recipient: "ana@example.com".to_owned(),
            language,
            tries: 1,
            notice: Notice::RunIncomplete {
                run: 3.into(),
                answered: 58,
                without_text: 0,
                models: Vec::new(),
                failures: Vec::new(),
                total: 60,
            },
            project: Some((ProjectId(7), name.to_owned())),
        }
    }

    #[test]
    fn both_parts_say_the_same_and_lead_to_the_same_place() {
        for language in [Language::English, Language::Spanish] {
            let letter = letter(
                &mail(language, "Kipu"),
                &address("https://parallax.example:8443/watch"),
                &[],
            );
            for part in [&letter.text, &letter.html] {
                assert!(part.contains("58") && part.contains("60"), "{part}");
                assert!(part.contains("https://parallax.example:8443/watch/projects/7/runs"));
                assert!(part.contains("parallax.example:8443/watch"));
            }
            assert!(
                letter
                    .html
                    .contains(&format!("<html lang=\"{}\">", language.code()))
            );
            assert_eq!(letter.message_id, "<notice-12@parallax.example>");
        }
    }

    #[test]
    fn letters_carry_nobodys_words_but_ours() {
        for (kind, path) in [
            (LetterKind::Confirmation, "/confirm-address?token=abc"),
            (LetterKind::Invitation, "/sign-up?invitation=abc"),
        ] {
            let letter = LetterToSend {
                id: 3,
                kind,
                recipient: "eve-says-hello@example.com".to_owned(),
                language: Language::Spanish,
                tries: 2,
                expires_at: "2026-12-03T10:00:00Z".parse().expect("a time"),
            };
            let letter = account_letter(&letter, &address("https://parallax.example"), "abc");
            for part in [&letter.text, &letter.html] {
                assert!(
                    part.contains(&format!("https://parallax.example{path}")),
                    "{part}"
                );
                assert!(!part.contains("eve-says-hello"), "{part}");
                assert!(part.contains("2026"), "{part}");
            }
            assert_eq!(letter.message_id, "<letter-3-2@parallax.example>");
        }
    }

    #[test]
    fn names_are_text_in_every_part() {
        let name = "<b onload=x>\"Kipu\"\r\nBcc: all@example.com";
        let letter = letter(
            &mail(Language::English, name),
            &address("https://parallax.example"),
            &[],
        );
        assert!(!letter.html.contains("<b onload"), "{}", letter.html);
        assert!(!letter.subject.contains(['\r', '\n']));
        assert!(!letter.subject.contains("Kipu"), "{}", letter.subject);
        let to = "ana@example.com".parse().expect("address");
        let from = "Parallax <parallax@example.com>".parse().expect("address");
        let message = letter.message(from, to).expect("a message").formatted();
        let message = String::from_utf8(message).expect("text");
        let head = message.split("\r\n\r\n").next().expect("a head");
        assert!(!head.contains("\nBcc:"), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    }
}
