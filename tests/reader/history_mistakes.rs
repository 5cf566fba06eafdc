//! Mistakes in what is said of a running fund.

use super::mistakes::Mistake;
use crate::sample::SMALL;

/// Today, rows with a status, opening balances, and mistakes in them.
pub fn histories() -> Vec<Mistake> {
    const HEADER: &str = "id,line,quarter,investment,theme,legal_form,size,rating,product,status,disbursed_quarter,\
                          default_quarter,outstanding_fund,outstanding_bank,loss_given_default\n";
    let running = |today: &str| {
        let fund = SMALL.replacen("horizon_years", &format!("today = \"{today}\"\nhorizon_years"), 1);
        format!("{fund}[pipeline]\nborrowers = \"list.csv\"\n")
    };
    let mistake = |code, main: String, row: &str, italian, english| Mistake {
        code,
        files: vec![("main.toml", main.into_bytes()), ("list.csv", format!("{HEADER}{row}\n").into_bytes())],
        options: Vec::new(),
        italian,
        english,
    };
    let row = |code, row: &str, italian, english| mistake(code, running("2020-Q3"), row, italian, english);
    let project = "a,2,0,50000,other,nonprofit,small,2,loan";
    vec![
        mistake(
            "E124",
            running("2031-Q1"),
            &format!("{project},running,1,,,,"),
            "un trimestre dopo l’avvio ed entro l’orizzonte",
            "a quarter after the start and within the horizon",
        ),
        mistake(
            "E124",
            format!("{SMALL}[line2.opening]\nloans = 5\n[pipeline]\nborrowers = \"list.csv\"\n"),
            &format!("{project},,,,,,"),
            "dà i saldi di oggi, ma lo scenario non ha un oggi",
            "gives today's balances, but the scenario has no today",
        ),
        mistake(
            "E209",
            format!("{SMALL}[pipeline]\nborrowers = \"list.csv\"\n"),
            &format!("{project},running,1,,,,"),
            "non ha un oggi",
            "has no today",
        ),
        row("E209", &format!("{project},,,,,,"), "è storia", "is history"),
        row(
            "E209",
            &format!("{project},running,6,,,,"),
            "non è un trimestre possibile",
            "is not a possible quarter",
        ),
        row(
            "E209",
            &format!("{project},running,,,,,"),
            "`disbursed_quarter`: è vuota",
            "`disbursed_quarter`: it is empty",
        ),
        row("E209", &format!("{project},running,1,2,,,"), "non dice nulla", "it says nothing"),
        row("E209", &format!("{project},repaid,1,,5,,"), "non ha nulla in essere", "has nothing outstanding"),
        row(
            "E209",
            "a,2,0,50000,other,nonprofit,small,2,,running,1,,,,",
            "un progetto erogato ha un prodotto",
            "a project that was disbursed has a product",
        ),
        row(
            "E209",
            "a,2,6,50000,other,nonprofit,small,2,loan,,6,,,,",
            "`status` è vuota",
            "`status` is empty",
        ),
        row("E204", &format!("{project},defaulted,1,3,,,2"), "non è una quota", "is not a share"),
        row("E210", &format!("{project},running,1,,40000.01,,"), "prestati con \"loan\"", "lent by \"loan\""),
        row("E210", &format!("{project},running,1,,0,,"), "più nulla da pagare", "nothing left to pay"),
        mistake(
            "E210",
            running("2030-Q1"),
            &format!("{project},running,1,,,,"),
            "ha pagato l’ultima rata",
            "made its last payment",
        ),
        mistake(
            "E210",
            running("2030-Q1"),
            &format!("{project},defaulted,1,30,,,"),
            "è dopo l’ultima rata",
            "is after the last payment",
        ),
        row(
            "W106",
            &format!("{project},running,1,,40000,,"),
            "secondo il piano restano",
            "that the schedule leaves",
        ),
    ]
}
