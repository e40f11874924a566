//! Answers: the table and the side panel.
