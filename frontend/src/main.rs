//! Mounts the user interface in the browser.

fn main() {
    app::frame::mount();
}
