//! Mistakes in a transition matrix between ratings.

use super::mistakes::{Mistake, added, changed};

/// A matrix in place of the rating's PD, and mistakes in it.
pub fn transition_matrices() -> Vec<Mistake> {
    const PD: &str = "pd = 0.01\n";
    let matrix = |code, rows: &str, italian, english| {
        let table = format!("[credit.migration]\nmatrix = {rows}\n");
        changed(code, PD, &table, italian, english)
    };
    vec![
        added(
            "E130",
            "[credit.migration]\nmatrix = { 2 = { 2 = 0.9, default = 0.1 } }",
            "dicono entrambi quanti falliscono",
            "both say how many fail",
        ),
        changed(
            "E102",
            PD,
            "[credit.migration]\n",
            "manca `credit.migration.matrix`",
            "`credit.migration.matrix` is missing",
        ),
        changed("E102", PD, "", "manca `credit.rating.2.pd`", "`credit.rating.2.pd` is missing"),
        matrix("E103", "0.1", "una riga per classe", "a row for each rating"),
        matrix("E103", "{ 2 = 0.1 }", "una tabella di probabilità", "a table of probabilities"),
        matrix("E131", "{}", "manca la riga della classe \"2\"", "has no row for rating \"2\""),
        matrix("E101", "{ 2 = { 2 = 0.9, 3 = 0.1 } }", "non conosce `3`", "does not know `3`"),
        matrix(
            "E101",
            "{ 2 = { 2 = 0.9, default = 0.1 }, 3 = { default = 0.1 } }",
            "`credit.migration.matrix` non conosce `3`",
            "`credit.migration.matrix` does not know `3`",
        ),
        matrix(
            "E120",
            "{ 2 = { 2 = 0.9, default = \"9.99%\" } }",
            "sommano a 99,99\u{a0}%",
            "they add up to 99.99%",
        ),
        matrix("E120", "{ 2 = { 2 = 0.9, default = 0.2 } }", "10\u{a0}% di troppo", "10% is too much"),
        matrix("E106", "{ 2 = { default = 1 } }", "inadempienti entro un anno", "defaults within a year"),
        matrix(
            "E106",
            "{ 2 = { 2 = 0.4, default = 0.6 } }\npd_multiplier = 2",
            "la PD della classe \"2\" a 120\u{a0}%",
            "the PD of rating \"2\" to 120%",
        ),
        matrix(
            "E128",
            "{ 2 = { 2 = 0.9, default = 0.1 } }\n[uncertainty]\n\"credit.rating.*.pd\" = { uniform = [0.1, 0.2] }",
            "le PD seguono da [credit.migration]",
            "PDs follow from [credit.migration]",
        ),
        Mistake {
            options: vec!["credit.rating.*.pd*=2"],
            ..matrix(
                "E014",
                "{ 2 = { 2 = 0.9, default = 0.1 } }",
                "scalare `credit.migration.pd_multiplier`",
                "scale `credit.migration.pd_multiplier`",
            )
        },
        Mistake {
            options: vec!["credit.rating.2.pd=0.2"],
            ..matrix("E130", "{ 2 = { 2 = 0.9, default = 0.1 } }", "tenere `pd`", "keep the `pd`")
        },
    ]
}
