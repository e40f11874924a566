//! What holds for all routes and calls, or for none of them more than for others.

mod admission;
mod at_work;
mod bad_input;
mod capabilities;
mod compression;
mod front;
mod head;
mod left_out;
mod lists;
mod openapi;
mod parameters;
mod protocol;
mod quotas;
mod rate_limit;
mod schema_names;
mod security;
mod server_fns;
mod together;
