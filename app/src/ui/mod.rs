//! The kit: form fields, dialogs, tables and all else that pages are made of.
//!
//! Invariant: native elements first, no page's knowledge in here, nothing of the frame. A value
//! that may be gone after an `.await` is written with `try_*` only.

pub mod async_view;
pub mod browser;
pub mod button;
pub mod change;
pub mod chart;
pub mod copy;
pub mod dialog;
pub mod downloads;
pub mod echarts;
pub mod field;
pub mod format;
pub mod icon;
pub mod interval_bar;
pub mod kpi_card;
pub mod labels;
pub mod layout;
pub mod locale;
pub mod menu;
pub mod pill;
pub mod remote;
pub mod segments;
pub mod session;
pub mod sparkline;
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
pub use change::{Change, Direction};
pub use chart::Chart;
pub use copy::CopyField;
pub use dialog::{ConfirmDialog, Dialog};
pub use downloads::Downloads;
pub use field::{SelectField, TextAreaField, TextField};
pub use icon::{Glyph, Icon};
pub use interval_bar::IntervalBar;
pub use kpi_card::{Kpi, KpiCard};
pub use labels::{ProviderMark, RunBadge, Simulated, Whose, retirement};
pub use layout::{Badge, Card, Crumb, EmptyState, Notice, PageHeader, Tone};
pub use locale::{Words, fill, t};
pub use menu::Menu;
pub use pill::Pill;
pub use remote::Remote;
pub use segments::{RemovableChip, Segment, Segments};
pub use sparkline::Sparkline;
pub use submission::Submission;
pub use summary::ErrorSummary;
pub use switch::{Checkbox, Switch};
pub use table::TableFrame;
pub use tabs::Tabs;
pub use token_input::TokenInput;
pub use unsaved::UnsavedBar;
