//! The kit: form fields, dialogs, tables and all else that pages are made of.
//!
//! Invariant: native elements first, no page's knowledge in here, nothing of the frame. A value
//! that may be gone after an `.await` is written with `try_*` only.

pub mod async_view;
pub mod browser;
pub mod button;
pub mod calendar;
pub mod chart;
pub mod copy;
pub mod day_field;
pub mod dialog;
pub mod downloads;
pub mod echarts;
pub mod field;
pub mod format;
pub mod icon;
pub mod labels;
pub mod layout;
pub mod locale;
pub mod menu;
pub mod multi_select;
pub mod part;
pub mod popover;
pub mod remote;
pub mod segments;
pub mod session;
pub mod submission;
pub mod summary;
pub mod switch;
pub mod table;
pub mod tabs;
pub mod theme;
pub mod toast;
pub mod token_input;
pub mod unsaved;

pub use async_view::{AsyncView, ErrorPanel, Skeleton};
pub use button::{Button, LinkButton, Look, SubmitButton};
pub use chart::Chart;
pub use copy::CopyField;
pub use day_field::DayField;
pub use dialog::{ConfirmDialog, Dialog};
pub use downloads::Downloads;
pub use field::{SelectField, TextAreaField, TextField};
pub use icon::{Glyph, Icon};
pub use labels::{ProviderMark, RunBadge, Simulated, Whose, retirement};
pub use layout::{Badge, Card, EmptyState, Notice, PageTitle, Tone};
pub use locale::{Words, fill, t};
pub use menu::Menu;
pub use popover::Popover;
pub use remote::Remote;
pub use segments::{RemovableChip, Segment, Segments};
pub use submission::Submission;
pub use summary::ErrorSummary;
pub use switch::{Checkbox, Switch};
pub use table::{Direction, Sort, SortHeader, TableFrame};
pub use tabs::Tabs;
pub use token_input::TokenInput;
pub use unsaved::UnsavedBar;
