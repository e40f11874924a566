//! Who judges the answers of a workspace, and what that costs.

mod chosen_judge;
