//! `fesr init`, `schema`, `completions` and `man` as their users meet them.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::Path;
use std::process::Output;
use workshop::{Workshop, code, fesr, stderr, text};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn a_new_scenario_is_checked_and_run_as_it_stands() {
    for language in ["it", "en"] {
        let workshop = Workshop::new();
        let folder = workshop.path("mine");
        let output = fesr(&["init", "my-fund", "--lang", language, "-o", text(&folder)]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains("fesr check"), "{}", stderr(&output));
        assert_eq!(names(&folder), ["fesr.schema.json", "my-fund.toml"]);
        let scenario = folder.join("my-fund.toml");
        let output = fesr(&["check", text(&scenario)]);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "not a warning is left");
        let output = workshop.run(text(&scenario), &["--paths", "300", "-q"]);
        assert!(matches!(code(&output), 0 | 1), "{}", stderr(&output));
        assert_eq!(workshop.left(), ["my-fund"]);
    }
}

#[test]
fn nothing_is_overwritten_unless_asked_for() {
    let workshop = Workshop::new();
    let folder = workshop.path("mine");
    let init = |more: &[&str]| {
        let mut arguments = vec!["init", "my-fund", "-o", text(&folder)];
        arguments.extend(more);
        fesr(&arguments)
    };
    assert_eq!(code(&init(&[])), 0);
    let scenario = folder.join("my-fund.toml");
    let schema = folder.join("fesr.schema.json");
    fs::write(&scenario, "mine").expect("written");
    fs::write(&schema, "{}").expect("written");
    let refused = init(&[]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("--force"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(&scenario).expect("still there"), "mine");
    let forced = init(&["--force"]);
    assert_eq!(code(&forced), 0, "{}", stderr(&forced));
    assert!(fs::read_to_string(&scenario).expect("a scenario").contains("[fund]"));
    assert_eq!(fs::read_to_string(&schema).expect("the schema"), "{}", "the schema of another is left alone");
    assert!(stderr(&forced).contains("fesr schema >"), "{}", stderr(&forced));
    assert_eq!(names(&folder), ["fesr.schema.json", "my-fund.toml"], "nothing half-written is left");
}

#[test]
fn what_is_no_name_is_answered_with_one() {
    let workshop = Workshop::new();
    let folder = workshop.path("mine");
    for (name, answer) in [
        ("Il mio fondo", "fesr init il-mio-fondo"),
        ("scenarios/new.toml", "fesr init new --output scenarios"),
        ("../x", "fesr init x --output .."),
        ("", "a name has letters"),
        ("..", "a name has letters"),
    ] {
        let output = fesr(&["init", name, "-o", text(&folder)]);
        assert_eq!(code(&output), 2, "{name}");
        assert!(stderr(&output).contains(answer), "{name}: {}", stderr(&output));
    }
    assert!(!folder.exists());
    let output = fesr(&["init", "x.toml", "-o", text(&folder), "-q"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert!(folder.join("x.toml").exists());
    fs::write(workshop.path("file"), "").expect("written");
    let output = fesr(&["init", "x", "-o", text(&workshop.path("file"))]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
}

#[test]
fn the_schema_is_printed() {
    let output = fesr(&["schema"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), fesr::reading::schema::schema_json());
}

#[test]
fn shells_and_the_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&fesr(&["completions", shell]));
        for command in ["run", "check", "trace", "verify", "init", "--each-path"] {
            assert!(script.contains(command.trim_start_matches('-')), "{shell}: {command}");
        }
    }
    let page = stdout(&fesr(&["man"]));
    assert!(page.contains(".TH fesr 1") && page.contains(".SH EXAMPLES"), "{page}");
    let workshop = Workshop::new();
    let folder = workshop.path("man/man1");
    assert_eq!(code(&fesr(&["man", "-o", text(&folder)])), 0);
    assert_eq!(fs::read_to_string(folder.join("fesr.1")).expect("a page"), page);
    let commands = ["check", "completions", "init", "man", "run", "schema", "trace", "verify"];
    for command in commands {
        assert!(folder.join(format!("fesr-{command}.1")).exists(), "{command}");
    }
}
