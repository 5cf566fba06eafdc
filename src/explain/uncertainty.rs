//! What the scenario says is not known.

use super::Text;
use crate::scenario::{Change, Law, Scenario};

/// A sentence for each row of `[uncertainty]`.
pub(super) fn uncertainties(text: &mut Text, scenario: &Scenario) {
    if scenario.uncertainties.is_empty() {
        return;
    }
    text.paragraph("What is not known", "Che cosa non si sa");
    let n = text.numbers;
    for row in &scenario.uncertainties {
        let what = match row.change {
            Change::Set => ("is", "vale"),
            Change::Scale => ("is multiplied by", "è moltiplicata per"),
            Change::Shift => ("is shifted by", "è spostata di"),
        };
        let (english, italian) = match row.law {
            Law::Range { low, base, high } => {
                let (low, base, high) = (n.exact(low), n.exact(base), n.exact(high));
                (
                    format!("between {low} and {high}, planned with {base}"),
                    format!("tra {low} e {high}, con {base} come base"),
                )
            }
            Law::Uniform { low, high } => {
                let (low, high) = (n.exact(low), n.exact(high));
                (
                    format!("anything between {low} and {high} alike"),
                    format!("qualsiasi valore tra {low} e {high}, tutti alla pari"),
                )
            }
            Law::Triangular { low, mode, high } => {
                let (low, mode, high) = (n.exact(low), n.exact(mode), n.exact(high));
                (
                    format!("between {low} and {high}, most likely {mode} (triangular)"),
                    format!("tra {low} e {high}, più probabilmente {mode} (triangolare)"),
                )
            }
            Law::Lognormal { median, sigma } => {
                let (median, sigma) = (n.exact(median), n.exact(sigma));
                (
                    format!("lognormal with median {median} and sigma {sigma}"),
                    format!("lognormale con mediana {median} e sigma {sigma}"),
                )
            }
        };
        let key = &row.key;
        text.say(format!("{key} {} {english}.", what.0), format!("{key} {} {italian}.", what.1));
    }
}
