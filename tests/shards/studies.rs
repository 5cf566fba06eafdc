//! Studies that are shared give the bytes of the unshared study.

use super::{assert_same, command, done, fesr, refused, workplace};
use fesr::aggregate::part::codec::Writer;
use fesr::report::study_part::{OpenStudyPart, Piece, StudyHead, study_part_file};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Another mix of the small fund.
const CAUTIOUS: &str = r#"
extends = "small.toml"
[scenario]
name = "cautious"
[line2.budget]
loans = 300_000
guarantees = 200_000
"#;

/// An economy of the small fund.
const SLUMP: &str = r#"
extends = "small.toml"
[scenario]
name = "slump"
title = "Slump"
[[credit.rating]]
name = "B"
pd = "30%"
"#;

/// The small fund, another mix and two economies.
fn planning_table() -> tempfile::TempDir {
    let root = workplace();
    let folder = root.path();
    fs::write(folder.join("cautious.toml"), CAUTIOUS).expect("a scenario");
    fs::create_dir(folder.join("economies")).expect("a folder");
    fs::write(folder.join("economies/slump.toml"), SLUMP.replace("small.toml", "../small.toml"))
        .expect("an economy");
    fs::write(
        folder.join("economies/usual.toml"),
        "extends = \"../small.toml\"\n[scenario]\nname = \"usual\"\n",
    )
    .expect("an economy");
    root
}

/// A study whole, in `count` shares merged backwards, and in two rounds: all the same.
fn shared_is_whole(words: &[&str], study: &str, count: usize) {
    let root = planning_table();
    let root = root.path();
    let succeeds = |words: &[&str]| {
        let output = fesr(root, words);
        // A broken promise is an answer.
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{words:?}\n{}", String::from_utf8_lossy(&output.stderr));
        code
    };
    let whole = succeeds(&[words, &["-o", "whole", "--quiet"]].concat());
    for number in 1..=count {
        let shard = format!("{number}/{count}");
        let (command, rest) = words.split_first().expect("words");
        done(root, &[&[command, "--shard", &shard, "-o", "parts", "--quiet"][..], rest].concat());
    }
    let parts: Vec<String> =
        (1..=count).rev().map(|number| format!("parts/{study}.shard-{number}-of-{count}.part")).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    // In another folder, without the files: a part needs nothing else.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let paths: Vec<String> = parts.iter().map(|part| root.join(part).display().to_string()).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let target = root.join("backwards").display().to_string();
    let output = fesr(elsewhere.path(), &[&["merge"][..], &paths, &["-o", &target, "--quiet"]].concat());
    assert_eq!(output.status.code(), whole, "{}", String::from_utf8_lossy(&output.stderr));
    assert_same(root, &format!("whole/{study}"), &format!("backwards/{study}"));
    let (some, others) = parts.split_at(count / 2);
    done(root, &[&["merge"][..], some, &["--part", "-o", "round", "--quiet"]].concat());
    assert_eq!(succeeds(&[&["merge", "round"][..], others, &["-o", "rounds", "--quiet"]].concat()), whole);
    assert_same(root, &format!("whole/{study}"), &format!("rounds/{study}"));
}

#[test]
fn compared_mixes_can_be_shared() {
    // Five blocks a scenario, three shares of ten blocks: cells are cut.
    shared_is_whole(&["compare", "small.toml", "cautious.toml", "--png"], "compare-small-cautious", 3);
}

#[test]
fn mixes_under_economies_can_be_shared() {
    let words = [
        "compare",
        "small.toml",
        "cautious.toml",
        "--paths",
        "2500",
        "--seed",
        "5",
        "--lang",
        "it",
        "--economies",
        "economies/slump.toml",
        "economies/usual.toml",
    ];
    shared_is_whole(&words, "compare-small-cautious", 4);
}

#[test]
fn a_frontier_can_be_shared() {
    shared_is_whole(&["frontier", "small.toml", "--step", "25%", "--paths", "3000"], "frontier-small", 7);
}

#[test]
fn a_stress_test_can_be_shared() {
    let words =
        ["stress", "small.toml", "--paths", "1100", "--break", "fund_loss.mean>60000", "--name", "stressed"];
    shared_is_whole(&words, "stressed", 3);
}

#[test]
fn sensitivities_can_be_shared() {
    let words = [
        "sensitivity",
        "small.toml",
        "--paths",
        "1500",
        "--global",
        "--global-paths",
        "1030",
        "--design",
        "16",
        "--metric",
        "fund_loss.mean",
    ];
    shared_is_whole(&words, "sensitivity-small", 5);
}

#[test]
fn studies_in_more_paths_than_every_value_is_kept_of_can_be_shared() {
    // Beyond 131,072 paths a run counts in cells.
    let words = [
        "compare",
        "small.toml",
        "cautious.toml",
        "--paths",
        "135000",
        "--economies",
        "economies/slump.toml",
    ];
    shared_is_whole(&words, "compare-small-cautious", 2);
}

/// Head and pieces of a sound part.
fn taken_apart(bytes: &[u8]) -> (StudyHead, Vec<Piece>) {
    OpenStudyPart::open(bytes, bytes.len() as u64).and_then(OpenStudyPart::pieces).expect("sound")
}

/// A frontier of the small fund in shares of four, some of them.
fn frontier_shares(root: &Path, numbers: &[usize], more: &[&str], folder: &str) {
    for number in numbers {
        let shard = format!("{number}/4");
        let words = [
            "frontier",
            "--shard",
            &shard,
            "-o",
            folder,
            "--step",
            "50%",
            "--paths",
            "1500",
            "--quiet",
            "small.toml",
        ];
        done(root, &[&words[..], more].concat());
    }
}

#[test]
fn shares_that_are_missing_are_named_with_their_commands() {
    let root = planning_table();
    let root = root.path();
    frontier_shares(root, &[1, 3], &["--seed", "3", "--set", "line2.loss.lgd_mean=0.4"], "parts");
    let why = refused(root, &["merge", "parts"]);
    assert!(why.contains("missing of 4 shares: 2, 4."), "{why}");
    let commands: Vec<&str> = why.lines().filter_map(|line| line.trim().strip_prefix("fesr ")).collect();
    assert_eq!(commands.len(), 2, "{why}");
    for line in &commands {
        let status = Command::new("sh")
            .current_dir(root)
            .args(["-c", &format!("{} {line}", env!("CARGO_BIN_EXE_fesr"))])
            .status()
            .expect("a shell");
        assert!(status.success(), "{line}");
    }
    fesr(root, &["merge", "parts", "-o", "merged", "--quiet"]);
    let words = [
        "frontier",
        "small.toml",
        "--step",
        "50%",
        "--paths",
        "1500",
        "--seed",
        "3",
        "-o",
        "whole",
        "--quiet",
    ];
    fesr(root, &[&words[..], &["--set", "line2.loss.lgd_mean=0.4"]].concat());
    assert_same(root, "whole/frontier-small", "merged/frontier-small");
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let root = planning_table();
    let root = root.path();
    frontier_shares(root, &[1, 2, 3, 4], &[], "parts");
    let share = |number: usize, folder: &str| format!("{folder}/frontier-small.shard-{number}-of-4.part");
    let merge = |other: &str| refused(root, &["merge", &share(1, "parts"), other]);
    frontier_shares(root, &[2], &["--seed", "9"], "seed");
    assert!(merge(&share(2, "seed")).contains("what differs is the seed"));
    frontier_shares(root, &[2], &["--products", "follow"], "option");
    assert!(merge(&share(2, "option")).contains("what differs is the options"));
    done(
        root,
        &[
            "frontier",
            "small.toml",
            "--step",
            "50%",
            "--paths",
            "1400",
            "--shard",
            "2/4",
            "-o",
            "paths",
            "-q",
        ],
    );
    assert!(merge(&share(2, "paths")).contains("what differs is the number of paths"));
    let text = fs::read_to_string(root.join("small.toml")).expect("the scenario");
    fs::write(root.join("small.toml"), text.replace("\"20%\"", "\"21%\"")).expect("another scenario");
    frontier_shares(root, &[2], &[], "scenario");
    assert!(merge(&share(2, "scenario")).contains("the scenario (the file small.toml)"));
    // Twice the same, and a share of another count.
    assert!(merge(&share(1, "parts")).contains("both hold paths of scenario 1 of the study"));
    // Another version made it.
    let bytes = fs::read(root.join(share(2, "parts"))).expect("a part");
    let (mut head, pieces) = taken_apart(&bytes);
    head.version = "0.0.0".to_string();
    fs::write(root.join("old.part"), study_part_file(&head, &pieces)).expect("a part");
    assert!(merge("old.part").contains("was made by fesr 0.0.0"));
    // A flipped byte.
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 16;
    fs::write(root.join("flipped.part"), &flipped).expect("a part");
    assert!(merge("flipped.part").contains("is damaged"));
    // Nothing was written.
    assert!(!root.join("output").exists());
}

#[test]
fn parts_that_somebody_made_are_refused_without_a_panic() {
    let root = planning_table();
    let root = root.path();
    frontier_shares(root, &[1, 2, 3, 4], &[], "parts");
    let path = |number: usize| root.join(format!("parts/frontier-small.shard-{number}-of-4.part"));
    let sound = fs::read(path(1)).expect("a part");
    let (head, pieces) = taken_apart(&sound);
    let reasons = |change: &dyn Fn(&mut StudyHead, &mut Vec<Piece>)| {
        let (mut head, mut pieces) = (head.clone(), pieces.clone());
        change(&mut head, &mut pieces);
        for number in 1..=4 {
            let bytes = fs::read(path(number)).expect("a part");
            let (mut other, own) = taken_apart(&bytes);
            (other.words, other.read) = (head.words.clone(), head.read.clone());
            fs::write(root.join(format!("made-{number}.part")), study_part_file(&other, &own))
                .expect("a part");
        }
        fs::write(root.join("made-1.part"), study_part_file(&head, &pieces)).expect("a part");
        refused(root, &["merge", "made-1.part", "made-2.part", "made-3.part", "made-4.part"])
    };
    // Random bytes for a piece, a piece cut short, one too long.
    for seed in 0..20u8 {
        let why = reasons(&|_, pieces| {
            pieces[0].bytes =
                (0..4_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8 ^ seed).collect();
        });
        assert!(why.contains("are not sound"), "{why}");
    }
    assert!(reasons(&|_, pieces| pieces[0].bytes.truncate(900)).contains("are not sound"));
    assert!(reasons(&|_, pieces| pieces[0].bytes.push(0)).contains("are not sound"));
    let mut huge = Writer::default();
    huge.short_signed(i64::MAX);
    huge.short(u64::MAX);
    (0..20_000).for_each(|_| huge.short(u64::MAX >> 1));
    assert!(reasons(&|_, pieces| pieces[0].bytes = huge.bytes.clone()).contains("are not sound"));
    // Words that are no study, that write elsewhere, that read what was not noted.
    let words = |words: &str| -> Vec<String> { words.split(' ').map(str::to_string).collect() };
    for line in [
        "run small.toml",
        "verify /",
        "frontier -o/tmp/x small.toml",
        "frontier --shard=1/2 small.toml",
        "--help",
    ] {
        assert!(reasons(&|head, _| head.words = words(line)).contains("its words are no study"), "{line}");
    }
    let unread =
        head.words.iter().map(|word| word.replace("small.toml", "/etc/hostname")).collect::<Vec<_>>();
    assert_eq!(
        {
            let (mut other, own) = (head.clone(), pieces.clone());
            other.words = unread;
            fs::write(root.join("unread.part"), study_part_file(&other, &own)).expect("a part");
            fesr(root, &["merge", "unread.part"]).status.code()
        },
        Some(2),
        "other parts are missing"
    );
    let fewer = reasons(&|head, _| head.words.retain(|word| !word.starts_with("--step")));
    assert!(fewer.contains("its words are no study"), "{fewer}");
}

#[test]
fn the_scheduler_says_which_share_of_a_study() {
    let root = planning_table();
    let root = root.path();
    let mut slurm =
        command(root, &["frontier", "small.toml", "--step", "50%", "--paths", "1100", "--shard", "-q"]);
    slurm.envs([("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "3")]);
    slurm.envs([("SLURM_ARRAY_TASK_MIN", "1"), ("SLURM_ARRAY_TASK_MAX", "3")]);
    assert!(slurm.status().expect("it starts").success());
    assert!(root.join("output/frontier-small.shard-2-of-3.part").is_file());
    let words = ["compare", "small.toml", "cautious.toml", "--paths", "1100", "--shard", "/3", "-q"];
    let mut kubernetes = command(root, &words);
    kubernetes.env("JOB_COMPLETION_INDEX", "2");
    assert!(kubernetes.status().expect("it starts").success());
    assert!(root.join("output/compare-small-cautious.shard-3-of-3.part").is_file());
    // Of studies and runs in one folder each is put together.
    done(root, &["run", "small.toml", "--shard", "1/1", "-o", "both", "-q"]);
    done(root, &["sensitivity", "small.toml", "--paths", "1100", "--shard", "1/1", "-o", "both", "-q"]);
    done(root, &["merge", "both", "-o", "results", "-q"]);
    assert!(root.join("results/small/summary.csv").is_file());
    assert!(root.join("results/sensitivity-small/tornado.csv").is_file());
}
