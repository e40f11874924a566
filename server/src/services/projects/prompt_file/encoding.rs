//! The text of a file: UTF-8, or UTF-16 as spreadsheets write "Unicode text".

use std::borrow::Cow;

use super::rows::line_ends;

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text without its mark, or the number of the line where it stops being text.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, u64> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?.into(),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?.into(),
        // Without a mark the first character tells, which is of ASCII in all files by a program.
        [first, 0, ..] if *first != 0 => wide(bytes, u16::from_le_bytes)?.into(),
        [0, second, ..] if *second != 0 => wide(bytes, u16::from_be_bytes)?.into(),
        _ => narrow(bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes))?,
    };
    match text.find('\0') {
        Some(place) => Err(line_ends(&text[..place]) + 1),
        None => Ok(text),
    }
}

fn narrow(bytes: &[u8]) -> Result<Cow<'_, str>, u64> {
    str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        line_ends(&before) + 1
    })
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, u64> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(line_ends(&text) + 1),
        }
    }
    if odd.is_empty() {
        Ok(text)
    } else {
        Err(line_ends(&text) + 1)
    }
}
