//! Topics in one line, parted by commas: how several of them stand in an address.
//!
//! Invariant: what is joined is parted again as it was. A tag may hold any letter.

/// Several topics as one text. It is still to be escaped as an address asks for it.
pub fn joined(topics: &[String]) -> String {
    let parts = topics.iter();
    let parts = parts.map(|topic| topic.replace('%', "%25").replace(',', "%2C"));
    parts.collect::<Vec<String>>().join(",")
}

/// The topics of a text, without space around them and without empty ones.
pub fn parted(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|part| part.replace("%2C", ",").replace("%25", "%"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_is_parted_as_it_was() {
        let topics = ["price", "a,b", "100%", "%2C", "%25", "más & más", "%252C,"];
        let topics = topics.map(str::to_owned);
        assert_eq!(joined(&topics[..2]), "price,a%2Cb");
        assert_eq!(parted(&joined(&topics)), topics);
        assert_eq!(parted(&joined(&[])), [""; 0]);
        assert_eq!(parted(" a ,, b,"), ["a", "b"]);
    }
}
