//! Files of everything.

mod answers;
mod budget;
mod costs;
mod numbers;
mod queries;
