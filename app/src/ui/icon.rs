//! Icons: strokes on a grid of 24, in the colour of the text around them.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)+) => {
        /// A picture of the icon set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph { $($(#[$doc])* $name,)+ }

        impl Glyph {
            const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }
        }
    };
}

glyphs! {
    /// Add.
    Plus = "M12 5v14M5 12h14";
    /// Close, remove.
    Close = "M6 6l12 12M18 6L6 18";
    /// Pinned, or to be pinned.
    Star = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z";
    /// Done, yes.
    Check = "M5 13l4.5 4.5L19 7";
    /// Something is wrong.
    Warning = "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1";
    /// Something to know.
    Info = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.6v.1";
    /// Go on.
    ChevronRight = "M9 5l7 7-7 7";
    /// Back, out of what is below.
    ChevronLeft = "M15 5l-7 7 7 7";
    /// Opens a choice.
    Choose = "M8 9.5l4-4 4 4M8 14.5l4 4 4-4";
    /// Opens below.
    ChevronDown = "M5 9l7 7 7-7";
    /// Sorted upwards.
    ArrowUp = "M12 19V5M6 11l6-6 6 6";
    /// Sorted downwards.
    ArrowDown = "M12 5v14M6 13l6 6 6-6";
    /// The menu of the page.
    Menu = "M4 7h16M4 12h16M4 17h16";
    /// More actions.
    More = "M5 12v.1M12 12v.1M19 12v.1";
    /// The first page.
    House = "M4 11l8-6.5 8 6.5v8.5h-5.5v-5.5h-5v5.5H4z";
    /// What people are told.
    Bell = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4";
    /// The side bar, which folds.
    SideBar = "M4 5h16v14H4zM9.5 5v14";
    /// Answers.
    Answers = "M4 5h16v11H9l-5 4zM8 9h8M8 12h5";
    /// What a thing is set to.
    Settings = "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3.5v2.5M12 18v2.5M3.5 12H6M18 12h2.5M6 6l1.8 1.8M16.2 16.2 18 18M6 18l1.8-1.8M16.2 7.8 18 6";
    /// Projects.
    Folder = "M3 7.5A1.5 1.5 0 0 1 4.5 6H9l2.5 2.5h8A1.5 1.5 0 0 1 21 10v7.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5z";
    /// API keys.
    Key = "M15.5 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M12.3 11.7 4 20M6.5 17.5 9 20M9.7 14.3l2.2 2.2";
    /// Models.
    Models = "M12 3 3.5 7.5 12 12l8.5-4.5zM3.5 12 12 16.5l8.5-4.5M3.5 16.5 12 21l8.5-4.5";
    /// Topics.
    Topic = "M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5zM8.3 8.3v.1";
    /// The instance.
    Sliders = "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5";
    /// A person.
    User = "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5a7.5 7.5 0 0 1 15 0";
    /// Leaves.
    SignOut = "M14 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H14M10.5 12H21M17 8l4 4-4 4";
    /// Light.
    Sun = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4";
    /// Dark.
    Moon = "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z";
    /// As the system has it.
    Display = "M4 5h16v11H4zM9 20h6M12 16v4";
    /// Language.
    Globe = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18";
    /// Change.
    Edit = "M4 20l.8-4L16 4.8l3.2 3.2L8 19.2zM13.5 7.3l3.2 3.2";
    /// Throw away.
    Trash = "M4 7h16M9.5 7V4.5h5V7M6 7l1 13h10l1-13M10 11v5.5M14 11v5.5";
    /// Start.
    Play = "M7 4.5v15l12-7.5z";
    /// Stop.
    Stop = "M6.5 6.5h11v11h-11z";
    /// Again.
    Refresh = "M20 5v5h-5M4 19v-5h5M5.2 9.5A7.5 7.5 0 0 1 18 7l2 3M18.8 14.5A7.5 7.5 0 0 1 6 17l-2-3";
    /// Copy.
    Copy = "M8.5 8.5h11v11h-11zM5 15.5H4.5v-11h11V5";
    /// Look for something.
    Search = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20.5 20.5";
    /// Fewer rows.
    Filter = "M4 5h16l-6.2 7.5V19l-3.6-2v-4.5z";
    /// Which columns.
    Columns = "M4 5h16v14H4zM9.3 5v14M14.7 5v14";
    /// Takes it with you.
    Download = "M12 4v11M7 10.5l5 5 5-5M5 20h14";
    /// Leads out of the application.
    External = "M13.5 5H19v5.5M19 5l-8.5 8.5M17 14v4.5H5.5V7H10";
    /// When it was.
    Clock = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2";
    /// A day.
    Calendar = "M4.5 6h15v13.5h-15zM4.5 10.5h15M8.5 3.5v4M15.5 3.5v4";
    /// The course of things.
    Chart = "M4 4v16h16M8 15l3.5-4 3 2.5L20 8";
    /// Made by itself.
    Sparkle = "M12 4c.8 4.8 3.2 7.2 8 8-4.8.8-7.2 3.2-8 8-.8-4.8-3.2-7.2-8-8 4.8-.8 7.2-3.2 8-8z";
    /// Made up.
    Flask = "M9.5 3.5h5M10.5 3.5v6L5 18.8a1.2 1.2 0 0 0 1 1.7h12a1.2 1.2 0 0 0 1-1.7l-5.5-9.3v-6M8 15h8";
    /// Money.
    Wallet = "M4 7.5A2.5 2.5 0 0 1 6.5 5H18v3M4 7.5V17a2.5 2.5 0 0 0 2.5 2.5H20V8H6.5A2.5 2.5 0 0 1 4 7.5zM16.5 13.7v.1";
    /// Over the whole window.
    Expand = "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7";
    /// A link.
    Link = "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.3-1.3";
}

/// An icon. It says nothing to a screen reader: the words stand beside it or in `aria-label`.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}

/// The mark of Parallax: a star, seen from two places.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <g class="mark-line" fill="none" stroke-width="2.5" stroke-linecap="round">
                <path d="M4 28 16 9 28 28" />
                <path d="M10 28h12" opacity=".5" />
            </g>
            <circle class="mark-star" cx="16" cy="7" r="4.5" />
        </svg>
    }
}
