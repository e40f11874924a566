//! Who else stands in the lists that name the brand.

mod decide;
mod discovery;
mod list;
