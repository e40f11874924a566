//! Files of everything.

mod answers;
mod costs;
mod numbers;
mod queries;
