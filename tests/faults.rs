//! What goes wrong around a run: it is killed, the disk is full, the folder cannot be written or goes away, two runs meet.
//! An earlier result stays whole, no part of a result is taken for one, and the next run cleans up.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test that kills runs looks at the clock")]

#[path = "common/workshop.rs"]
mod workshop;

use proptest::test_runner::{RngAlgorithm, TestRng};
use rand::Rng;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use workshop::{SCENARIO, Workshop, code, stderr, text};

/// A run into `out` of a workshop, by its process.
fn start(workshop: &Workshop, scenario: &str, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", scenario, "-q", "--progress", "none", "-o", text(&workshop.path("out"))])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// The seed of a whole result: every file that its record lists is there, with the bytes whose hash the record has.
fn seed_of_whole_result(folder: &Path) -> Option<u64> {
    let record = fs::read(folder.join("run.json")).ok()?;
    let record: serde_json::Value = serde_json::from_slice(&record).ok()?;
    let outputs = record["outputs"].as_object()?;
    let whole = outputs.iter().all(|(name, hash)| {
        fs::read(folder.join(name))
            .is_ok_and(|bytes| fesr::report::run_record::sha256(&bytes) == hash.as_str().unwrap_or_default())
    });
    (whole && outputs.len() > 20).then(|| record["seed"].as_u64()).flatten()
}

/// Runs a program through the shell after a word to it.
fn through_shell(before: &str, arguments: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{before} exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_fesr")])
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("a shell")
}

#[test]
fn of_fifty_runs_killed_at_any_moment_none_leaves_less_than_a_whole_result() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    let begun = Instant::now();
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--seed", "1000"])), 0);
    let usual = begun.elapsed();
    let folder = workshop.path("out/small");
    fs::write(folder.join("notes.txt"), "mine").expect("a note");
    // Seeded: the same moments in every run of this test, as far as the machine lets them be.
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let (mut killed, mut done, mut while_writing) = (0, 0, 0);
    for attempt in 0..50_u64 {
        let before = seed_of_whole_result(&folder).expect("a whole result stands there");
        let seed = attempt + 1;
        let mut child = start(&workshop, &scenario, &["--seed", &seed.to_string()]);
        let part = workshop.path("out").join(format!(".small.{}.partial", child.id()));
        if attempt % 2 == 0 {
            sleep(usual.mul_f64(f64::from(random.next_u32()) / f64::from(u32::MAX) * 1.1));
        } else {
            // While files are written and the folders change places, which is a small part of a run.
            let begun = Instant::now();
            while !part.join("report.html").exists() && begun.elapsed() < usual * 5 {
                sleep(Duration::from_micros(200));
            }
            while_writing += 1;
            sleep(Duration::from_micros(u64::from(random.next_u32() % 30_000)));
        }
        child.kill().expect("killed, or gone already");
        let status = child.wait().expect("it is gone");
        if status.success() {
            done += 1
        } else {
            killed += 1
        }
        let after = seed_of_whole_result(&folder)
            .unwrap_or_else(|| panic!("attempt {attempt}: no whole result; left: {:?}", workshop.left()));
        assert!(
            after == seed || after == before && !status.success(),
            "attempt {attempt}: {before}, {seed}, {after}"
        );
        // What is no whole result has a name that no reader takes for one.
        for name in workshop.left() {
            assert!(name == "small" || name.starts_with(".small."), "attempt {attempt}: {name}");
        }
    }
    assert!(killed >= 25, "only {killed} runs were killed, {done} were done before");
    println!("{killed} runs killed, {while_writing} aimed at the writing of files, {done} done before");
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--seed", "2000"])), 0);
    assert_eq!(seed_of_whole_result(&folder), Some(2_000));
    assert_eq!(workshop.left(), ["small"], "the next run cleaned up");
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).expect("the user's own file"), "mine");
}

/// Every state in which a run may stop while the folders change places is put right by the next one.
#[test]
fn the_next_run_puts_every_state_between_two_results_right() {
    for (stands, aside) in [(false, true), (true, true), (true, false)] {
        let workshop = Workshop::new();
        let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
        assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
        let (folder, previous) = (workshop.path("out/small"), workshop.path("out/.small.previous"));
        fs::write(folder.join("notes.txt"), "mine").expect("a note");
        if aside {
            fs::rename(&folder, &previous).expect("stepped aside");
        }
        if stands && aside {
            assert_eq!(
                code(
                    &Command::new(env!("CARGO_BIN_EXE_fesr"))
                        .args(["run", &scenario, "-q", "-o", text(&workshop.path("new"))])
                        .output()
                        .expect("a run")
                ),
                0
            );
            fs::rename(workshop.path("new/small"), &folder).expect("a new result");
        }
        // A run that fails puts right what it finds too.
        let failed = through_shell(
            "trap '' XFSZ; ulimit -f 4;",
            &["run", &scenario, "-q", "-o", text(&workshop.path("out"))],
        );
        assert_eq!(code(&failed), 3, "{}", stderr(&failed));
        assert!(seed_of_whole_result(&folder).is_some());
        assert_eq!(fs::read_to_string(folder.join("notes.txt")).expect("the note"), "mine");
        assert_eq!(workshop.left(), ["small"]);
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--seed", "3"])), 0);
    let out = workshop.path("out");
    for (blocks, more) in [(0, vec![]), (1, vec![]), (64, vec!["--each-path"]), (8, vec!["--png"])] {
        let mut arguments = vec!["run", scenario.as_str(), "-q", "-o", text(&out)];
        arguments.extend(more);
        let output = through_shell(&format!("trap '' XFSZ; ulimit -f {blocks};"), &arguments);
        assert_eq!(code(&output), 3, "{blocks}: {}", stderr(&output));
        let message = stderr(&output);
        assert!(message.starts_with("error: cannot write "), "{message}");
        assert!(message.contains(text(&workshop.path("out/small"))), "{message}");
        assert_eq!(seed_of_whole_result(&workshop.path("out/small")), Some(3));
        assert_eq!(workshop.left(), ["small"], "nothing half-written is left");
    }
}

/// A limit of the system on the size of files is told like a full disk, not died of: here the signal is not ignored beforehand.
#[test]
fn a_limit_on_files_is_told_and_loses_nothing() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--seed", "3"])), 0);
    let out = workshop.path("out");
    for (blocks, more) in [(0, vec![]), (4, vec![]), (64, vec!["--each-path"]), (1, vec!["--shard=1/1"])] {
        let mut arguments = vec!["run", scenario.as_str(), "-q", "-o", text(&out)];
        arguments.extend(more);
        let output = through_shell(&format!("ulimit -f {blocks};"), &arguments);
        assert_eq!(output.status.code(), Some(3), "{blocks}: {:?} {}", output.status, stderr(&output));
        assert!(stderr(&output).starts_with("error: cannot write "), "{}", stderr(&output));
        assert_eq!(seed_of_whole_result(&workshop.path("out/small")), Some(3));
        assert_eq!(workshop.left(), ["small"], "nothing half-written is left");
    }
}

/// What lies in the output folder under the names of a run's own files, and is none of them, neither stops a run nor is lost.
#[test]
fn files_of_the_users_own_are_neither_in_the_way_nor_lost() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    fs::create_dir(workshop.path("out")).expect("a folder");
    fs::write(workshop.path("out/.small.99999.partial"), "mine").expect("written");
    assert!(
        Command::new("mkfifo").arg(workshop.path("out/.small.7.partial")).status().expect("mkfifo").success()
    );
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    assert_eq!(workshop.left(), [".small.7.partial", ".small.99999.partial", "small"]);
    assert_eq!(fs::read_to_string(workshop.path("out/.small.99999.partial")).expect("there"), "mine");
    // Twice a file of the user's own has the name of one that the new result writes: both stay.
    let folder = workshop.path("out/small");
    for (content, more) in [("one", "--each-path"), ("two", "--each-path"), ("three", "--each-path")] {
        fs::write(folder.join("paths.csv"), content).expect("written");
        assert_eq!(code(&workshop.run(&scenario, &["-q", more])), 0);
        // A result of its own, whose record does not list the file that comes next.
        assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    }
    let mut kept: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("paths.csv")))
        .map(|path| fs::read_to_string(path).expect("a text"))
        .collect();
    kept.sort();
    assert_eq!(kept, ["one", "three", "two"]);
}

#[test]
fn a_file_system_without_room_is_told_and_loses_nothing() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    let small = workshop.path("small-disk");
    fs::create_dir(&small).expect("a folder");
    let mount = format!("mount -t tmpfs -o size=200k tmpfs '{}'", small.display());
    let script = format!(
        "{mount} || exit 77; mkdir '{0}/out'; \"$0\" run \"$1\" -q -o '{0}/out'; echo $? >\"$2\"; ls -A '{0}/out' >>\"$2\"",
        small.display()
    );
    let told = workshop.path("told.txt");
    let output = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            &script,
            env!("CARGO_BIN_EXE_fesr"),
            &scenario,
            text(&told),
        ])
        .output();
    match output {
        Ok(output) if told.exists() => {
            assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
            assert_eq!(
                fs::read_to_string(told).expect("the exit code"),
                "3\n",
                "nothing is left on the full disk"
            );
        }
        _ => println!("skipped: no file system of its own can be mounted here"),
    }
}

#[test]
fn where_nothing_can_be_written_nothing_is_run() {
    let workshop = Workshop::new();
    let scenario =
        workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 1_000_000_000", 1));
    workshop.write("file", "a file");
    let begun = Instant::now();
    let below = workshop.path("file/below");
    let mut places = vec![text(&below), "/proc/fesr", "/dev/null/x"];
    // The administrator may write into folders that are closed to others.
    let closed = workshop.path("closed");
    fs::create_dir(&closed).expect("a folder");
    let mut rights = fs::metadata(&closed).expect("a folder").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o500);
    fs::set_permissions(&closed, rights).expect("closed");
    match fs::create_dir(closed.join("probe")) {
        Ok(()) => println!("skipped: this user may write into folders without the right to"),
        Err(_) => places.push(text(&closed)),
    }
    for place in places {
        let output = Command::new(env!("CARGO_BIN_EXE_fesr"))
            .args(["run", &scenario, "-q", "-o", place])
            .output()
            .expect("a run");
        assert_eq!(code(&output), 3, "{place}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("error: cannot "), "{place}: {}", stderr(&output));
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "told before the run, not after");
}

#[test]
fn an_output_folder_that_goes_away_is_told_or_made_again_but_never_half_there() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 20_000", 1));
    for more in [&["--each-path"][..], &[]] {
        let child = start(&workshop, &scenario, more);
        let part = workshop.path("out").join(format!(".small.{}.partial", child.id()));
        while !part.exists() {
            sleep(Duration::from_millis(1));
        }
        fs::remove_dir_all(workshop.path("out")).expect("removed");
        let output = child.wait_with_output().expect("it ends");
        match code(&output) {
            0 => assert!(seed_of_whole_result(&workshop.path("out/small")).is_some(), "{more:?}"),
            3 => {
                assert!(stderr(&output).starts_with("error: cannot "), "{}", stderr(&output));
                assert!(!workshop.path("out/small").exists(), "no part is left as a result");
            }
            other => panic!("{other}: {}", stderr(&output)),
        }
        assert!(more.is_empty() || code(&output) == 3, "the rows of each path are lost");
    }
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--paths", "300"])), 0);
    assert_eq!(workshop.left(), ["small"]);
}

#[test]
fn of_many_runs_at_once_each_is_done_or_told() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    let seeds: Vec<String> = (1..=8).map(|seed: u64| seed.to_string()).collect();
    let children: Vec<Child> =
        seeds.iter().map(|seed| start(&workshop, &scenario, &["--seed", seed])).collect();
    let mut done = 0;
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        match code(&output) {
            0 => done += 1,
            3 => assert!(stderr(&output).contains("another run is writing"), "{}", stderr(&output)),
            other => panic!("{other}: {}", stderr(&output)),
        }
    }
    assert!(done >= 1);
    assert!(seed_of_whole_result(&workshop.path("out/small")).is_some());
    assert_eq!(workshop.left(), ["small"]);
}

#[test]
fn results_are_not_written_or_removed_through_a_link() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO.replacen("paths = 2000", "paths = 300", 1));
    let precious = workshop.path("precious");
    fs::create_dir_all(precious.join("charts")).expect("a folder");
    fs::write(precious.join("summary.csv"), "precious").expect("a file");
    fs::write(precious.join("charts/mine.svg"), "precious").expect("a file");
    let untouched = || {
        assert_eq!(fs::read_to_string(precious.join("summary.csv")).expect("still there"), "precious");
        assert_eq!(fs::read_to_string(precious.join("charts/mine.svg")).expect("still there"), "precious");
        assert_eq!(fs::read_dir(&precious).expect("a folder").count(), 2);
    };
    for name in ["small", ".small.previous", "small.interrupted", ".small.lock"] {
        let _ = fs::remove_dir_all(workshop.path("out"));
        fs::create_dir(workshop.path("out")).expect("a folder");
        let link = workshop.path("out").join(name);
        let target = if name.ends_with("lock") { precious.join("summary.csv") } else { precious.clone() };
        symlink(&target, &link).expect("a link");
        let output = workshop.run(&scenario, &["-q"]);
        assert_eq!(code(&output), 3, "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("which is a link"), "{name}: {}", stderr(&output));
        assert!(fs::symlink_metadata(&link).expect("the link stays").is_symlink());
        untouched();
        let trace = Command::new(env!("CARGO_BIN_EXE_fesr"))
            .args(["trace", &scenario, "--path", "1", "-o", text(&workshop.path("out"))])
            .output()
            .expect("a trace");
        assert!(code(&trace) == 3 || name == "small.interrupted", "{name}: {}", stderr(&trace));
        untouched();
    }
    // What a killed run left may have become a link, too: only the link is removed.
    fs::remove_dir_all(workshop.path("out")).expect("removed");
    fs::create_dir(workshop.path("out")).expect("a folder");
    symlink(&precious, workshop.path("out/.small.123.partial")).expect("a link");
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    assert_eq!(workshop.left(), ["small"]);
    untouched();
    // A link within a result is the user's own file, and is kept as one.
    symlink(&precious, workshop.path("out/small/shortcut")).expect("a link");
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    assert!(fs::symlink_metadata(workshop.path("out/small/shortcut")).expect("kept").is_symlink());
    untouched();
    // The folder of all results may be a link: that is where the user wants them.
    fs::create_dir(workshop.path("elsewhere")).expect("a folder");
    fs::remove_dir_all(workshop.path("out")).expect("removed");
    symlink(workshop.path("elsewhere"), workshop.path("out")).expect("a link");
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    assert!(seed_of_whole_result(&workshop.path("elsewhere/small")).is_some());
}
