//! The Italian preposition, melted into its article, before a number: it depends on how the number is spoken.
//!
//! Elided before *uno*, *otto...* and *undici...* (l’1 %, dell’81 %, nell’8,5 %, all’11 %), *lo* before *zero* (lo 0,5 %,
//! nello 0 %), *il* before all others. English has no article there.

/// A preposition before a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preposition {
    /// The article alone: "il 62 %".
    None,
    /// "del 62 %".
    Di,
    /// "al 62 %".
    A,
    /// "dal 62 %".
    Da,
    /// "nel 62 %".
    In,
    /// "sul 62 %".
    Su,
}

impl Preposition {
    /// A number that is already written (Italian grouping), after the preposition: "dell’81 %", "nello 0 %".
    pub fn before(self, number: &str) -> String {
        format!("{}{number}", self.article(number))
    }

    /// With what stands between it and the number: a space, or nothing after an apostrophe.
    fn article(self, number: &str) -> &'static str {
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        // 1.234 is mille, 1,5 is uno virgola cinque; 8 begins with otto, whatever follows; 11.000 is undicimila.
        let is_grouped = number[digits.len()..].starts_with('.');
        let elided = digits == "1" && !is_grouped || digits == "11" || digits.starts_with('8');
        let (il, elision, lo) = match self {
            Preposition::None => ("il ", "l’", "lo "),
            Preposition::Di => ("del ", "dell’", "dello "),
            Preposition::A => ("al ", "all’", "allo "),
            Preposition::Da => ("dal ", "dall’", "dallo "),
            Preposition::In => ("nel ", "nell’", "nello "),
            Preposition::Su => ("sul ", "sull’", "sullo "),
        };
        match digits.as_str() {
            "0" => lo,
            _ if elided => elision,
            _ => il,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_follows_the_spoken_number() {
        for (preposition, number, expected) in [
            (Preposition::None, "62 %", "il 62 %"),
            (Preposition::None, "8,5 %", "l’8,5 %"),
            (Preposition::None, "18 %", "il 18 %"),
            (Preposition::None, "1,5 %", "l’1,5 %"),
            (Preposition::None, "1.234", "il 1.234"),
            (Preposition::None, "11.000", "l’11.000"),
            (Preposition::None, "100 %", "il 100 %"),
            (Preposition::Di, "81 %", "dell’81 %"),
            (Preposition::A, "8.000", "all’8.000"),
            (Preposition::Da, "10 %", "dal 10 %"),
            (Preposition::Da, "80 %", "dall’80 %"),
            (Preposition::In, "81 %", "nell’81 %"),
            (Preposition::In, "0 %", "nello 0 %"),
            (Preposition::In, "0,5 %", "nello 0,5 %"),
            (Preposition::Su, "11 %", "sull’11 %"),
            (Preposition::None, "\u{2212}0,31 %", "il \u{2212}0,31 %"),
        ] {
            assert_eq!(preposition.before(number), expected);
        }
    }
}
