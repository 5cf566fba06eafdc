//! The program speaks the language of its reader: `--lang`, else the scenario's, else English.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::process::Output;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).replace('\u{a0}', " ")
}

/// Whether a text says all of these, wherever its lines are broken.
fn has_all(text: &str, parts: &[&str]) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn problems_of_a_scenario_are_told_in_the_language_asked_for() {
    let workshop = Workshop::new();
    let broken = SCENARIO.replace("tenor_quarters", "tenor_quarter").replace("\"4%\"", "nan");
    let english = workshop.write("english.toml", &broken);
    let italian = workshop.write("italian.toml", format!("scenario.lang = \"it\"\n{broken}"));
    let italian_parts = [
        "errore[E101]: chiave sconosciuta `tenor_quarter` in [line2.loan]",
        "non è una chiave",
        "aiuto: si intendeva `tenor_quarters`?",
        "nan non è un numero finito",
        "2 errori",
    ];
    let english_parts = [
        "error[E101]: unknown key `tenor_quarter` in [line2.loan]",
        "help: did you mean `tenor_quarters`?",
        "nan is not a finite number",
        "2 errors",
    ];
    for command in ["check", "run"] {
        for (arguments, parts) in [
            (vec![command, &english, "--lang", "it"], &italian_parts[..]),
            (vec![command, &italian], &italian_parts[..]),
            (vec![command, &english], &english_parts[..]),
            (vec![command, &italian, "--lang", "en"], &english_parts[..]),
        ] {
            let output = fesr(&arguments);
            assert_eq!(code(&output), 2, "{arguments:?}");
            has_all(&stderr(&output), parts);
        }
    }
    // Programs read English and are told the rest beside it.
    let output = fesr(&["check", &italian, "--diagnostics", "json"]);
    let problems: serde_json::Value = serde_json::from_slice(&output.stderr).expect("JSON");
    assert!(problems[0]["message"].as_str().is_some_and(|message| message.starts_with("unknown key")));
    assert_eq!(problems[0]["explanation"]["language"], "it");
    let message = problems[0]["explanation"]["message"].as_str();
    assert!(message.is_some_and(|message| message.starts_with("chiave sconosciuta")), "{problems}");
}

#[test]
fn rules_are_told_in_the_language_asked_for() {
    let workshop = Workshop::new();
    let broken = SCENARIO.replace("loans = 400_000", "loans = 400_000.01");
    let scenario = workshop.write("case.toml", broken);
    let output = fesr(&["check", &scenario, "--lang", "it", "--diagnostics", "plain"]);
    assert_eq!(code(&output), 2);
    has_all(
        &stderr(&output),
        &[
            "errore[R101]: le dotazioni delle linee",
            "0,01 EUR di troppo",
            "ogni euro della dotazione",
            "fonte",
        ],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_both_languages() {
    let workshop = Workshop::new();
    fs::create_dir(workshop.path("folder.toml")).expect("a folder");
    let folder = workshop.path("folder.toml");
    for (language, part) in
        [("it", "non si può leggere: è una cartella"), ("en", "cannot be read: is a directory")]
    {
        let output = fesr(&["check", text(&folder), "--lang", language]);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
        has_all(&stderr(&output), &["E006", part]);
    }
}

#[test]
fn check_names_every_rule_and_fits_the_terminal() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    for (language, parts) in [
        (
            "it",
            [
                "si può eseguire",
                "Regole della misura",
                "rispettate",
                "Domande attese",
                "Inadempimento sulla vita",
            ],
        ),
        (
            "en",
            ["can be run", "Rules of the measure", "kept", "Expected applications", "Default over the life"],
        ),
    ] {
        let checked = fesr(&["check", &scenario, "--lang", language, "-q"]);
        assert_eq!(code(&checked), 0, "{}", stderr(&checked));
        has_all(&stdout(&checked), &parts);
        let explained = fesr(&["check", &scenario, "--explain", "--lang", language, "-q"]);
        for output in [stdout(&checked), stdout(&explained)] {
            for code in fesr::rules::codes() {
                assert!(output.contains(code), "{code} is not named in\n{output}");
            }
            for line in output.lines().filter(|line| !line.contains("small.toml")) {
                assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
            }
        }
    }
}

#[test]
fn what_the_command_line_refuses_is_told_in_both_languages() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    let nowhere = workshop.path("nowhere");
    let cases: [(Vec<&str>, &str, &str); 8] = [
        (vec!["trace", &scenario, "--path", "-1"], "i percorsi si contano da 0", "paths are counted from 0"),
        (
            vec!["trace", &scenario, "--at", "fund_los:99%"],
            "si intendeva fund_loss?",
            "did you mean fund_loss?",
        ),
        (
            vec!["run", &scenario, "--paths", "-1"],
            "un numero intero da 1 a 1.000.000.000",
            "a whole number from 1 to 1,000,000,000",
        ),
        (vec!["run", &scenario, "--precision", "60%"], "una precisione deve essere", "a precision must be"),
        (vec!["run", &scenario, "--set", "nonsense"], "scrivere CHIAVE=VALORE", "write KEY=VALUE"),
        (vec!["run", &scenario, &scenario], "due scenari si chiamano", "two scenarios are called"),
        (vec!["verify", text(&nowhere)], "non esiste", "there is no folder"),
        (vec!["trace", &scenario, "--at", "gge:99%", "-o", text(&out)], "aiuti di Stato", "state aid"),
    ];
    for (arguments, italian, english) in cases {
        for (language, part) in [("it", italian), ("en", english)] {
            let output = fesr(&[&arguments[..], &["--lang", language]].concat());
            assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
            has_all(&stderr(&output), &[part]);
            assert!(stderr(&output).starts_with(if language == "it" { "errore: " } else { "error: " }));
        }
    }
}

#[test]
fn what_cannot_be_written_is_told_in_the_scenario_s_language() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", format!("scenario.lang = \"it\"\n{SCENARIO}"));
    workshop.write("out", "a file where the folder should be");
    let output = workshop.run(&scenario, &[]);
    assert_eq!(code(&output), 3);
    has_all(&stderr(&output), &["errore: non si può creare la cartella"]);
}

#[test]
fn a_run_speaks_italian_from_plan_to_verdict() {
    let workshop = Workshop::new();
    let promises = "\n[[limit]]\nmetric = \"default_rate\"\nstatistic = \"mean\"\nmax = 0.001\n";
    let scenario = workshop.write("small.toml", format!("{SCENARIO}{promises}"));
    let output = workshop.run(&scenario, &["--lang", "it"]);
    assert_eq!(code(&output), 1);
    has_all(&stderr(&output), &["Dotazione", "domande nei primi", "Percorsi 2.000; seme 1"]);
    has_all(&stdout(&output), &["Rischio di inadempimento", "✘ non rispettato", "Risultati in"]);
}

#[test]
fn a_smaller_run_says_that_it_replaces_a_larger_one() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let first = workshop.run(&scenario, &[]);
    assert!(!stderr(&first).contains("holds a result"), "{}", stderr(&first));
    let same = workshop.run(&scenario, &[]);
    assert!(!stderr(&same).contains("holds a result"), "{}", stderr(&same));
    let smaller = workshop.run(&scenario, &["--paths", "1024", "--lang", "it"]);
    assert_eq!(code(&smaller), 0, "{}", stderr(&smaller));
    has_all(&stderr(&smaller), &["contiene un risultato di 2.000 percorsi; questo di 1.024 lo sostituisce"]);
    let quiet = workshop.run(&scenario, &["--paths", "1000", "-q"]);
    assert!(quiet.stderr.is_empty(), "{}", stderr(&quiet));
}

#[test]
fn help_and_usage_errors_have_an_italian_frame() {
    for arguments in [&["--lang", "it", "--help"][..], &["--help", "--lang=it"], &["--lang", "it"]] {
        let output = fesr(arguments);
        let text =
            if arguments.len() == 2 && arguments[0] == "--lang" { stderr(&output) } else { stdout(&output) };
        has_all(
            &text,
            &["Uso: fesr <COMANDO>", "Comandi:", "Simula scenari e ne scrive i risultati", "Opzioni:"],
        );
        assert!(!text.contains("Usage:") && !text.contains("Commands:"), "{text}");
    }
    let run = fesr(&["run", "--lang", "it", "--help"]);
    assert_eq!(code(&run), 0);
    has_all(&stdout(&run), &["Uso: fesr run", "Argomenti:", "[predefinito: output]"]);
    for (arguments, parts) in [
        (
            &["--lang", "it", "run", "--foo"][..],
            &["errore: l’argomento '--foo' non esiste", "Uso: fesr run"][..],
        ),
        (&["runn", "--lang", "it"], &["errore: il comando 'runn' non esiste", "si intendeva 'run'?"]),
        (&["run", "--lang", "it"], &["errore: mancano argomenti necessari: <SCENARIO>..."]),
    ] {
        let output = fesr(arguments);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        has_all(&stderr(&output), parts);
        assert!(!stderr(&output).contains("error:"), "{}", stderr(&output));
    }
    // Who writes no language gets clap's own words, as ever.
    has_all(&stderr(&fesr(&["run", "--foo"])), &["error: unexpected argument '--foo' found"]);
}

#[test]
fn a_file_that_is_no_scenario_is_one_error() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    for (language, part) in [("en", "this file is not a scenario"), ("it", "questo file non è uno scenario")]
    {
        let output = fesr(&["check", readme, "--lang", language]);
        assert_eq!(code(&output), 2);
        let text = stderr(&output);
        has_all(&text, &["E005", part, "fesr init"]);
        assert_eq!(text.matches("E005").count(), 1, "{text}");
    }
}

#[test]
fn warnings_are_explained_by_check_and_named_elsewhere() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/wecare-mixed.toml");
    let workshop = Workshop::new();
    let out = workshop.path("out");
    let checked = fesr(&["check", scenario]);
    has_all(&stderr(&checked), &["warning[R115]", "warning[R116]"]);
    let traced = fesr(&["trace", scenario, "--path", "1", "-o", text(&out), "--lang", "it"]);
    assert_eq!(code(&traced), 0, "{}", stderr(&traced));
    has_all(&stderr(&traced), &["Avvisi: R115, R116 (li spiega fesr check)"]);
    assert!(!stderr(&traced).contains("avviso["), "{}", stderr(&traced));
}

#[test]
fn the_names_of_the_library_read_in_both_languages() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/wecare-mixed.toml");
    let italian = stdout(&fesr(&["check", scenario, "--explain", "--lang", "it", "-q"]));
    has_all(
        &italian,
        &[
            "Il fondo misto della strategia",
            "il disegno di WECARE",
            "Prodotto prestito garantito e contributo",
        ],
    );
    assert!(!italian.contains("The strategy") && !italian.contains("guaranteed-loan"), "{italian}");
    let english = stdout(&fesr(&["check", scenario, "--explain", "-q"]));
    has_all(&english, &["The strategy's mixed fund", "guaranteed-loan-and-grant"]);
    // As run in Italian, the scenario still knows what it is called in English, and its products keep their names.
    let resolved = stdout(&fesr(&["check", scenario, "--resolved", "--lang", "it", "-q"]));
    has_all(
        &resolved,
        &[
            "title = \"Il fondo misto della strategia\"",
            "title_en = \"The strategy's mixed fund\"",
            "name = \"co-loan\"",
        ],
    );
    let workshop = Workshop::new();
    let again = workshop.write("again.toml", &resolved);
    let english = stdout(&fesr(&["check", &again, "--explain", "-q", "--lang", "en"]));
    has_all(&english, &["The strategy's mixed fund", "guaranteed-loan-and-grant"]);
    assert_eq!(stdout(&fesr(&["check", &again, "--resolved", "-q"])), resolved, "a fixed point");
}
