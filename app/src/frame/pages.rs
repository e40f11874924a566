//! The table of pages: its address, its place in the menu, its component and the part of the
//! code that it is in. A part is loaded when one of its pages is first shown.
//!
//! Whoever adds a page adds a line here; a project's pages are in `features/project/parts.rs`.
//! `frontend/split.mjs` reads both, and lists the files of each page: those are fetched ahead.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use super::not_found::NotFoundPage;
use crate::features::accounts::page::{AccountPage, InstancePage, SignInPage, SignUpPage};
use crate::features::home::HomePage;
use crate::features::keys::page::KeysPage;
use crate::features::notices::page::NoticesPage;
use crate::features::project::{ProjectPage, fetch_page};
use crate::features::projects::page::NewProjectPage;
use crate::features::registry::page::ModelsPage;
use crate::features::schedule::job::JobPage;
use crate::features::schedule::page::SchedulePage;
use crate::texts::{Text, nav};
use crate::ui::Glyph;
use crate::ui::part::there;

/// A part of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The workspace's pages: everybody who is signed in sees them.
    Workspace,
    /// The instance's pages: its admins see them.
    Admins,
    /// The person's own pages, in their menu.
    Person,
}

/// A link of the menu.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The part of the menu that it is in.
    pub group: Group,
    /// The page that it leads to.
    pub href: &'static str,
    /// The pages below this path belong to it, too.
    pub below: &'static str,
    /// Its picture.
    pub glyph: Glyph,
    /// What it says.
    pub label: Text,
}

/// Makes a page.
type Make = fn(()) -> AnyView;

/// The routes, the menu and the parts of the code, of one line a page. The first page that fits
/// an address is shown; guests' pages are in no part, because they are shown first. `with` names
/// what is called when the page is opened, before its code is there.
macro_rules! pages {
    (
        guests { $($guest:tt => $GuestPage:ident;)* }
        members {
            $(
                $part:ident: $name:ident $path:tt => $Page:ident
                $(, with($ahead:ident))?
                $(, menu($Group:ident, $Glyph:ident, $LABEL:ident $(, $below:literal)?))?;
            )*
        }
    ) => {
        $(
            #[wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
            fn $name() -> Result<Make, SplitLoaderError> {
                Ok(|()| view! { <$Page /> }.into_any())
            }
        )*

        /// What the menu has, in order.
        pub const ENTRIES: &[Entry] = &[
            $($(
                Entry {
                    group: Group::$Group,
                    href: $path,
                    // Where nothing else is said: what begins as the page's own address.
                    below: [$($below,)? $path][0],
                    glyph: Glyph::$Glyph,
                    label: nav::$LABEL,
                },
            )?)*
        ];

        /// What one sees without being signed in.
        #[component]
        pub fn GuestRoutes() -> impl IntoView {
            view! {
                <FlatRoutes fallback=|| ()>
                    $(<Route path=path!($guest) view=|| view! { <$GuestPage /> }.into_any() />)*
                </FlatRoutes>
            }
        }

        /// What members see.
        #[component]
        pub fn MemberRoutes() -> impl IntoView {
            view! {
                <FlatRoutes fallback=|| view! { <NotFoundPage /> }.into_any()>
                    // On the way from the sign-in page.
                    $(<Route path=path!($guest) view=|| () />)*
                    $(
                        <Route
                            path=path!($path)
                            view=|| {
                                $($ahead();)?
                                there($name, ())
                            }
                        />
                    )*
                </FlatRoutes>
            }
        }
    };
}

pages! {
    guests {
        "/sign-in" => SignInPage;
        "/sign-up" => SignUpPage;
    }
    members {
        home: home "/" => HomePage, menu(Workspace, House, PROJECTS, "/projects/new");
        projects: new_project "/projects/new" => NewProjectPage;
        project: project "/projects/:id/*page" => ProjectPage, with(fetch_page);
        settings: notices "/notices" => NoticesPage, menu(Workspace, Bell, NOTICES);
        settings: schedule "/schedule" => SchedulePage, menu(Workspace, Clock, SCHEDULE);
        settings: job "/schedule/:id" => JobPage;
        keys: keys "/keys" => KeysPage, menu(Workspace, Key, KEYS);
        settings: account "/account" => AccountPage, menu(Person, User, ACCOUNT);
        // Few come here: the members of this part are admins.
        registry: models "/admin/models" => ModelsPage, menu(Admins, Models, MODELS);
        settings: instance "/admin/instance" => InstancePage, menu(Admins, Sliders, INSTANCE);
    }
}
