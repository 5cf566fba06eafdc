//! Texts in CSV files that a spreadsheet opens: data, never a formula.
//!
//! Names and ids of a scenario end up in tables that people open with a double click. A cell that begins with `=`, `+`,
//! `-`, `@`, a tab or a carriage return is run as a formula (OWASP, "CSV injection"); what comes after the mark between
//! cells is a beginning too if the spreadsheet expects another mark. [`safe`] puts an apostrophe before every such sign,
//! which is how spreadsheets themselves mark a text; [`as_meant`] takes it away again where the program reads a list that
//! it wrote. Every CSV file of the program that carries words of a scenario passes through [`safe`].

/// A text as a cell that no spreadsheet takes for a formula, whatever it takes for the mark between cells: an apostrophe
/// stands before every sign that could begin one.
pub fn safe(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    let mut beginning = Beginning::new();
    for sign in text.chars() {
        if beginning.admits_formula(sign) {
            cell.push('\'');
        }
        cell.push(sign);
        beginning.pass(sign);
    }
    cell
}

/// The text that a cell of [`safe`] stands for: apostrophes that only kept a formula off are taken away.
pub fn as_meant(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut beginning = Beginning::new();
    let mut signs = cell.chars().peekable();
    while let Some(sign) = signs.next() {
        let mark = sign == '\'' && signs.peek().is_some_and(|next| beginning.admits_formula(*next));
        // The sign behind the mark is no beginning for what follows it, as in `safe`.
        let kept = if mark { signs.next().unwrap_or(sign) } else { sign };
        text.push(kept);
        beginning.pass(kept);
    }
    text
}

/// Whether the next sign of a text could begin a cell.
struct Beginning {
    of_text: bool,
    of_cell: bool,
}

impl Beginning {
    fn new() -> Beginning {
        Beginning { of_text: true, of_cell: true }
    }

    fn admits_formula(&self, sign: char) -> bool {
        let formula = matches!(sign, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
        self.of_cell && (formula || self.of_text && matches!(sign, '\t' | '\r'))
    }

    fn pass(&mut self, sign: char) {
        let ends_cell = matches!(sign, ';' | ',' | '|' | '\t' | '\r' | '\n');
        self.of_cell = ends_cell || self.of_cell && sign.is_whitespace();
        self.of_text = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_part_of_a_text_can_begin_a_formula() {
        for (text, expected) in [
            ("A-1 = b", "A-1 = b"),
            ("=1+1", "'=1+1"),
            ("a;=1+1;", "a;'=1+1;"),
            ("a; =1", "a; '=1"),
            ("a,@x", "a,'@x"),
            ("  -2", "  '-2"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("cooperativa sociale", "cooperativa sociale"),
        ] {
            assert_eq!(safe(text), expected);
            assert_eq!(as_meant(expected), text);
        }
        // An apostrophe of a name is no mark.
        assert_eq!(as_meant("l'=x"), "l'=x");
        assert_eq!(as_meant("'Ndrina"), "'Ndrina");
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_written_the_same(text in "[-=+@;,|a' \t\r\n]{0,12}") {
            let cell = safe(&text);
            prop_assert_eq!(safe(&as_meant(&cell)), cell.clone());
            if !text.contains('\'') {
                prop_assert_eq!(as_meant(&cell), text);
            }
            for part in cell.split([';', ',', '|', '\n']) {
                prop_assert!(!part.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", cell);
            }
        }
    }
}
