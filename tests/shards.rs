//! A run that is shared by several machines, or killed and gone on with, gives the bytes of an unbroken run.

#![allow(clippy::disallowed_methods, reason = "a test that kills runs looks at the clock")]

mod common;
#[path = "shards/studies.rs"]
mod studies;

use fesr::aggregate::collector::Collector;
use fesr::aggregate::distribution::Distribution;
use fesr::aggregate::part::codec::Reader;
use fesr::aggregate::part::{restore, share_of_blocks, store};
use fesr::plan::Plan;
use fesr::report::framed_file::PartError;
use fesr::report::part_file::{OpenPart, PartHead, part_file};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A fund so small that many paths take little time.
const SMALL: &str = r#"
[scenario]
name = "small"
[simulation]
paths = 5000
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 5
availability_years = 1
period = "2021-2027"
[line2]
[line2.budget]
loans = 400_000
guarantees = 100_000
[line2.pipeline]
applications_per_year = 4
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "20%"
[[limit]]
metric = "demand_coverage"
statistic = "mean"
min = 0.01
"#;

/// A folder with the small scenario.
fn workplace() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    fs::write(root.path().join("small.toml"), SMALL).expect("a scenario");
    root
}

fn command(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fesr"));
    command.current_dir(root).args(words);
    for name in ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "JOB_COMPLETION_INDEX"] {
        command.env_remove(name);
    }
    command
}

fn fesr(root: &Path, words: &[&str]) -> Output {
    command(root, words).output().expect("the program starts")
}

/// Runs what must succeed.
fn done(root: &Path, words: &[&str]) -> Output {
    let output = fesr(root, words);
    assert!(output.status.success(), "{words:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Runs what must be refused, and returns why.
fn refused(root: &Path, words: &[&str]) -> String {
    let output = fesr(root, words);
    assert_eq!(output.status.code(), Some(2), "{words:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").to_path_buf();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// The head of a sound part and its body.
fn read_part_file(bytes: &[u8]) -> Result<(PartHead, &[u8]), PartError> {
    let head = OpenPart::open(bytes, bytes.len() as u64)?.finish()?;
    let length = u64::from_le_bytes(*bytes[12..].first_chunk().expect("a length"));
    Ok((head, &bytes[28 + length as usize..bytes.len() - 32]))
}

fn assert_same(root: &Path, one: &str, other: &str) {
    let (one, other) = (files(&root.join(one)), files(&root.join(other)));
    assert!(one.contains_key(Path::new("run.json")) && one.len() > 10, "a whole result: {:?}", one.keys());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == other[name], "{} differs", name.display());
    }
}

#[test]
fn merged_shares_are_the_unshared_run_in_any_order_and_in_rounds() {
    let root = workplace();
    let root = root.path();
    let options = ["--csv", "excel-it", "--png", "--seed", "11", "--lang", "it", "--quiet"];
    let run = |more: &[&str]| done(root, &[&["run", "small.toml"][..], &options, more].concat());
    run(&["-o", "whole"]);
    for (number, count) in [(1, 3), (2, 3), (3, 3), (1, 7), (2, 7), (3, 7), (4, 7), (5, 7), (6, 7), (7, 7)] {
        run(&["--shard", &format!("{number}/{count}"), "-o", &format!("of-{count}")]);
    }
    // The order of a folder, then against it; seven shares of five blocks, so that some are empty.
    done(root, &["merge", "of-3", "-o", "a", "--quiet"]);
    assert_same(root, "whole/small", "a/small");
    let backwards: Vec<String> =
        (1..=7).rev().map(|number| format!("of-7/small.shard-{number}-of-7.part")).collect();
    let words: Vec<&str> = backwards.iter().map(String::as_str).collect();
    done(root, &[&["merge"][..], &words, &["-o", "b", "--quiet"]].concat());
    assert_same(root, "whole/small", "b/small");
    // First and last share, then the one between them.
    let [first, second, third] = [1, 2, 3].map(|number| format!("of-3/small.shard-{number}-of-3.part"));
    done(root, &["merge", &third, &first, "--part", "-o", "outer", "--quiet"]);
    done(root, &["merge", &second, "outer", "-o", "c", "--quiet"]);
    assert_same(root, "whole/small", "c/small");
}

#[test]
fn beyond_the_paths_of_which_every_value_is_kept_shares_are_the_unshared_run_too() {
    let root = workplace();
    let root = root.path();
    // So few defaults that the worst 1 % of the paths are mostly paths without any loss: equals, taken in order.
    let rare = ["--set", "credit.rating.B.pd=0.0005"];
    let run = |more: &[&str]| {
        done(root, &[&["run", "small.toml", "--paths", "140000", "--quiet"][..], &rare, more].concat())
    };
    run(&["-o", "whole"]);
    for shard in ["1/3", "2/3", "3/3"] {
        run(&["--shard", shard, "-o", "parts"]);
    }
    done(root, &["merge", "parts", "-o", "merged", "--quiet"]);
    assert_same(root, "whole/small", "merged/small");
}

#[test]
fn what_is_missing_is_named_and_the_command_printed_makes_it() {
    let root = workplace();
    let root = root.path();
    for shard in ["1/4", "3/4"] {
        done(
            root,
            &[
                "run",
                "small.toml",
                "--quiet",
                "--set",
                "credit.rating.*.pd*=1.5",
                "--shard",
                shard,
                "-o",
                "parts",
            ],
        );
    }
    let message = refused(root, &["merge", "parts"]);
    assert!(message.contains("missing of 4 shares: 2, 4."), "{message}");
    assert!(!root.join("output/small").exists());
    let commands: Vec<&str> = message.lines().filter_map(|line| line.trim().strip_prefix("fesr ")).collect();
    assert_eq!(commands.len(), 2, "{message}");
    for line in commands {
        let words: Vec<&str> = line.split(' ').map(|word| word.trim_matches('\'')).collect();
        done(root, &words);
    }
    done(root, &["merge", "parts", "--quiet"]);
    done(root, &["verify", "output/small", "--quiet"]);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let root = workplace();
    let root = root.path();
    let run = |more: &[&str]| done(root, &[&["run", "small.toml", "--quiet"][..], more].concat());
    run(&["--shard", "1/2", "-o", "parts"]);
    run(&["--shard", "2/3", "-o", "thirds"]);
    run(&["--shard", "2/2", "-o", "seed", "--seed", "5"]);
    run(&["--shard", "2/2", "-o", "paths", "--paths", "6000"]);
    run(&["--shard", "2/2", "-o", "options", "--png"]);
    run(&["--shard", "2/2", "-o", "other", "--set", "line2.loan.tenor_quarters=8"]);
    for (folder, why) in [
        ("thirds", "both hold paths 1,024 to 2,047"),
        ("seed", "the seed"),
        ("paths", "the number of paths (5,000 and 6,000)"),
        ("options", "the options"),
        ("other", "the scenario"),
    ] {
        let message = refused(root, &["merge", "parts", folder]);
        assert!(message.contains(why), "{folder}: {message}");
    }
    // A part of another version, with a sound check sum.
    let path = root.join("parts/small.shard-1-of-2.part");
    let bytes = fs::read(&path).expect("a part");
    let (head, body) = read_part_file(&bytes).expect("sound");
    let older = PartHead { version: "0.0.9".into(), ..head };
    fs::write(root.join("older.part"), part_file(&older, body)).expect("written");
    assert!(refused(root, &["merge", "older.part"]).contains("was made by fesr 0.0.9"));
    // What has no shares.
    for wrong in ["--tail", "--each-path", "--precision=1%"] {
        assert!(!refused(root, &["run", "small.toml", "--shard", "1/2", wrong]).is_empty());
    }
    let message =
        refused(root, &["run", "small.toml", "--set", "simulation.precision=\"1%\"", "--shard", "1/2"]);
    assert!(message.contains("--paths N"), "{message}");
    assert!(refused(root, &["run", "small.toml", "--shard"]).contains("SLURM_ARRAY_TASK_ID"));
}

#[test]
fn the_scheduler_says_which_share_to_simulate() {
    let root = workplace();
    let words = ["run", "small.toml", "--quiet", "--shard"];
    let slurm = command(root.path(), &words)
        .envs([("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_ARRAY_TASK_COUNT", "2"), ("SLURM_ARRAY_TASK_MIN", "0")])
        .env("SLURM_ARRAY_TASK_MAX", "1")
        .output();
    assert!(slurm.expect("the program starts").status.success());
    let kubernetes =
        command(root.path(), &[&words[..], &["/2"]].concat()).env("JOB_COMPLETION_INDEX", "0").output();
    assert!(kubernetes.expect("the program starts").status.success());
    done(root.path(), &["merge", "output", "--quiet"]);
}

/// Starts a run, kills it once a checkpoint of it stands, and returns whether it was still running.
fn kill_after_checkpoint(root: &Path, words: &[&str], checkpoint: &Path) -> bool {
    let mut child =
        command(root, words).stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("the program starts");
    let started = Instant::now();
    let before = fs::metadata(checkpoint).and_then(|found| found.modified()).ok();
    loop {
        let now = fs::metadata(checkpoint).and_then(|found| found.modified()).ok();
        if now.is_some() && now != before {
            break;
        }
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no checkpoint");
        std::thread::sleep(Duration::from_millis(5));
    }
    // SIGKILL: the program cannot do anything about it.
    let was_running = child.try_wait().expect("a child").is_none();
    child.kill().expect("killed");
    child.wait().expect("gone");
    was_running
}

#[test]
fn a_run_that_is_killed_goes_on_from_its_checkpoint() {
    let root = workplace();
    let root = root.path();
    let paths = ["run", "small.toml", "--quiet", "--paths", "150000"];
    done(root, &[&paths[..], &["-o", "whole"]].concat());
    let words = [&paths[..], &["--checkpoint=0", "-o", "killed", "--threads", "1"]].concat();
    let checkpoint = root.join("killed/small.checkpoint");
    let kills = (0..3).filter(|_| kill_after_checkpoint(root, &words, &checkpoint)).count();
    assert!(kills > 0, "killed in mid-run");
    assert!(!root.join("killed/small").exists());
    let output = done(root, &[&paths[..2], &paths[3..], &["--checkpoint=0", "-o", "killed"]].concat());
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(messages.contains("going on from killed/small.checkpoint"), "{messages}");
    assert_same(root, "whole/small", "killed/small");
    assert!(!checkpoint.exists(), "removed at the end");
    // A shard too.
    let shard =
        [&paths[..], &["--checkpoint=0", "--shard", "2/2", "-o", "killed", "--threads", "1"]].concat();
    let checkpoint = root.join("killed/small.shard-2-of-2.checkpoint");
    assert!(kill_after_checkpoint(root, &shard, &checkpoint), "killed in mid-run");
    done(root, &shard);
    assert!(!checkpoint.exists());
    done(root, &[&paths[..], &["--shard", "2/2", "-o", "parts"]].concat());
    let part = |folder: &str| fs::read(root.join(folder).join("small.shard-2-of-2.part")).expect("a part");
    assert!(part("killed") == part("parts"), "a part that was gone on with is that of an unbroken run");
}

#[test]
fn a_checkpoint_of_something_else_is_not_used() {
    let root = workplace();
    let root = root.path();
    done(root, &["run", "small.toml", "--quiet", "-o", "whole"]);
    done(root, &["run", "small.toml", "--quiet", "--shard", "1/2", "-o", "parts"]);
    fs::create_dir(root.join("again")).expect("a folder");
    let part = fs::read(root.join("parts/small.shard-1-of-2.part")).expect("a part");
    let checkpoint = root.join("again/small.checkpoint");
    let mut flipped = part.clone();
    *flipped.last_mut().expect("a byte") ^= 1;
    // What nobody can use any more is told, and the run begins anew.
    let mut ours =
        part_file(&PartHead { shard: None, ..read_part_file(&part).expect("sound").0 }, b"numbers");
    for bytes in [&ours[..], &ours[..ours.len() - 1], b"FESRPART", b""] {
        fs::write(&checkpoint, bytes).expect("written");
        let output = done(root, &["run", "small.toml", "--quiet", "--checkpoint", "-o", "again"]);
        assert!(String::from_utf8_lossy(&output.stderr).contains("beginning anew"));
        assert_same(root, "whole/small", "again/small");
        assert!(!checkpoint.exists());
    }
    // What somebody may want is not replaced: a part of a share, one of another format, a file of the user's own.
    ours[8] = 2;
    for (bytes, why) in [
        (&part[..], "what differs is the share"),
        (&flipped, "what differs is the share"),
        (&ours, "has format 2"),
        (b"my notes", "is not a part of a run"),
    ] {
        fs::write(&checkpoint, bytes).expect("written");
        let message = refused(root, &["run", "small.toml", "--quiet", "--checkpoint", "-o", "again"]);
        assert!(message.contains(why) && message.contains("it is not replaced"), "{message}");
        assert_eq!(fs::read(&checkpoint).expect("still there"), bytes);
        assert_same(root, "whole/small", "again/small");
    }
}

/// Hours of simulation are not lost by a mistyped seed.
#[test]
fn parts_and_checkpoints_of_another_run_are_not_replaced() {
    let root = workplace();
    let root = root.path();
    let shard = ["run", "small.toml", "--quiet", "--shard", "1/2", "-o", "parts"];
    done(root, &shard);
    let part = root.join("parts/small.shard-1-of-2.part");
    let bytes = fs::read(&part).expect("a part");
    for (more, why) in [
        (&["--seed", "5"][..], "the seed (20181122 and 5)"),
        (&["--paths", "6000"], "the number of paths (5,000 and 6,000)"),
        (&["--png"], "the options"),
        (&["--set", "line2.loan.tenor_quarters=8"], "the scenario"),
        (&["--seed", "5", "--checkpoint"], "the seed (20181122 and 5)"),
    ] {
        let message = refused(root, &[&shard[..], more].concat());
        assert!(message.contains(why) && message.contains("write elsewhere (-o)"), "{message}");
        let left = files(&root.join("parts"));
        assert!(left.len() == 1 && left.values().next() == Some(&bytes), "{:?}", left.keys());
    }
    // The same run again gives the same part; a damaged one is made anew.
    done(root, &shard);
    assert!(fs::read(&part).expect("a part") == bytes);
    fs::write(&part, &bytes[..bytes.len() / 2]).expect("cut short");
    done(root, &shard);
    assert!(fs::read(&part).expect("a part") == bytes);
    // A file of the user's own that has the name.
    fs::write(&part, "mine").expect("written");
    assert!(refused(root, &shard).contains("is not a part of a run: it is not replaced"));
    assert_eq!(fs::read(&part).expect("still there"), b"mine");
    // The checkpoint of an unshared run.
    let words = ["run", "small.toml", "--quiet", "--paths", "150000", "--checkpoint=0", "--threads", "1"];
    let checkpoint = root.join("output/small.checkpoint");
    assert!(kill_after_checkpoint(root, &words, &checkpoint), "killed in mid-run");
    let bytes = fs::read(&checkpoint).expect("a checkpoint");
    let message = refused(root, &[&words[..], &["--seed", "5"]].concat());
    assert!(message.contains("the seed (20181122 and 5)"), "{message}");
    assert!(fs::read(&checkpoint).expect("still there") == bytes);
    done(root, &words);
    assert!(!checkpoint.exists());
}

/// A part of the small scenario: its plan's scenario, paths and bytes.
fn small_part(planned: u64) -> (fesr::scenario::Scenario, Vec<u8>) {
    let mut scenario = common::scenario_text(SMALL, None);
    scenario.simulation.paths = planned;
    let plan = Plan::resolve(&scenario);
    let mut collector = Collector::for_share(&plan, planned, share_of_blocks(planned, 2, planned / 2_048));
    collector.simulate_share(&mut common::Silent::default()).expect("the books balance");
    let bytes = store(&collector);
    (scenario, bytes)
}

#[test]
fn a_part_comes_back_and_no_change_of_it_is_fatal() {
    for planned in [6_000, 400_000] {
        let (scenario, bytes) = small_part(planned);
        let plan = Plan::resolve(&scenario);
        let again = restore(&plan, planned, Reader::new(&bytes)).expect("sound");
        assert!(store(&again) == bytes);
        // Cut short anywhere near a seam; each of the first bytes, where lengths are dense, set to extremes.
        for length in (0..60).chain((1..20).map(|step| step * bytes.len() / 20)).chain([bytes.len() - 1]) {
            assert!(restore(&plan, planned, Reader::new(&bytes[..length])).is_err(), "cut at {length}");
        }
        let mut changed = bytes.clone();
        let places = (0..40).chain((0..60).map(|step| step * bytes.len() / 60));
        for place in places {
            for value in [0x00, 0x7f, 0xff] {
                changed[place] = value;
                // Either it is refused, or it is a part: then it can be written and merged.
                if let Ok(collector) = restore(&plan, planned, Reader::new(&changed)) {
                    let mut whole = Collector::for_share(&plan, planned, 0..0);
                    whole.merge(collector).expect("nothing is there yet");
                    store(&whole);
                }
            }
            changed[place] = bytes[place];
        }
    }
}

/// Values with heavy ties and a long tail on both sides, the same in every run of the test.
fn values(count: usize) -> Vec<i64> {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (size, kind) = ((state >> 40) as i64, (state >> 33) % 91);
        if kind < 60 { 0 } else { size * (kind as i64 - 75) }
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn distributions_of_shares_merge_to_that_of_the_run_in_any_order() {
    const PATHS: u64 = 300_032;
    let all = values(PATHS as usize);
    let constant = vec![41i64; PATHS as usize];
    for (values, shares) in [(&all, 2), (&all, 9), (&constant, 9), (&all, 293)] {
        let mut whole = Distribution::for_paths(PATHS);
        values.chunks(1_024).for_each(|block| whole.absorb(block));
        let mut parts: Vec<Distribution> = (1..=shares)
            .map(|number| {
                let blocks = share_of_blocks(PATHS, number, shares);
                let share =
                    &values[(blocks.start * 1_024) as usize..((blocks.end * 1_024).min(PATHS)) as usize];
                let mut part = Distribution::for_share(PATHS, share.len() as u64);
                share.chunks(1_024).for_each(|block| part.absorb(block));
                part
            })
            .collect();
        // Pairs first, then the pairs from behind: two rounds.
        while parts.len() > 1 {
            let mut next = Vec::new();
            while let Some(mut one) = parts.pop() {
                if let Some(other) = parts.pop() {
                    one.merge(other, PATHS, &[]);
                }
                next.push(one);
            }
            parts = next;
        }
        let merged = parts.pop().expect("one is left");
        assert!(merged.reaches() && merged.count() == PATHS);
        let ranks: Vec<u64> =
            (1..=700).chain((1..=200).map(|part| PATHS * part / 200)).chain(PATHS - 700..=PATHS).collect();
        assert_eq!(merged.order_statistics(&ranks), whole.order_statistics(&ranks), "{shares} shares");
        for threshold in [-1, 0, 100_000_000, whole.order_statistics(&[PATHS - 300])[0]] {
            assert_eq!(merged.excess_over(threshold), whole.excess_over(threshold), "{shares} shares");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_are_a_part_by_chance(bytes in proptest::collection::vec(any::<u8>(), 0..200), sealed in any::<bool>()) {
        let mut file = b"FESRPART\x01\0\0\0".to_vec();
        file.extend_from_slice(&bytes);
        if sealed {
            use sha2::{Digest, Sha256};
            let hash = Sha256::digest(&file);
            file.extend_from_slice(&hash);
        }
        prop_assert!(read_part_file(&file).is_err());
        prop_assert!(read_part_file(&bytes).is_err());
    }
}

#[test]
fn a_flipped_byte_anywhere_is_noticed() {
    let scenario = common::scenario_text(SMALL, None);
    let head = PartHead::new("1.2.3", &scenario, "small.toml", &Default::default());
    let file = part_file(&head, b"some numbers");
    assert_eq!(read_part_file(&file).expect("sound"), (head, &b"some numbers"[..]));
    for place in 0..file.len() {
        let mut flipped = file.clone();
        flipped[place] ^= 0x10;
        assert!(read_part_file(&flipped).is_err(), "byte {place}");
    }
    for length in 0..file.len() {
        assert!(read_part_file(&file[..length]).is_err(), "cut at {length}");
    }
}
