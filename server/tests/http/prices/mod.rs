//! What models cost since when.

mod imports;
