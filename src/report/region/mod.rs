//! The Region's books ([`crate::books`]) as files: tables ([`csv`]), what their columns are ([`shapes`]), the words for their
//! figures (`words`). Their charts are in [`super::charts`], their chapter in [`super::page`].

pub mod csv;
pub mod milestones;
pub mod shapes;
pub(super) mod words;
