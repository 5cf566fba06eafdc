//! Parts and checkpoints that somebody made up, or that are no parts at all: refused soon and in little memory, whatever
//! their length and whatever they say of themselves.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test that bounds time looks at the clock")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/workshop.rs"]
mod workshop;

use fesr::aggregate::block::BlockContext;
use fesr::aggregate::coverage::Coverage;
use fesr::aggregate::part::codec::Writer;
use fesr::plan::Plan;
use fesr::report::part_file::{PartHead, Shard, part_file};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use workshop::{SCENARIO, Workshop, code, stderr};

/// Longest time, with room for a busy machine and an unoptimised build.
const SOON: Duration = Duration::from_secs(8);

/// Runs the program in a folder with little memory to claim: a claim beyond it ends the process by a signal.
fn in_little_memory(folder: &Path, arguments: &[&str]) -> Output {
    let begun = Instant::now();
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 400000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_fesr")])
        .args(arguments)
        .args(["--threads", "1"])
        .current_dir(folder)
        .output()
        .expect("a shell");
    assert!(begun.elapsed() < SOON, "{arguments:?} took {:?}", begun.elapsed());
    output
}

/// A file of so many bytes that begins with some.
fn long_file(path: &Path, begins: &[u8], length: u64) {
    let mut file = File::create(path).expect("a file");
    file.write_all(begins).expect("written");
    file.set_len(length).expect("a long file");
}

/// The head of a part of the scenario with so many paths, which holds all of them.
fn head_of(planned: u64) -> PartHead {
    let mut scenario = common::scenario_text(SCENARIO, None);
    scenario.identity.name = "small".to_string();
    scenario.simulation.paths = planned;
    let head = PartHead::new(env!("CARGO_PKG_VERSION"), &scenario, "small.toml", &Default::default());
    PartHead { blocks: vec![(0, Coverage::blocks_of(planned))], ..head }
}

#[test]
fn a_file_of_any_length_is_refused_by_its_first_bytes() {
    let workshop = Workshop::new();
    workshop.write("small.toml", SCENARIO);
    let folder = workshop.path("");
    const LONG: u64 = 3 << 30;
    let framed = |head_length: u64| [&b"FESRPART\x01\0\0\0"[..], &head_length.to_le_bytes()].concat();
    let json = serde_json::to_vec(&head_of(2_000)).expect("JSON");
    let told_length = LONG - 60 - json.len() as u64;
    let headed = [&framed(json.len() as u64)[..], &json, &told_length.to_le_bytes()].concat();
    for (begins, reason) in [
        (vec![], "is not a part of a run"),
        (b"FESRPART\x02\0\0\0".to_vec(), "has format 2"),
        (framed(u64::MAX), "is damaged"),
        (framed(LONG - 60), "(head: 3,221,225,412 bytes, at most 41,943,040)"),
        (framed(30_000_000), "its head cannot be read"),
        (headed, "(body: 3,22"),
    ] {
        long_file(&workshop.path("long.part"), &begins, LONG);
        let output = in_little_memory(&folder, &["merge", "long.part"]);
        assert_eq!(code(&output), 2, "{reason}: {}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{reason}: {}", stderr(&output));
        // In the place of a checkpoint and of a part that is about to be written.
        for (name, more) in [("small.checkpoint", "--checkpoint"), ("small.shard-1-of-1.part", "--shard=1/1")]
        {
            fs::rename(workshop.path("long.part"), workshop.path(name)).expect("renamed");
            let output = in_little_memory(&folder, &["run", "small.toml", "-q", "-o", ".", more]);
            // What begins like a part of this format and cannot be used by anybody is made anew.
            let expected = if begins.starts_with(b"FESRPART\x01") { 0 } else { 2 };
            assert_eq!(code(&output), expected, "{name}, {reason}: {}", stderr(&output));
            let _ = fs::remove_file(workshop.path(name));
            long_file(&workshop.path("long.part"), &begins, LONG);
        }
    }
}

/// A sound head and check sum over numbers that claim all the room there is: values on every page of every figure.
#[test]
fn a_made_up_body_takes_no_more_memory_than_its_length_justifies() {
    const PATHS: u64 = 200_000;
    let workshop = Workshop::new();
    let head = head_of(PATHS);
    let scenario = common::scenario_text(SCENARIO, None);
    let plan = Plan::resolve(&scenario);
    let columns = BlockContext::new(&plan).figures.columns().len();
    let mut writer = Writer::default();
    writer.short(PATHS);
    // The share, then the one range of blocks that is there.
    writer.short(0);
    writer.short(Coverage::blocks_of(PATHS));
    writer.length(1);
    writer.short(0);
    writer.short(Coverage::blocks_of(PATHS));
    writer.length(columns);
    const PAGES: usize = 102;
    for _ in 0..columns {
        writer.short(PATHS);
        writer.signed(0);
        writer.unsigned(0);
        writer.short(0);
        writer.short(1);
        writer.short_signed(-(1 << 62));
        writer.short_signed(1 << 62);
        // Counted in cells: on every page the last one.
        writer.short(1);
        writer.length(PAGES);
        for page in 0..PAGES {
            writer.length(page);
            writer.length(1);
            writer.length(8_191);
            writer.short(if page == 0 { PATHS - PAGES as u64 + 1 } else { 1 });
        }
        for _tail in 0..2 {
            writer.short(0);
            writer.length(0);
        }
    }
    let bytes = part_file(&head, &writer.bytes);
    assert!(bytes.len() < 300_000, "{} bytes, for which more than 1 GB was claimed", bytes.len());
    fs::write(workshop.path("made-up.part"), bytes).expect("written");
    let output = in_little_memory(&workshop.path(""), &["merge", "made-up.part"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("is not a sound part (it ends too early)"), "{}", stderr(&output));
}

/// Heads whose numbers would keep a program busy for hours.
#[test]
fn heads_are_held_to_what_a_run_can_be() {
    let workshop = Workshop::new();
    let sound = head_of(1 << 30);
    let blocks = Coverage::blocks_of(1 << 30);
    let scattered: Vec<(u64, u64)> = (0..blocks / 2).map(|block| (2 * block, 2 * block + 1)).collect();
    let backwards: Vec<(u64, u64)> = scattered.iter().rev().copied().collect();
    let shard = |number, count| Some(Shard { number, count });
    for (head, reason) in [
        (PartHead { blocks: backwards, ..sound.clone() }, "has a head that cannot be (blocks)"),
        (PartHead { blocks: vec![(0, blocks + 1)], ..sound.clone() }, "has a head that cannot be (blocks)"),
        (PartHead { blocks: vec![(5, 5)], ..sound.clone() }, "has a head that cannot be (blocks)"),
        (PartHead { blocks: vec![(0, 5), (5, 6)], ..sound.clone() }, "has a head that cannot be (blocks)"),
        (PartHead { shard: shard(1, u64::MAX), ..sound.clone() }, "has a head that cannot be (shard)"),
        (PartHead { shard: shard(3, 2), ..sound.clone() }, "has a head that cannot be (shard)"),
        (PartHead { planned_paths: u64::MAX, ..sound.clone() }, "has a head that cannot be (planned_paths)"),
        (PartHead { name: "../x".into(), ..sound.clone() }, "has a head that cannot be (../x)"),
        // What is missing is not named to its end.
        (PartHead { blocks: scattered, shard: shard(1, 1_000_000), ..sound.clone() }, "are missing"),
        (PartHead { blocks: vec![(0, 1)], shard: shard(1, 1_000_000), ..sound }, "missing of 1,000,000"),
    ] {
        fs::write(workshop.path("odd.part"), part_file(&head, b"")).expect("written");
        let output = in_little_memory(&workshop.path(""), &["merge", "odd.part"]);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{reason}: {}", &message[..message.len().min(2_000)]);
        assert!(message.contains(reason), "{reason}: {}", &message[..message.len().min(2_000)]);
        assert!(message.len() < 300_000, "{reason}: {} bytes are told", message.len());
    }
    // A sound head of a sound part whose body is nonsense.
    let head = head_of(2_000);
    fs::write(workshop.path("odd.part"), part_file(&head, b"nonsense")).expect("written");
    let output = in_little_memory(&workshop.path(""), &["merge", "odd.part"]);
    assert!(code(&output) == 2 && stderr(&output).contains("is not a sound part"), "{}", stderr(&output));
    assert!(!workshop.path("output/small").exists(), "no result of it");
}
