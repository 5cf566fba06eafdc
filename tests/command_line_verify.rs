//! `fesr verify` as its users meet it: the same bytes anywhere, every kind of difference told apart, no trust in what a
//! folder says.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

/// Verifies a folder; the answer as JSON, `Null` if it was not verified.
fn verify(folder: &Path) -> (i32, Value) {
    let output = fesr(&["verify", text(folder), "--json", "-q"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    (code(&output), answer[0].clone())
}

/// File, kind and line of every difference.
fn differences(answer: &Value) -> Vec<(String, String, Option<u64>)> {
    let word = |value: &Value| value.as_str().expect("a word").to_string();
    let list = answer["differences"].as_array().expect("a list");
    list.iter().map(|entry| (word(&entry["file"]), word(&entry["kind"]), entry["line"].as_u64())).collect()
}

fn difference(file: &str, kind: &str, line: Option<u64>) -> (String, String, Option<u64>) {
    (file.to_string(), kind.to_string(), line)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Every file of a folder with its bytes, by path.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => all.extend(content(&path)),
            false => all.push((path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for (path, bytes) in content(from) {
        let target = to.join(path.strip_prefix(from).expect("inside"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        fs::write(target, bytes).expect("a file");
    }
}

/// A finished result, and room for copies of it.
struct Result {
    workshop: Workshop,
}

impl Result {
    fn of(scenario: &str, more: &[&str]) -> Result {
        let workshop = Workshop::new();
        let path = workshop.write("small.toml", scenario);
        let output = workshop.run(&path, &[&["-q"], more].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        Result { workshop }
    }

    /// A copy to be damaged.
    fn copy(&self, name: &str) -> PathBuf {
        let target = self.workshop.path(name);
        copy(&self.workshop.path("out/small"), &target);
        target
    }
}

/// Replaces a part of a text file.
fn edit(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).expect("a text");
    assert!(text.contains(old), "no {old:?} in {}", path.display());
    fs::write(path, text.replacen(old, new, 1)).expect("written");
}

/// Makes the record agree with a file as it is now.
fn record_anew(folder: &Path, name: &str) {
    let hash = fesr::report::run_record::sha256(&fs::read(folder.join(name)).expect("a file"));
    let path = folder.join("run.json");
    let mut record: Value = serde_json::from_slice(&fs::read(&path).expect("run.json")).expect("JSON");
    let old = record["outputs"][name].as_str().expect("recorded").to_string();
    record["outputs"][name] = hash.clone().into();
    let text = fs::read_to_string(&path).expect("run.json").replace(&old, &hash);
    fs::write(path, text).expect("written");
}

#[test]
fn a_result_with_every_option_is_identical_here_and_elsewhere_and_stays_untouched() {
    let result = Result::of(
        SCENARIO,
        &["--png", "--each-path", "--lang", "it", "--paths", "1500", "--seed", "9"]
            .into_iter()
            .chain(["--csv", "excel-it", "--set", "line2.loss.lgd_mean=\"80%\""])
            .collect::<Vec<_>>(),
    );
    let elsewhere = result.copy("sent/by mail");
    fs::remove_file(result.workshop.path("small.toml")).expect("the scenario file is gone");
    let before = content(&elsewhere);
    let output = fesr(&["verify", text(&elsewhere), text(&result.workshop.path("out/small"))]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let told = stdout(&output);
    assert_eq!(told.matches(": identico").count(), 2, "{told}");
    assert!(told.contains("1.500") && told.contains("seme 9"), "{told}");
    assert!(content(&elsewhere) == before, "verify changed the folder");
    // A picture has no lines.
    let mut picture = fs::read(elsewhere.join("charts/cash.png")).expect("a picture");
    *picture.last_mut().expect("a byte") ^= 1;
    fs::write(elsewhere.join("charts/cash.png"), picture).expect("written");
    let (exit, answer) = verify(&elsewhere);
    assert_eq!(
        (exit, &answer["verdict"], &answer["schema"]),
        (1, &"different".into(), &"fesr/verify/1".into())
    );
    assert_eq!(differences(&answer), [difference("charts/cash.png", "altered", None)]);
    assert!(answer["files"].as_u64().expect("a count") > 30, "charts thrice, tables, paths: {answer}");
}

#[test]
fn a_file_that_was_altered_is_named_with_its_line() {
    let result = Result::of(SCENARIO, &["--each-path"]);
    let folder = result.copy("altered");
    edit(&folder.join("summary.csv"), "applications,2,count,min,", "applications,2,count,min,1");
    edit(&folder.join("paths.csv"), "\n1400,", "\n1400,7");
    edit(&folder.join("charts/leverage.svg"), "<svg", "<SVG");
    let line_of = |name: &str, part: &str| {
        let text = fs::read_to_string(folder.join(name)).expect("a text");
        text.lines().position(|line| line.contains(part)).map(|line| line as u64 + 1)
    };
    let (exit, answer) = verify(&folder);
    assert_eq!(exit, 1);
    assert_eq!(
        differences(&answer),
        [
            difference("charts/leverage.svg", "altered", line_of("charts/leverage.svg", "<SVG")),
            difference("paths.csv", "altered", Some(1402)),
            difference("summary.csv", "altered", line_of("summary.csv", "applications,2,count,min,")),
        ]
    );
    let told = stdout(&fesr(&["verify", text(&folder), "-q"]));
    for part in ["altered: different", "altered after the run:", "in the folder", "computed now", "1400,7"] {
        assert!(told.contains(part), "no {part:?} in\n{told}");
    }
}

#[test]
fn files_that_are_missing_and_files_of_users_are_told_apart() {
    let result = Result::of(SCENARIO, &[]);
    let folder = result.copy("shared");
    fs::write(folder.join("notes.txt"), "mine").expect("a note");
    fs::write(folder.join("charts/marked.svg"), "mine").expect("a picture");
    fs::write(folder.join("trace-12.csv"), "a ledger").expect("a trace");
    let english = fesr(&["verify", text(&folder), "--lang", "en", "-q", "--threads", "1"]);
    assert_eq!(stdout(&english), format!("{}: identical\n", folder.display()));
    let (exit, answer) = verify(&folder);
    assert_eq!((exit, differences(&answer)), (0, vec![]));
    assert_eq!(answer["other_files"], serde_json::json!(["charts/marked.svg", "notes.txt"]));
    fs::remove_file(folder.join("charts/leverage.svg")).expect("deleted");
    fs::remove_file(folder.join("timeline.csv")).expect("deleted");
    let (exit, answer) = verify(&folder);
    let missing = |name| difference(name, "missing", None);
    assert_eq!(
        (exit, differences(&answer)),
        (1, vec![missing("charts/leverage.svg"), missing("timeline.csv")])
    );
    let told = stdout(&fesr(&["verify", text(&folder)]));
    assert!(told.contains("missing from the folder") && told.contains("not from the run"), "{told}");
}

#[test]
fn a_file_as_recorded_that_this_program_computes_otherwise() {
    let result = Result::of(SCENARIO, &[]);
    let folder = result.copy("other-program");
    edit(&folder.join("groups.csv"), "mean", "Mean");
    record_anew(&folder, "groups.csv");
    let (exit, answer) = verify(&folder);
    assert_eq!(exit, 1);
    let found = differences(&answer);
    assert_eq!(found[0], difference("groups.csv", "computed_otherwise", Some(2)));
    // The record then differs too: it holds the hash.
    assert_eq!((found[1].0.as_str(), found[1].1.as_str(), found.len()), ("run.json", "record", 2));
}

#[test]
fn the_record_alone_edited() {
    let result = Result::of(SCENARIO, &["--seed", "3"]);
    let folder = result.copy("edited");
    edit(&folder.join("run.json"), "\"seed\": 3", "\"seed\": 4");
    let (exit, answer) = verify(&folder);
    let found = differences(&answer);
    assert_eq!((exit, found.len(), found[0].0.as_str(), found[0].1.as_str()), (1, 1, "run.json", "record"));
    // A recorded file that no run writes, and a written file that is not recorded.
    let folder = result.copy("edited-names");
    edit(&folder.join("run.json"), "\"groups.csv\"", "\"group.csv\"");
    let (exit, answer) = verify(&folder);
    let found = differences(&answer);
    assert_eq!(exit, 1);
    assert_eq!(found[0], difference("group.csv", "missing", None));
    assert_eq!(found[1], difference("groups.csv", "not_recorded", None));
    assert_eq!((found[2].0.as_str(), found.len()), ("run.json", 3));
}

#[test]
fn another_version_is_named_and_its_figures_are_compared_under_its_name() {
    let result = Result::of(SCENARIO, &[]);
    let here = env!("CARGO_PKG_VERSION");
    // Only the record says so: the files were not written under that name.
    let folder = result.copy("claimed");
    edit(&folder.join("run.json"), &format!("\"version\": \"{here}\""), "\"version\": \"0.0.9\"");
    let (exit, answer) = verify(&folder);
    assert_eq!((exit, &answer["recorded_version"], &answer["version"]), (1, &"0.0.9".into(), &here.into()));
    assert!(
        differences(&answer).iter().any(|found| found.0 == "summary.json" && found.1 == "computed_otherwise")
    );
    assert!(!differences(&answer).iter().any(|found| found.0 == "summary.csv"), "the figures are the same");
    let told = stdout(&fesr(&["verify", text(&folder), "-q"]));
    assert!(told.contains(&format!("made by fesr 0.0.9; this is fesr {here}")), "{told}");
    // A result that such a version would have left: every file names it.
    let names: Vec<PathBuf> = content(&folder).into_iter().map(|(path, _)| path).collect();
    for path in names.iter().filter(|path| !path.ends_with("run.json")) {
        let text = fs::read_to_string(path).expect("a text");
        let renamed = text
            .replace(&format!("\"version\": \"{here}\""), "\"version\": \"0.0.9\"")
            .replace(&format!("fesr {here}"), "fesr 0.0.9");
        if renamed != text {
            fs::write(path, renamed).expect("written");
            let name = path.strip_prefix(&folder).expect("inside");
            record_anew(&folder, &text_with_slashes(name));
        }
    }
    let output = fesr(&["verify", text(&folder), "-q"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("identical\n  made by fesr 0.0.9"), "{}", stdout(&output));
}

fn text_with_slashes(name: &Path) -> String {
    text(name).replace('\\', "/")
}

#[test]
fn records_that_cannot_be_used_are_exit_code_2() {
    let result = Result::of(SCENARIO, &[]);
    let record = fs::read_to_string(result.workshop.path("out/small/run.json")).expect("run.json");
    let replaced = |old: &str, new: &str| {
        assert!(record.contains(old), "{old}");
        record.replacen(old, new, 1)
    };
    let cases: [(&str, String); 8] = [
        ("empty", String::new()),
        ("garbage", "\u{1b}[31m not JSON \u{0}".to_string()),
        ("truncated", record[..record.len() / 2].to_string()),
        ("deep", "[".repeat(100_000)),
        ("outside", replaced("\"groups.csv\"", "\"../../groups.csv\"")),
        ("absurd", replaced("\"paths\": 2000", "\"paths\": 99999999999999999999")),
        ("more-than-planned", replaced("\"paths\": 2000", "\"paths\": 2001")),
        ("unknown-option", replaced("\"png\": false", "\"png\": false, \"tails\": true")),
    ];
    for (name, text_of_record) in cases {
        let folder = result.copy(name);
        fs::write(folder.join("run.json"), text_of_record).expect("written");
        let before = content(&folder);
        let output = fesr(&["verify", text(&folder)]);
        assert_eq!(code(&output), 2, "{name}: {}{}", stdout(&output), stderr(&output));
        let told = stderr(&output);
        assert!(told.starts_with("error: ") && told.contains("run.json"), "{name}: {told}");
        assert!(!told.contains('\u{1b}') && told.len() < 1_000, "{name}: {told}");
        assert!(content(&folder) == before, "{name}: verify changed the folder");
    }
    // A scenario that reaches out of the folder, with a record that agrees.
    let secret = result.workshop.write("secret.toml", "[simulation]\npaths = 1\npassword = \"hunter2\"\n");
    let folder = result.copy("reaching-out");
    edit(&folder.join("scenario.resolved.toml"), "\n", &format!("\nextends = {secret:?}\n"));
    record_anew(&folder, "scenario.resolved.toml");
    let output = fesr(&["verify", text(&folder)]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot read the scenario"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
}

#[test]
fn what_is_no_result_folder_is_exit_code_2_and_hides_no_other_answer() {
    let result = Result::of(SCENARIO, &[]);
    let missing = result.workshop.path("nowhere");
    let above = result.workshop.path("out");
    let file = result.workshop.path("small.toml");
    let good = result.copy("good");
    for (path, hint) in [(&missing, "no folder"), (&above, "did you mean"), (&file, "not a folder")] {
        let output = fesr(&["verify", text(path), text(&good)]);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains(hint), "{}", stderr(&output));
        assert!(stdout(&output).contains("good: identical"), "{}", stdout(&output));
    }
    assert_eq!(code(&fesr(&["verify"])), 2);
}

#[test]
fn a_scenario_that_was_altered_or_lost_is_not_run_again() {
    let result = Result::of(SCENARIO, &[]);
    // A comment is an altered file, and the same scenario.
    let commented = result.copy("commented");
    edit(&commented.join("scenario.resolved.toml"), "[fund]", "[fund] # approved by the board");
    let (exit, answer) = verify(&commented);
    let found = differences(&answer);
    assert_eq!((exit, found.len(), &answer["run_again"]), (1, 1, &"done".into()));
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("scenario.resolved.toml", "altered"));
    // Another value is another scenario.
    let other = result.copy("other");
    edit(&other.join("scenario.resolved.toml"), "endowment = 500_000", "endowment = 500_001");
    fs::remove_file(other.join("groups.csv")).expect("deleted");
    let (exit, answer) = verify(&other);
    assert_eq!((exit, &answer["run_again"]), (1, &"scenario_altered".into()));
    assert_eq!(
        differences(&answer),
        [difference("groups.csv", "missing", None), difference("scenario.resolved.toml", "altered", None)]
    );
    fs::write(other.join("scenario.resolved.toml"), [0xff, 0xfe, 0]).expect("written");
    let (exit, answer) = verify(&other);
    assert_eq!((exit, &answer["run_again"]), (1, &"scenario_altered".into()));
    fs::remove_file(other.join("scenario.resolved.toml")).expect("deleted");
    let (exit, answer) = verify(&other);
    assert_eq!((exit, &answer["run_again"]), (1, &"scenario_missing".into()));
}

#[test]
fn a_list_of_borrowers_is_part_of_the_record() {
    let workshop = Workshop::new();
    let portfolio = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/portfolio-example.toml");
    let output = workshop.run(text(&portfolio), &["-q", "--paths", "300"]);
    assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
    let folder = workshop.path("elsewhere");
    copy(&workshop.path("out/portfolio-example"), &folder);
    let (exit, answer) = verify(&folder);
    assert_eq!((exit, differences(&answer)), (0, vec![]));
    edit(&folder.join("borrowers.csv"), "1420000", "1420001");
    let (exit, answer) = verify(&folder);
    assert_eq!((exit, &answer["run_again"]), (1, &"scenario_altered".into()));
    assert_eq!(differences(&answer), [difference("borrowers.csv", "altered", None)]);
    fs::remove_file(folder.join("borrowers.csv")).expect("deleted");
    let (exit, answer) = verify(&folder);
    assert_eq!((exit, &answer["run_again"]), (1, &"scenario_missing".into()));
    assert_eq!(differences(&answer), [difference("borrowers.csv", "missing", None)]);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_followed() {
    let result = Result::of(SCENARIO, &[]);
    let folder = result.copy("linked");
    let outside = result.workshop.path("outside.csv");
    fs::rename(folder.join("groups.csv"), &outside).expect("moved");
    std::os::unix::fs::symlink(&outside, folder.join("groups.csv")).expect("a link");
    fs::remove_file(folder.join("timeline.csv")).expect("deleted");
    let made = Command::new("mkfifo").arg(folder.join("timeline.csv")).status().expect("mkfifo");
    assert!(made.success());
    let (exit, answer) = verify(&folder);
    assert_eq!(exit, 1);
    assert_eq!(
        differences(&answer),
        [difference("groups.csv", "missing", None), difference("timeline.csv", "missing", None)]
    );
}

/// What stands in place of a record is named for what it is.
#[cfg(unix)]
#[test]
fn records_that_are_none_are_told() {
    let result = Result::of(SCENARIO, &[]);
    let folder = result.copy("none");
    let record = folder.join("run.json");
    for content in ["[]", "", "\"fesr\"", "null", "\n [1, 2]"] {
        fs::write(&record, content).expect("written");
        let output = fesr(&["verify", text(&folder)]);
        assert_eq!(code(&output), 2, "{content}: {}", stderr(&output));
        assert!(stderr(&output).contains("is a JSON object and begins with {"), "{}", stderr(&output));
    }
    fs::remove_file(&record).expect("removed");
    assert!(Command::new("mkfifo").arg(&record).status().expect("mkfifo").success());
    let output = fesr(&["verify", text(&folder)]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("run.json is not a file"), "{}", stderr(&output));
}

/// A file of any length beside the results is hashed bit by bit.
#[cfg(unix)]
#[test]
fn long_files_take_no_memory() {
    let result = Result::of(SCENARIO, &[]);
    let folder = result.copy("long");
    let file = fs::File::options().write(true).open(folder.join("groups.csv")).expect("a file");
    file.set_len(300 << 20).expect("a long file");
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 600000; exec \"$0\" verify --threads 1 \"$1\"", env!("CARGO_BIN_EXE_fesr")])
        .arg(&folder)
        .output()
        .expect("a shell");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("groups.csv"), "{}", stdout(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupted_result_is_run_again_up_to_where_it_was_stopped() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    let child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", &scenario, "-o", text(&out), "--paths", "1000000000", "-q", "--threads", "1"])
        .arg("--each-path")
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    assert_eq!(code(&child.wait_with_output().expect("it ends")), 130);
    let folder = workshop.path("out/small.interrupted");
    let output = fesr(&["verify", text(&folder)]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("interrupted, 1,000,000,000 were planned"), "{}", stdout(&output));
    // One path more or less is another result.
    let record = fs::read_to_string(folder.join("run.json")).expect("run.json");
    let paths = serde_json::from_str::<Value>(&record).expect("JSON")["paths"].as_u64().expect("a number");
    edit(&folder.join("run.json"), &format!("\"paths\": {paths}"), &format!("\"paths\": {}", paths - 1));
    let (exit, answer) = verify(&folder);
    assert_eq!(exit, 1);
    assert!(differences(&answer).iter().any(|found| found.0 == "paths.csv" && found.2 == Some(paths + 1)));
}
