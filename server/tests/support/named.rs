//! A detector of entities that are known by their names alone, each by its place in a list.

use analysis::{Detector, EntitySpec};

/// A detector of these names.
pub(crate) fn detector(names: &[&str]) -> Detector<usize> {
    let entities: Vec<EntitySpec<usize>> = names
        .iter()
        .enumerate()
        .map(|(key, name)| EntitySpec {
            key,
            name: (*name).to_owned(),
            aliases: Vec::new(),
            domains: Vec::new(),
        })
        .collect();
    Detector::new(&entities)
}
