//! What holds for all services.

mod rooms;
