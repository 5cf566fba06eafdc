//! What all studies have in common: a record that `verify` reads, a description of their tables, and what a stop leaves.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

fn named(name: &str) -> String {
    format!("[scenario]\nname = \"{name}\"\n{SCENARIO}")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn a_study_is_verified_from_its_folder_alone() {
    let workshop = Workshop::new();
    let (one, other) =
        (workshop.write("one.toml", named("one")), workshop.write("other.toml", named("other")));
    let out = workshop.path("out");
    let studies: [&[&str]; 3] = [
        &["compare", &one, &other, "--set", "line2.loss.lgd_mean=0.6", "--name", "study-compare"],
        &["frontier", &one, "--step", "50%", "--paths", "1100", "--lang", "it", "--name", "study-frontier"],
        &[
            "sensitivity",
            &one,
            "--metric",
            "fund_loss.mean",
            "--paths",
            "1100",
            "--name",
            "study-sensitivity",
        ],
    ];
    for words in studies {
        let mut words = words.to_vec();
        words.extend(["-o", text(&out), "--quiet", "--progress", "none"]);
        let made = fesr(&words);
        assert_eq!(code(&made), 0, "{}", stderr(&made));
        // Once more into the same place: nothing of the first time is taken for a file of the user's.
        assert_eq!(code(&fesr(&words)), 0);
        let folder =
            workshop.path("out").join(words[words.iter().position(|word| *word == "--name").unwrap() + 1]);
        let names: Vec<String> = fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert!(names.iter().all(|name| !name.ends_with(".earlier")), "{names:?}");
        // Elsewhere, as a copy that was mailed.
        let moved = workshop.path("mailed");
        fs::rename(&folder, &moved).expect("moved");
        let package = json(&moved.join("datapackage.json"));
        let resources = package["resources"].as_array().expect("tables");
        for resource in resources {
            let path = resource["path"].as_str().expect("a path");
            let table = fs::read_to_string(moved.join(path)).expect("the table");
            let header: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
            let fields = resource["schema"]["fields"].as_array().expect("fields");
            let fields: Vec<&str> =
                fields.iter().map(|field| field["name"].as_str().expect("a name")).collect();
            assert_eq!(header, fields, "{path}");
        }
        let verify = || fesr(&["verify", text(&moved), "--quiet", "--threads", "1"]);
        let verified = verify();
        assert_eq!(code(&verified), 0, "{}{}", String::from_utf8_lossy(&verified.stdout), stderr(&verified));
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert!(said.contains("identical") || said.contains("identico"), "{said}");
        // Somebody changes a figure: found, with the file's name.
        let page = moved.join("report.html");
        let changed = fs::read_to_string(&page).expect("a page").replace("</h1>", "!</h1>");
        fs::write(&page, changed).expect("changed");
        let verified = verify();
        assert_eq!(code(&verified), 1);
        assert!(String::from_utf8_lossy(&verified.stdout).contains("report.html"));
        // And the record tells of a scenario outside: refused.
        let record = fs::read_to_string(moved.join("run.json")).expect("a record");
        let record = record.replace("\"--seed\"", "\"/etc/hostname\", \"--seed\"");
        fs::write(moved.join("run.json"), record).expect("changed");
        let refused = verify();
        assert_eq!(code(&refused), 2);
        assert!(stderr(&refused).contains("/etc/hostname"), "{}", stderr(&refused));
        fs::remove_dir_all(&moved).expect("removed");
    }
}

#[test]
fn a_study_that_needs_economies_is_held_against_its_hashes() {
    let workshop = Workshop::new();
    let one = workshop.write("one.toml", named("one"));
    let economy =
        workshop.write("bad times.toml", "[scenario]\ntitle = \"Bad\"\n[macro]\npd_multiplier = [2]\n");
    let out = workshop.path("out");
    let words = ["compare", &one, "--economies", &economy, "-o", text(&out), "--name", "grid", "--quiet"];
    let made = fesr(&words);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let folder = out.join("grid");
    let verified = fesr(&["verify", text(&folder)]);
    assert_eq!(code(&verified), 0, "{}", stderr(&verified));
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(said.contains("as recorded") && said.contains("not run again"), "{said}");
    assert!(said.contains("economies") && !said.contains("interrupted"), "{said}");
    // The command on the page can be pasted into a shell.
    let page = fs::read_to_string(folder.join("report.html")).expect("a page");
    assert!(
        page.contains(&format!("fesr compare {one} --economies '{economy}'")),
        "the files as they were named"
    );
    fs::write(folder.join("grid.csv"), "nothing").expect("changed");
    assert_eq!(code(&fesr(&["verify", text(&folder), "--quiet"])), 1);
}

/// Starts the words, stops them with Ctrl-C after a while, and gives exit code and standard error.
fn stopped(words: &[&str], after: Duration) -> (i32, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(after);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    (code(&output), stderr(&output))
}

#[test]
fn a_stop_leaves_what_is_whole_and_replaces_nothing() {
    let workshop = Workshop::new();
    let out = workshop.path("out");
    let small = workshop.write("small.toml", named("small"));
    // 10,000,000 paths take minutes: of two scenarios neither is whole, and nothing is left.
    let endless = ["compare", &small, "scenarios/wecare-mixed.toml", "-o", text(&out), "--name", "both"];
    let mut words = endless.to_vec();
    words.extend(["--paths", "10000000", "--quiet"]);
    let (exit, said) = stopped(&words, Duration::from_millis(1_500));
    assert_eq!(exit, 130, "{said}");
    assert_eq!(workshop.left(), Vec::<String>::new(), "nothing half-written");
    // A grid of 5,151 mixes at one per cent: some are whole after a while, all are not.
    let frontier = ["frontier", &small, "-o", text(&out), "--name", "mixes", "--quiet", "--threads", "1"];
    let mut whole = frontier.to_vec();
    whole.extend(["--step", "50%", "--paths", "1100"]);
    assert_eq!(code(&fesr(&whole)), 0);
    let before = fs::read(out.join("mixes/frontier.json")).expect("a whole result");
    let mut long = frontier.to_vec();
    long.extend(["--step", "1%", "--paths", "20000"]);
    let (exit, said) = stopped(&long, Duration::from_secs(6));
    assert_eq!(exit, 130, "{said}");
    assert_eq!(fs::read(out.join("mixes/frontier.json")).expect("still there"), before);
    let names = workshop.left();
    if names == ["mixes", "mixes.interrupted"] {
        let part = json(&out.join("mixes.interrupted/frontier.json"));
        assert_eq!(part["interrupted"], true);
        assert!(part["mixes"].as_array().expect("mixes").len() < 5_152);
        let page = fs::read_to_string(out.join("mixes.interrupted/report.html")).expect("a page");
        assert!(page.contains("Interrupted"));
        let verified = fesr(&["verify", text(&out.join("mixes.interrupted"))]);
        assert_eq!(code(&verified), 0);
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert!(said.contains("not run again: the study was interrupted"), "{said}");
        assert!(!said.contains("economies"), "{said}");
    } else {
        // On a slow machine not even the scenario's own mix was whole.
        assert_eq!(names, ["mixes"]);
    }
}
