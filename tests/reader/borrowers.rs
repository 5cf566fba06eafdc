//! Lists of borrowers.

use crate::sample::{EVERY_KEY, SMALL, errors, read_files, sound};
use fesr::scenario::Pipeline;
use fesr::units::Cents;

const HEADER: &str = "id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n";

fn with_list(csv: &str) -> Result<fesr::reading::Reading, fesr::diagnostic::Problems> {
    let main = format!("{SMALL}[pipeline]\nborrowers = \"data/list.csv\"\n");
    read_files(&[("s/main.toml", &main), ("s/data/list.csv", csv)], &[])
}

fn listed(csv: &str) -> Vec<fesr::scenario::Borrower> {
    match sound(with_list(csv)).scenario.line2.unwrap().pipeline {
        Pipeline::List(borrowers) => borrowers,
        Pipeline::Statistical(_) => panic!("no list"),
    }
}

#[test]
fn commas_and_points() {
    let rows = listed(&format!(
        "{HEADER}a,2,0,60000.50,other,nonprofit,micro,2,loan,yes\n\nb,2,15,70000,health_wellbeing,forprofit,small,2,,\n"
    ));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].investment, Cents(6_000_050));
    assert_eq!((rows[0].product, rows[0].accompanied), (Some(0), true));
    assert_eq!((rows[1].product, rows[1].accompanied, rows[1].quarter), (None, false, 15));
}

#[test]
fn semicolons_commas_marks_and_carriage_returns() {
    let csv = "\u{feff}rating;id;Line;quarter;investment;theme;legal_form;size;accompanied\r\n2;a;2;0;\"60.000,50\";other;nonprofit;micro;sì\r\n2;b;2;1;70.000;other;nonprofit;micro;0\r\n2;c;2;1;1250.50;other;nonprofit;micro;Si\r\n";
    let rows = listed(csv);
    assert_eq!(rows.iter().map(|row| row.investment.0).collect::<Vec<_>>(), [6_000_050, 7_000_000, 125_050]);
    assert_eq!(rows.iter().map(|row| row.accompanied).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn a_list_replaces_only_the_lines_it_names() {
    let main = format!("{EVERY_KEY}[pipeline]\nborrowers = \"list.csv\"\n");
    let csv = format!("{HEADER}a,1,0,1500000,other,nonprofit,small,3,,\n");
    let scenario = sound(read_files(&[("main.toml", &main), ("list.csv", &csv)], &[])).scenario;
    assert!(
        matches!(scenario.line1.unwrap().pipeline, Pipeline::List(rows) if rows.len() == 1 && rows[0].rating == 1)
    );
    assert!(matches!(scenario.line2.unwrap().pipeline, Pipeline::Statistical(_)));
}

#[test]
fn a_line_with_a_list_needs_no_distributions() {
    let main = SMALL.replacen(
        "[line2.pipeline]\napplications_per_year = 12\ninvestment = { median = 60_000, sigma = 0.4 }\n",
        "",
        1,
    );
    let main = format!("{main}[pipeline]\nborrowers = \"list.csv\"\n");
    let csv = format!("{HEADER}a,2,0,50000,other,nonprofit,small,2,,\n");
    sound(read_files(&[("main.toml", &main), ("list.csv", &csv)], &[]));
    let (places, text) = errors(read_files(&[("main.toml", &main), ("list.csv", "")], &[]));
    assert_eq!(places, ["E201 list.csv:1:1"], "{text}");
}

#[test]
fn every_bad_cell_is_reported_with_row_and_column() {
    let csv = format!(
        "{HEADER}a,2,0,60000,other,nonprofit,micro,2,loan,yes\na,3,16,-5,othr,nonprofit,micro,9,lone,maybe\n,1,x,nan,other,,micro,2,,\nd,2,0,60000,other,nonprofit,micro,2,loan,yes,more\n"
    );
    let (places, text) = errors(with_list(&csv));
    for part in [
        "s/data/list.csv:3:1: error[E207]: row 3, column `id`: \"a\" is already the id of row 2",
        "s/data/list.csv:3:3: error[E205]: row 3, column `line`: \"3\" is not known (write one of 1, 2)",
        "s/data/list.csv:3:5: error[E204]: row 3, column `quarter`: quarter 16 is after the availability period (its quarters are 0 to 15)",
        "row 3, column `investment`: an investment must be above 0",
        "row 3, column `theme`: \"othr\" is not known (did you mean \"other\"?)",
        "row 3, column `rating`: \"9\" is not known (write one of 2)",
        "row 3, column `accompanied`: \"maybe\" is neither yes nor no",
        "s/data/list.csv:4:1: error[E205]: row 4, column `id`: it is empty",
        "row 4, column `line`: the scenario has no line 1",
        "row 4, column `quarter`: \"x\" is not a fund quarter",
        "row 4, column `investment`: \"nan\" is not a finite number",
        "row 4, column `legal_form`: it is empty (write one of nonprofit, forprofit)",
        "error[E206]: row 5 has 11 cells",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert_eq!(places.len(), 13, "{text}");
}

#[test]
fn broken_headers_and_empty_lists() {
    for (csv, place, part) in [
        ("", "E201 s/data/list.csv:1:1", "not even a header"),
        (HEADER, "E201 s/data/list.csv:1:1", "no rows"),
        ("id,line,quartr\n", "E202 s/data/list.csv:1:9", "did you mean `quarter`?"),
        ("id\tline\tquarter\na\t2\t0\n", "E202 s/data/list.csv:1:1", "separated by tabs"),
        ("id,id\n", "E203 s/data/list.csv:1:4", "two columns are called `id`"),
    ] {
        let (places, text) = errors(with_list(csv));
        assert!(places.contains(&place.to_string()) && text.contains(part), "{text}");
    }
    let (places, text) =
        errors(read_files(&[("main.toml", &format!("{SMALL}[pipeline]\nborrowers = \"none.csv\"\n"))], &[]));
    assert_eq!(places, ["E001 main.toml:28:13"], "{text}");
    let (places, text) =
        errors(with_list(&format!("{HEADER}a,2,0,\"1,234.50\",other,nonprofit,micro,2,,\n")));
    assert_eq!(places.len(), 1, "{text}");
    assert!(text.contains("without grouping"), "{text}");
}
