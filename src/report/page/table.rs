//! A table: caption, heads with scope, first column as head of its row, numbers on the right.

use maud::{Markup, html};

/// How a column is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A few words.
    Words,
    /// Sentences: not narrower than can be read.
    Prose,
    /// Values and codes: may be broken anywhere.
    Exact,
    /// Keys: broken at their joints ([`key`]).
    Key,
    /// Numbers: digits under digits, on the right.
    Number,
}

impl Kind {
    fn class(self) -> Option<&'static str> {
        match self {
            Kind::Words => None,
            Kind::Prose => Some("prose"),
            Kind::Exact => Some("exact"),
            Kind::Key => Some("key"),
            Kind::Number => Some("number"),
        }
    }
}

/// A table being filled.
pub(super) struct Table {
    caption: String,
    heads: Vec<(String, Kind)>,
    rows: Vec<Vec<Markup>>,
}

/// A cell of plain text.
pub(super) fn text(content: impl AsRef<str>) -> Markup {
    html! { (content.as_ref()) }
}

/// A dotted key as code that may be broken after its dots, hyphens and underscores.
pub(super) fn key(content: &str) -> Markup {
    let parts = content.split_inclusive(['.', '_', '-']);
    html! { code { @for (position, part) in parts.enumerate() { @if position > 0 { wbr; } (part) } } }
}

/// Most rows of a table that is printed on one page.
const ONE_PAGE: usize = 16;

impl Table {
    /// An empty table.
    pub fn new(caption: String, heads: Vec<(String, Kind)>) -> Table {
        Table { caption, heads, rows: Vec::new() }
    }

    /// Adds a row; its first cell is its head.
    pub fn row(&mut self, cells: Vec<Markup>) {
        debug_assert_eq!(cells.len(), self.heads.len(), "a cell for each column of “{}”", self.caption);
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as HTML. Wide ones scroll by themselves, also with the keyboard.
    pub fn render(&self) -> Markup {
        let short = self.rows.len() <= ONE_PAGE;
        html! {
            div.scroll.short[short] tabindex="0" role="group" aria-label=(self.caption) {
                table {
                    caption { (self.caption) }
                    thead { tr {
                        @for (head, kind) in &self.heads {
                            th scope="col" class=[kind.class()] { (head) }
                        }
                    } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (position, (cell, (_, kind))) in row.iter().zip(&self.heads).enumerate() {
                                    @if position == 0 {
                                        th scope="row" class=[kind.class()] { (cell) }
                                    } @else {
                                        td class=[kind.class()] { (cell) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
