//! How values of inputs are said.

use crate::report::telling::{Telling, tell};
use crate::sensitivity::Shown;

/// A value of an input: "3.2%", "× 1.5", "+15 points".
pub(super) fn shown(telling: Telling, value: Shown) -> String {
    let short = |value: f64| {
        let decimals = match value.abs() {
            size if size >= 99.5 || size.fract() == 0.0 => 0,
            size if size >= 9.95 => 1,
            _ => 2,
        };
        telling.numbers.decimal(value, decimals)
    };
    let signed = |value: f64| if value > 0.0 { format!("+{}", short(value)) } else { short(value) };
    match value {
        Shown::Percent(share) => telling.percent(share),
        Shown::Euros(euros) => telling.numbers.euros_short(euros),
        Shown::Number(number) => short(number),
        Shown::Times(factor) => format!("×\u{a0}{}", short(factor)),
        Shown::More(number) => signed(number),
        Shown::Points(points) => {
            let points = signed(100.0 * points);
            tell!(telling, "{points}\u{a0}punti", "{points}\u{a0}points")
        }
        Shown::Quarters(quarters) => {
            let quarters = signed(quarters);
            tell!(telling, "{quarters}\u{a0}trim.", "{quarters}\u{a0}quarters")
        }
    }
}
