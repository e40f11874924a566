//! Accounts: how they are made, what opens them, and who is kept out. They have no REST.

mod access;
mod confirmation;
mod first_screen;
mod guessing;
mod set_up;
mod sign_in;
mod sign_in_page;
