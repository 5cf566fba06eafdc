//! The table of words: each with its Italian and its English form, or it does not compile.

use crate::scenario::Language;

/// Declares a table of words: a struct with one field a word, and one value of it per language.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: it $italian:literal, en $english:literal;)+) => {
        /// All fixed words of one language.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct Words { $($(#[$doc])* pub $name: &'static str,)+ }

        static ITALIAN: Words = Words { $($name: $italian,)+ };
        static ENGLISH: Words = Words { $($name: $english,)+ };

        #[cfg(test)]
        const PAIRS: &[(&str, &str, &str)] = &[$((stringify!($name), $italian, $english),)+];
    };
}

/// The words of a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::Italian => &ITALIAN,
        Language::English => &ENGLISH,
    }
}

words! {
    // Statistics.
    /// Column head: the mean.
    mean: it "media", en "mean";
    /// Column head: the median.
    median: it "mediana", en "median";
    /// Column head: the standard error of the mean.
    standard_error: it "errore standard", en "standard error";
    /// Column head: the standard deviation.
    standard_deviation: it "deviazione standard", en "standard deviation";
    /// Column head: the smallest value.
    minimum: it "minimo", en "minimum";
    /// Column head: the largest value.
    maximum: it "massimo", en "maximum";
    /// A confidence interval of 95 %.
    confidence_interval: it "intervallo di confidenza al 95\u{a0}%", en "95% confidence interval";
    /// The same around a curve.
    confidence_band: it "fascia di confidenza al 95\u{a0}%", en "95% confidence band";
    /// What the length of a bar is.
    bar_is_mean: it "barra: media", en "bar: mean";
    /// What the thin lines in a chart over time are.
    thin_lines_are_paths: it "linee grigie: singoli percorsi", en "grey lines: single paths";
    /// A quantile.
    quantile: it "quantile", en "quantile";
    /// A probability.
    probability: it "probabilità", en "probability";
    /// The figure's name, heading of a table.
    metric: it "grandezza", en "figure";
    /// A value, heading of a table.
    value: it "valore", en "value";
    /// Simulated futures.
    paths: it "percorsi", en "paths";
    /// Where a figure was not estimated because the sample is small.
    too_few_paths: it "troppo pochi percorsi", en "too few paths";
    /// What a histogram of a single value shows.
    share_of_all_paths: it "Quota di percorsi", en "Share of paths";
    /// An axis in powers of ten.
    logarithmic_scale: it "scala logaritmica", en "log scale";
    /// A line not to be crossed.
    threshold: it "soglia", en "threshold";
    /// The sum.
    total: it "totale", en "total";
    /// Nothing was there to be drawn.
    no_data: it "nessun dato", en "no data";
    /// Why a panel is empty.
    nothing_to_draw: it "Nessun percorso ha un valore da mostrare qui.", en "No path has a value to show here.";
    /// Why an exceedance curve has nothing to show.
    never_exceeded: it "Nessun percorso supera questi valori.", en "No path goes beyond these values.";
    /// A quarter of a year.
    quarter: it "trimestre", en "quarter";
    /// A year.
    year: it "anno", en "year";

    // The fund, its lines and its instruments.
    /// The fund.
    fund: it "fondo", en "fund";
    /// All lines together.
    all_lines: it "Tutte le linee", en "All lines";
    /// A line.
    line: it "linea", en "line";
    /// Line 1.
    line_one: it "Linea 1: programmi di investimento", en "Line 1: investment programmes";
    /// Line 2.
    line_two: it "Linea 2: piccoli progetti", en "Line 2: small projects";
    /// Heading of figures by line.
    by_line: it "Per linea", en "By line";
    /// A theme.
    theme: it "tema", en "theme";
    /// Heading of figures by theme.
    by_theme: it "Per tema", en "By theme";
    /// Heading of figures by instrument.
    by_instrument: it "Per strumento", en "By instrument";
    /// Heading of figures by product.
    by_product: it "Per prodotto", en "By product";
    /// Heading of figures by listed applicant.
    by_borrower: it "Per richiedente", en "By applicant";
    /// Heading of figures by rating.
    by_rating: it "Per classe di merito", en "By rating class";
    /// First theme.
    health_wellbeing: it "Salute e benessere", en "Health and wellbeing";
    /// Second theme.
    demographic_change: it "Cambiamento demografico", en "Demographic change";
    /// Third theme.
    poverty_exclusion: it "Povertà ed esclusione sociale", en "Poverty and social exclusion";
    /// Other themes.
    other_theme: it "Altri temi", en "Other themes";
    /// Guarantees.
    guarantees: it "garanzie", en "guarantees";
    /// Loans of the fund.
    fund_loans: it "prestiti del fondo", en "fund loans";
    /// Loans of banks.
    bank_loans: it "prestiti bancari", en "bank loans";
    /// Capital grants.
    grants: it "contributi in conto capitale", en "capital grants";
    /// What the applicant puts in.
    own_funds: it "mezzi propri", en "own funds";
    /// A rating.
    rating: it "classe di merito", en "rating class";
    /// A product.
    product: it "prodotto", en "product";
    /// Management fees.
    fees: it "costi di gestione", en "management fees";
    /// What was lost.
    lost: it "perso", en "lost";
    /// What returns to the Region.
    back_to_region: it "torna alla Regione", en "back to the Region";

    // Titles, labels and axes of the charts.
    /// Expected loss.
    expected_loss: it "Perdita attesa", en "Expected loss";
    /// Loss of the fund.
    fund_loss: it "Perdita del fondo", en "Loss of the fund";
    /// Heading of an exceedance curve of a loss.
    chance_of_losing_more: it "Probabilità di perdere di più", en "Chance of losing more";
    /// Heading of an exceedance curve of any figure.
    chance_of_exceeding: it "Probabilità di superare il valore", en "Chance of exceeding the value";
    /// Leverage.
    leverage: it "Effetto leva", en "Leverage effect";
    /// Default rate.
    default_rate: it "Tasso di inadempimento", en "Default rate";
    /// Cash.
    cash: it "Liquidità del fondo", en "Cash of the fund";
    /// What the guarantees may cost.
    guaranteed_exposure: it "Esposizione garantita", en "Guaranteed exposure";
    /// What the line has for them: its budget and the fees that they earned, less what they cost so far.
    guarantee_reserve: it "Dotazione per garanzie", en "Guarantee budget";
    /// Budget over exposure.
    reserve_ratio: it "Dotazione per garanzie / esposizione garantita", en "Guarantee budget / guaranteed exposure";
    /// Use of the cap.
    cap_utilisation: it "Utilizzo del cap", en "Use of the cap";
    /// Demand met.
    demand_met: it "Domanda soddisfatta", en "Demand met";
    /// Sources of the finance of the projects.
    sources_of_finance: it "Fonti di finanziamento", en "Sources of finance";
    /// Where each euro of the endowment ends.
    uses_of_endowment: it "Dove finisce ogni euro della dotazione", en "Where each euro of the endowment ends";
    /// The endowment.
    endowment: it "dotazione", en "endowment";
    /// The cap amount.
    cap_amount: it "importo massimo garantito (cap)", en "cap amount";

    // The ledger of a path.
    /// Envelope for fund loans, in a narrow column before the number of its line.
    envelope_loans: it "prestiti", en "loans";
    /// Envelope for guarantee calls.
    envelope_guarantees: it "garanzie", en "guarantees";
    /// Envelope for grants.
    envelope_grants: it "contributi", en "grants";
    /// Envelope for management fees.
    envelope_fees: it "gestione", en "fees";
    /// Envelope of treasury income and interest.
    envelope_income: it "proventi", en "income";
    /// Envelope of what is due back to the Region.
    envelope_returned: it "rientri", en "returned";
    /// What the Region has paid in.
    envelope_paid_in: it "versato", en "paid in";
    /// Column head: an envelope.
    envelope: it "voce", en "envelope";
    /// Column head: a signed amount.
    amount: it "importo", en "amount";
    /// Column head: what is in the envelope afterwards.
    balance: it "saldo", en "balance";
    /// Column head: balance before the first quarter.
    opening: it "apertura", en "opening";
    /// Column head: all that came in.
    received: it "entrate", en "received";
    /// Column head: all that went out.
    paid: it "uscite", en "paid";
    /// Column head: balance after the last quarter.
    closing: it "chiusura", en "closing";
    /// An event happened.
    yes: it "sì", en "yes";
    /// An event did not happen.
    no: it "no", en "no";
    /// Why an application is not eligible.
    investment_too_small: it "investimento sotto il minimo della linea", en "investment below the line’s minimum";
    /// Why an application is not eligible.
    investment_too_large: it "investimento oltre il massimo della linea", en "investment above the line’s maximum";
    /// Why an application is not eligible.
    legal_form_not_admitted: it "forma giuridica non ammessa", en "legal form not admitted";
    /// Why an application is not eligible.
    size_not_admitted: it "dimensione d’impresa non ammessa", en "size of enterprise not admitted";
    /// Why an application is not eligible.
    above_aid_ceiling: it "oltre il massimale di aiuto", en "above the ceiling of state aid";
    /// Why an application was not approved this quarter.
    needs_not_met: it "fondi insufficienti", en "not enough free money";
    /// Why an application was not approved this quarter.
    strict_queue: it "in coda a un’altra domanda", en "behind another in the queue";

    // Verdicts.
    /// A limit is kept.
    kept: it "rispettato", en "kept";
    /// A limit is broken.
    broken: it "non rispettato", en "broken";
    /// The interval lies across the limit.
    not_settled: it "non deciso", en "not settled";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_empty_or_padded() {
        for (name, italian, english) in PAIRS {
            for word in [italian, english] {
                assert!(!word.is_empty() && word.trim() == *word, "{name}: {word:?}");
            }
        }
    }

    #[test]
    fn each_language_has_its_own_table() {
        assert_eq!(words(Language::Italian).expected_loss, "Perdita attesa");
        assert_eq!(words(Language::English).expected_loss, "Expected loss");
    }
}
