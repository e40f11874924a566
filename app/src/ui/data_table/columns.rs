//! The columns of a table, and which of them somebody wants to see: kept by the browser for each
//! person and table.

use leptos::prelude::*;

use crate::tables::columns::{ColumnPlace, OwnColumn, arrange, text};
use crate::tables::sorting::Order;
use crate::ui::locale::Words;
use crate::ui::{browser, session};

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in code: addresses and stored choices have it.
    pub key: String,
    /// What its heading says.
    pub name: Words,
    /// Whether it holds numbers.
    pub is_number: bool,
    /// Which way the first click on its heading sorts; `None` where it cannot be sorted.
    pub first_order: Option<Order>,
    /// Whether it is shown where nobody has chosen.
    pub is_shown: bool,
}

impl Column {
    /// A column of words that is shown and cannot be sorted.
    pub fn new(key: impl Into<String>, name: impl Into<Words>) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            is_number: false,
            first_order: None,
            is_shown: true,
        }
    }

    /// The same with numbers in it.
    #[must_use]
    pub fn of_numbers(self) -> Self {
        Self {
            is_number: true,
            ..self
        }
    }

    /// The same, and a click on its heading sorts it, this way first.
    #[must_use]
    pub fn sorted(self, first: Order) -> Self {
        Self {
            first_order: Some(first),
            ..self
        }
    }

    /// The same, hidden until somebody wants to see it.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self {
            is_shown: false,
            ..self
        }
    }

    fn outline(&self) -> OwnColumn<'_> {
        OwnColumn {
            key: &self.key,
            is_shown: self.is_shown,
        }
    }
}

/// The columns of a table and the choice among them.
#[derive(Clone, Copy, Debug)]
pub struct TableColumns {
    own: Signal<Vec<Column>>,
    chosen: RwSignal<String>,
    storage_key: StoredValue<Option<String>>,
}

impl TableColumns {
    /// Columns that are always all shown, in their order.
    pub fn fixed(own: Vec<Column>) -> Self {
        Self {
            own: Signal::stored(own),
            chosen: RwSignal::new(String::new()),
            storage_key: StoredValue::new(None),
        }
    }

    /// Columns of the table `table`, as the person who is signed in last chose them here.
    pub fn kept(table: &str, own: Signal<Vec<Column>>) -> Self {
        let storage_key =
            untrack(session::user).map(|user| format!("parallax.columns.{}.{table}", user.id));
        let chosen = storage_key.as_deref().and_then(browser::stored);
        Self {
            own,
            chosen: RwSignal::new(chosen.unwrap_or_default()),
            storage_key: StoredValue::new(storage_key),
        }
    }

    /// All columns, in the order in which the table has them.
    pub fn own(self) -> Vec<Column> {
        self.own.get()
    }

    /// Where each column is, and whether it is shown.
    pub fn places(self) -> Vec<ColumnPlace> {
        let chosen = self.chosen.get();
        self.own.with(|own| {
            let outlines: Vec<OwnColumn<'_>> = own.iter().map(Column::outline).collect();
            arrange(&outlines, &chosen)
        })
    }

    /// Changes where columns are, or whether they are shown.
    pub fn change(self, change: impl FnOnce(&mut [ColumnPlace])) {
        let mut places = untrack(|| self.places());
        change(&mut places);
        let chosen = self.own.with_untracked(|own| {
            let outlines: Vec<OwnColumn<'_>> = own.iter().map(Column::outline).collect();
            text(&outlines, &places)
        });
        self.keep(chosen);
    }

    /// What is chosen, as a text.
    pub fn text(self) -> String {
        self.text_of(&self.chosen.get())
    }

    /// What a text chooses, as the text that [`Self::text`] gives of it.
    pub fn text_of(self, chosen: &str) -> String {
        self.own.with(|own| {
            let outlines: Vec<OwnColumn<'_>> = own.iter().map(Column::outline).collect();
            text(&outlines, &arrange(&outlines, chosen))
        })
    }

    /// Chooses by a text.
    pub fn choose(self, chosen: &str) {
        self.keep(untrack(|| self.text_of(chosen)));
    }

    /// Goes back to what the table shows where nobody has chosen.
    pub fn reset(self) {
        self.keep(String::new());
    }

    fn keep(self, chosen: String) {
        self.storage_key.with_value(|key| {
            if let Some(key) = key {
                browser::store(key, &chosen);
            }
        });
        self.chosen.set(chosen);
    }
}
