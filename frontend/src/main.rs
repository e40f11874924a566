//! Mounts the user interface in the browser.

fn main() {
    #[cfg(feature = "styleguide")]
    if app::features::styleguide::is_asked_for() {
        app::features::styleguide::mount();
        return;
    }
    app::frame::mount();
}
