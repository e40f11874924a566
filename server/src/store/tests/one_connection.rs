//! No transaction waits for a second connection: where each connection is held by a transaction
//! that waits for another one, nothing goes on. A flow finds it where it comes along; here the
//! source is read.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::source_reading::{NO_CODE, before, pattern, sources};

static FUNCTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfn\s+(\w+)"));
static BEGIN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\.\s*begin(?:_write|_with_options|_with_config)?\s*\("));
static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.\s*(?:commit|rollback)\s*\("));
/// A parameter by which a caller lends a transaction, or may.
static LENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[(:,]\s*&?(?:'\w+\s+)?(?:\w+::)*(?:DatabaseTransaction|(?:impl\s+)?ConnectionTrait)\b",
    )
});
/// The pools by their names, or the store that is handed on to who knows whom.
static POOL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\.\s*(?:readers|writer)\b|\.\s*(?:reader|begin_write)\s*\(|[(,]\s*&?(?:self|store)\s*[,)]",
    )
});
static CALL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:self|store)\s*\.\s*(\w+)\s*\("));

struct Function {
    name: String,
    signature: String,
    body: String,
}

impl Function {
    /// What runs while a transaction is open: all of it where one is lent, else from each begin
    /// to the last end before the next one.
    fn held(&self) -> Vec<&str> {
        if LENT.is_match(&self.signature) {
            return vec![self.body.as_str()];
        }
        let begins: Vec<usize> = BEGIN
            .find_iter(&self.body)
            .map(|found| found.end())
            .collect();
        let next = begins.iter().skip(1).copied().chain([self.body.len()]);
        let pieces = begins.iter().zip(next).map(|(from, to)| {
            let piece = &self.body[*from..to];
            let end = END.find_iter(piece).last();
            &piece[..end.map_or(piece.len(), |found| found.start())]
        });
        pieces.collect()
    }

    /// Whether a piece of code takes a connection of the pool.
    fn takes(code: &str, takers: &BTreeSet<&str>) -> bool {
        let mut calls = CALL.captures_iter(code);
        POOL.is_match(code) || calls.any(|call| takers.contains(&call[1]))
    }
}

fn functions(source: &str) -> Vec<Function> {
    let code = NO_CODE.replace_all(source, " ");
    let function = |found: regex::Captures<'_>| {
        let rest = &code[found.get(0)?.end()..];
        let signature = before(rest, &['{', ';'])?;
        let body = before(rest[signature.len()..].strip_prefix('{')?, &['}'])?;
        Some(Function {
            name: found[1].to_owned(),
            signature: signature.to_owned(),
            body: body.to_owned(),
        })
    };
    FUNCTION.captures_iter(&code).filter_map(function).collect()
}

/// The functions that take a connection of the pool, by themselves or by a method that does,
/// while they hold a transaction.
fn take_a_second(functions: &[Function]) -> Vec<&str> {
    let mut takers = BTreeSet::new();
    loop {
        let is_one = |function: &&Function| Function::takes(&function.body, &takers);
        let more = functions.iter().filter(is_one);
        let known = takers.len();
        takers = more.map(|function| function.name.as_str()).collect();
        if takers.len() == known {
            break;
        }
    }
    let is_wrong = |function: &&Function| {
        let mut held = function.held().into_iter();
        held.any(|piece| Function::takes(piece, &takers))
    };
    let wrong = functions.iter().filter(is_wrong);
    wrong.map(|function| function.name.as_str()).collect()
}

#[test]
fn no_transaction_takes_a_second_connection() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let store = sources(&root.join("store"));
    let all: Vec<Function> = store.iter().flat_map(|(_, text)| functions(text)).collect();
    let holders = all.iter().filter(|function| !function.held().is_empty());
    assert!(holders.count() > 100, "the source is not read");
    assert_eq!(take_a_second(&all), Vec::<&str>::new());
    // What is not read here begins none.
    for (path, text) in sources(&root) {
        let is_read = store.iter().any(|(known, _)| *known == path);
        assert!(is_read || !text.contains(".begin_write("), "{path}");
    }
}

#[test]
fn a_second_connection_is_found() {
    let sample = r#"
        impl Store {
            async fn names(&self) { rows::all(self.reader(), "SELECT 1", []).await }
            async fn first_name(&self) { self.names().await }
            async fn wrong_by_name(&self) {
                let tx = self.begin_write().await?;
                rows::all(self.reader(), "SELECT '}'", []).await?;
                tx.commit().await
            }
            async fn wrong_by_a_call(&self, columns: [&str; 2]) {
                let tx = self.begin_write().await?;
                if columns.is_empty() { return tx.rollback().await; }
                self.first_name().await?;
                tx.commit().await
            }
            async fn wrong_with_what_is_lent(&self, tx: &DatabaseTransaction) { self.names() }
            async fn wrong_twice(&self) {
                let one = self.begin_write().await?;
                let two = self.begin_write().await?;
                two.commit().await?;
                one.commit().await
            }
            async fn wrong_by_another(&self, connection: &impl ConnectionTrait) { help(self).await }
            async fn right(&self) {
                let name = self.first_name().await?;
                let tx = self.begin_write().await?;
                // Not self.reader().
                rows::all(&tx, "SELECT self.reader()", []).await?;
                let now = self.clock().now();
                tx.commit().await?;
                self.names().await
            }
        }
    "#;
    let found = functions(sample);
    let wrong: Vec<&str> = found
        .iter()
        .map(|function| function.name.as_str())
        .filter(|name| name.starts_with("wrong"))
        .collect();
    assert_eq!((take_a_second(&found), wrong.len()), (wrong, 5));
}
