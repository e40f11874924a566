//! Options of a chart, written as the JSON that they become.
//!
//! `serde_json::json!` reads the same and comes to some 300 bytes of code a key, because it puts
//! each in on the spot: a tenth of what the page with the first chart loads. Here that is a call.

use serde::Serialize;
use serde_json::{Map, Value};

/// An object under way.
#[derive(Debug, Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Puts a field in.
    #[inline(never)]
    pub fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Object(fields.0)
    }
}

/// A value of an option; `null` for what JSON cannot say.
#[inline(never)]
pub fn value<T: Serialize + ?Sized>(of: &T) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

/// `options!({ "name": value, "inner": { … } })`: an object of an option. What stands behind a colon
/// is an object or an expression.
macro_rules! options {
    ({ $($fields:tt)* }) => {{
        let mut object = $crate::canvas::options::Fields::default();
        $crate::canvas::options::options!(@put object $($fields)*);
        serde_json::Value::from(object)
    }};
    (@put $object:ident) => {};
    (@put $object:ident $name:literal: { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $object.put($name, $crate::canvas::options::options!({ $($inner)* }));
        $($crate::canvas::options::options!(@put $object $($rest)*);)?
    };
    (@put $object:ident $name:literal: $value:expr $(, $($rest:tt)*)?) => {
        $object.put($name, $crate::canvas::options::value(&$value));
        $($crate::canvas::options::options!(@put $object $($rest)*);)?
    };
}
pub(crate) use options;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_the_json_that_they_look_like() {
        let (wide, name, unknown) = (2.5, "a".to_owned(), f64::NAN);
        let options = options!({
            "name": name,
            "width": if wide > 2.0 { 9 } else { 7 },
            "none": unknown,
            "list": [8.0, 1.5],
            "inner": { "words": ["-", "-"], "is_so": true, "value": Value::Null },
            "last": wide - 0.5,
        });
        assert_eq!(
            options,
            json!({
                "name": "a",
                "width": 9,
                "none": null,
                "list": [8.0, 1.5],
                "inner": { "words": ["-", "-"], "is_so": true, "value": null },
                "last": 2.0,
            })
        );
    }
}
