//! Files that somebody else sent: they may not reach out of their place, hang or fill the program, or make what it
//! writes do anything in a terminal, a browser or a spreadsheet.

#![allow(clippy::disallowed_methods, reason = "a test that bounds time looks at the clock")]

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

/// Longest time for reading a file of any content, with room for a busy machine and an unoptimised build.
const SOON: Duration = Duration::from_secs(8);

/// `fesr check` in a folder, in 256 MiB and less than a second of a processor: the system ends what takes more.
fn check_in(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_fesr");
    let mut command = if cfg!(unix) { Command::new("sh") } else { Command::new(program) };
    if cfg!(unix) {
        command.args(["-c", "ulimit -v 262144; ulimit -t 1; exec \"$0\" \"$@\"", program]);
    }
    command
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

/// Checks a file that cannot be used: soon refused with exit code 2, with its name, line and the reason.
fn refused(workshop: &Workshop, name: &str, content: impl AsRef<[u8]>, reason: &str) -> String {
    workshop.write(name, content);
    let begun = Instant::now();
    let output = check_in(&workshop.path(""), &[name, "--diagnostics", "plain"]);
    assert!(begun.elapsed() < SOON, "{name} took {:?}", begun.elapsed());
    let message = stderr(&output);
    assert_eq!(code(&output), 2, "{name}: {message}");
    let first = message.lines().next().unwrap_or_default();
    assert!(first.starts_with(&format!("{name}:")), "no file and line: {first}");
    assert!(message.contains(reason), "{name}: no {reason:?} in {}", &message[..message.len().min(2_000)]);
    message
}

/// A scenario with a list of borrowers under a name.
fn with_list(name: &str) -> String {
    SCENARIO.replacen("[line2.pipeline]", &format!("[pipeline]\nborrowers = {name:?}\n[line2.pipeline]"), 1)
}

const LIST: &str =
    "id,line,quarter,investment,theme,legal_form,size,rating\na,2,0,50000,other,nonprofit,micro,B\n";

/// A workshop with an inner folder for scenarios, and a base and a list outside it.
fn with_outside_files() -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    let inner = workshop.path("inner");
    fs::create_dir(&inner).expect("a folder");
    workshop.write("base.toml", SCENARIO);
    workshop.write("list.csv", LIST);
    (workshop, inner)
}

#[test]
fn files_outside_are_not_read_unless_allowed() {
    let (workshop, inner) = with_outside_files();
    let secret = workshop.path("base.toml");
    let scenarios = [
        ("parent.toml", "extends = \"../base.toml\"\n".to_string(), "parent.toml:1:11: error[E007]"),
        ("absolute.toml", format!("extends = {:?}\n", text(&secret)), "absolute.toml:1:11: error[E007]"),
        ("roundabout.toml", "extends = \"x/../../base.toml\"\n".into(), "error[E007]"),
        ("list.toml", with_list("../list.csv"), "list.toml:16:13: error[E007]"),
        // Whether a file outside exists is not told.
        ("guess.toml", "extends = \"../no-such-file.toml\"\n".into(), "guess.toml:1:11: error[E007]"),
    ];
    for (name, content, place) in &scenarios {
        fs::write(inner.join(name), content).expect("a scenario");
        let output = check_in(&inner, &[name, "--diagnostics", "plain"]);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{name}: {message}");
        assert!(message.contains(place) && message.contains("--allow-outside"), "{name}: {message}");
        assert!(!message.contains("endowment"), "nothing of the file is shown: {message}");
    }
    for name in ["parent.toml", "absolute.toml", "roundabout.toml", "list.toml"] {
        let output = check_in(&inner, &[name, "--allow-outside"]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        // The folder that the user is in may be used.
        let output = check_in(&workshop.path(""), &[&format!("inner/{name}")]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
    }
    // What was typed is read wherever it lies, and so is what lies beside it.
    let elsewhere = workshop.path("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    fs::create_dir(inner.join("below")).expect("a folder");
    fs::write(inner.join("below/base.toml"), SCENARIO).expect("a base");
    fs::write(inner.join("whole.toml"), "extends = \"below/base.toml\"\n").expect("a scenario");
    let output = check_in(&elsewhere, &[text(&inner.join("whole.toml"))]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let option = format!("pipeline.borrowers={:?}", text(&workshop.path("list.csv")));
    fs::write(elsewhere.join("own.toml"), with_list("none.csv")).expect("a scenario");
    // A path in an option is no freer than one in a file: options are copied from elsewhere, too.
    let output = check_in(&elsewhere, &["own.toml", "--set", &option, "--diagnostics", "plain"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("--set:1:20: error[E007]"), "{}", stderr(&output));
    let output = check_in(&elsewhere, &["own.toml", "--set", &option, "--allow-outside"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn every_command_that_reads_scenarios_keeps_to_that() {
    let (workshop, inner) = with_outside_files();
    let scenario = inner.join("parent.toml");
    fs::write(&scenario, "extends = \"../base.toml\"\n").expect("a scenario");
    let out = workshop.path("out");
    for command in ["run", "trace", "compare", "frontier", "stress", "sensitivity", "check"] {
        let mut arguments = vec![command, text(&scenario)];
        if command != "check" {
            arguments.extend(["-o", text(&out)]);
        }
        if command == "trace" {
            arguments.extend(["--path", "1"]);
        }
        if command == "compare" {
            arguments.extend([text(&scenario), "--name", "x"]);
        }
        let output = fesr(&arguments);
        assert_eq!(code(&output), 2, "{command}: {}", stderr(&output));
        assert!(stderr(&output).contains("E007"), "{command}: {}", stderr(&output));
    }
    // An economy that was typed may lie anywhere, but what it names may not.
    let economy = workshop.write("economy.toml", "[macro]\npd_multiplier = [1.5]\n");
    let far = workshop.path("far");
    fs::create_dir(&far).expect("a folder");
    fs::write(far.join("whole.toml"), SCENARIO).expect("a scenario");
    let reaching = far.join("reaching.toml");
    fs::write(&reaching, format!("extends = {economy:?}\n")).expect("an economy");
    for (economy, expected) in [(economy.as_str(), 0), (text(&reaching), 2)] {
        let whole = far.join("whole.toml");
        let output = fesr(&[
            "compare",
            text(&whole),
            "--economies",
            economy,
            "-o",
            text(&out),
            "--paths",
            "200",
            "-q",
        ]);
        assert_eq!(code(&output), expected, "{economy}: {}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_either() {
    let (_workshop, inner) = with_outside_files();
    std::os::unix::fs::symlink("../base.toml", inner.join("link.toml")).expect("a link");
    std::os::unix::fs::symlink("..", inner.join("up")).expect("a link");
    fs::write(inner.join("inside.toml"), SCENARIO).expect("a base");
    std::os::unix::fs::symlink("inside.toml", inner.join("near.toml")).expect("a link");
    for (base, expected) in [("link.toml", 2), ("up/base.toml", 2), ("near.toml", 0)] {
        fs::write(inner.join("main.toml"), format!("extends = {base:?}\n")).expect("a scenario");
        let output = check_in(&inner, &["main.toml"]);
        assert_eq!(code(&output), expected, "{base}: {}", stderr(&output));
        assert_eq!(stderr(&output).contains("E007"), expected == 2, "{base}: {}", stderr(&output));
    }
    // The scenario itself was typed: a link to it is followed.
    assert_eq!(code(&check_in(&inner, &["link.toml"])), 0);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_and_not_waited_for() {
    let workshop = Workshop::new();
    let pipe = workshop.path("pipe.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    workshop.write("extends.toml", "extends = \"pipe.toml\"\n");
    workshop.write("list.toml", with_list("pipe.toml"));
    for (scenario, expected) in
        [("pipe.toml", 3), ("extends.toml", 3), ("list.toml", 3), ("/dev/zero", 3), ("..", 3)]
    {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fesr"))
            .args(["check", scenario])
            .current_dir(workshop.path(""))
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        while child.try_wait().expect("a state").is_none() {
            if begun.elapsed() > SOON {
                child.kill().expect("killed");
                panic!("{scenario} is waited for");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let output = child.wait_with_output().expect("it ended");
        assert_eq!(code(&output), expected, "{scenario}: {}", stderr(&output));
        assert!(stderr(&output).contains("E006"), "{scenario}: {}", stderr(&output));
    }
    // A pipe where the record of a result should be does not stop the run that replaces it.
    let scenario = workshop.write("small.toml", SCENARIO);
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    let record = workshop.path("out/small/run.json");
    fs::remove_file(&record).expect("a record");
    assert!(Command::new("mkfifo").arg(&record).status().expect("mkfifo").success());
    assert_eq!(code(&workshop.run(&scenario, &["--paths", "500"])), 0);
    // One where the lock would be: told, and not waited for.
    let lock = workshop.path("out/.small.lock");
    assert!(Command::new("mkfifo").arg(&lock).status().expect("mkfifo").success());
    assert_eq!(code(&workshop.run(&scenario, &["--paths", "500"])), 3);
}

/// Parts are written aside too: what stands in the way there is taken away, not written through.
#[test]
fn a_part_is_not_written_through_a_link() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let victim = workshop.write("victim", "precious");
    fs::create_dir_all(workshop.path("out")).expect("a folder");
    let aside = workshop.path("out/.small.shard-1-of-1.part.partial");
    std::os::unix::fs::symlink(&victim, &aside).expect("a link");
    let output = workshop.run(&scenario, &["--shard", "1/1", "-q"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read(&victim).expect("the victim"), b"precious");
    let part = workshop.path("out/small.shard-1-of-1.part");
    assert!(fs::symlink_metadata(part).expect("the part").is_file());
}

#[test]
fn names_do_not_lead_out_of_the_output_folder() {
    let workshop = Workshop::new();
    for name in [
        "-rf", "--help", "../x", "/etc/x", "a/b", "a\\\\b", "..", ".", "", ".hidden", "CON:", "a\\tb", "x\\n",
    ] {
        let content = format!("[scenario]\nname = \"{name}\"\n{SCENARIO}");
        refused(&workshop, "named.toml", content, "a name has letters a-z, digits and hyphens");
    }
    // The name of the file is the name of the folder only as far as it is one.
    let odd = workshop.write("..Ünd so; rm -rf.toml", SCENARIO);
    let output = workshop.run(&odd, &["-q"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(workshop.left(), ["nd-so-rm-rf"]);
    let hyphens = workshop.write("--set.toml", SCENARIO);
    let output = workshop.run(&hyphens, &["-q"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(workshop.left(), ["nd-so-rm-rf", "set"]);
    fs::remove_dir_all(workshop.path("out/set")).expect("removed");
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    for name in ["../x", "a/b", "..", "/tmp/x", "-x"] {
        let name = format!("--name={name}");
        let output = fesr(&["compare", &scenario, &odd, "-o", text(&out), &name, "--paths", "100"]);
        assert_eq!(code(&output), 2, "{name}: {}", stderr(&output));
    }
    assert_eq!(workshop.left(), ["nd-so-rm-rf"]);
}

/// A folder where a file is meant is told by its name.
#[test]
fn folders_are_no_files() {
    let workshop = Workshop::new();
    fs::create_dir(workshop.path("x")).expect("a folder");
    workshop.write("dot.toml", "extends = \".\"\n");
    workshop.write("up.toml", "extends = \"x/..\"\n");
    workshop.write("list.toml", with_list("x"));
    for (scenario, message) in [
        (".", "`.` cannot be read: is a directory"),
        ("x", "`x` cannot be read: is a directory"),
        ("dot.toml", "`.` cannot be read: is a directory"),
        ("up.toml", "`.` cannot be read: is a directory"),
        ("list.toml", "`x` cannot be read: is a directory"),
    ] {
        let output = check_in(&workshop.path(""), &[scenario, "--diagnostics", "plain"]);
        assert_eq!(code(&output), 3, "{scenario}: {}", stderr(&output));
        assert!(stderr(&output).contains(message), "{scenario}: {}", stderr(&output));
    }
}

/// The largest scenarios and lists that may be read are read in the same time and memory as what is refused.
#[test]
fn the_largest_files_are_read_in_little_time_and_memory() {
    let workshop = Workshop::new();
    let header = LIST.lines().next().expect("a header");
    let rows: String =
        (0..100_000).map(|n| format!("b{n:06},2,{},50000,other,nonprofit,micro,B\n", n % 4)).collect();
    // Padded with blank lines to the largest size.
    let list = format!("{header}\n{rows}");
    let list = format!("{list}{}", "\n".repeat(16 * 1024 * 1024 - list.len()));
    workshop.write("list.csv", list);
    workshop.write("listed.toml", with_list("list.csv"));
    let product = |n: usize| {
        format!("[[line2.product]]\nname = \"p{n}\"\nown_funds = 0.5\nfund_loan = 0.5\ndemand = 1\n")
    };
    workshop.write("products.toml", format!("{SCENARIO}{}", (1..100).map(product).collect::<String>()));
    let comment = "#".repeat(512 * 1024 - SCENARIO.len() - 1);
    workshop.write("comment.toml", format!("{SCENARIO}{comment}\n"));
    for link in 0..62 {
        let extends = format!("extends = [\"link-{}.toml\"]\n{}\n", link + 1, "#".repeat(15_000));
        workshop.write(&format!("link-{link}.toml"), extends);
    }
    workshop.write("link-62.toml", SCENARIO);
    for scenario in ["listed.toml", "products.toml", "comment.toml", "link-0.toml"] {
        let output = check_in(&workshop.path(""), &[scenario, "-q", "--diagnostics", "plain"]);
        assert!(code(&output) == 0 || stderr(&output).contains("error["), "{scenario}: {}", stderr(&output));
        assert_eq!(code(&output), 0, "{scenario}: {}", stderr(&output));
    }
}

#[test]
fn circles_and_endless_chains_end() {
    let workshop = Workshop::new();
    workshop.write("b.toml", "extends = \"a.toml\"\n");
    refused(&workshop, "self.toml", "extends = \"./x/../self.toml\"\n", "goes round in a circle");
    workshop.write("a.toml", "extends = \"b.toml\"\n");
    let output = check_in(&workshop.path(""), &["a.toml", "--diagnostics", "plain"]);
    assert!(stderr(&output).starts_with("b.toml:1:11: error[E010]"), "{}", stderr(&output));
    for link in 0..2_000 {
        workshop.write(&format!("link-{link}.toml"), format!("extends = \"link-{}.toml\"\n", link + 1));
    }
    let output = check_in(&workshop.path(""), &["link-0.toml", "--diagnostics", "plain"]);
    assert!(stderr(&output).contains("at most 64 files"), "{}", stderr(&output));
    // Wide instead of deep, each file named twice.
    let wide: Vec<String> = (0..2_000).map(|link| format!("\"link-{}.toml\"", link % 1_000)).collect();
    workshop.write("wide.toml", format!("extends = [{}]\n", wide.join(",")));
    let output = check_in(&workshop.path(""), &["wide.toml", "--diagnostics", "plain"]);
    assert!(stderr(&output).contains("at most 64 files"), "{}", stderr(&output));
    for part in 0..5 {
        workshop.write(&format!("part-{part}.toml"), "#".repeat(400_000));
    }
    let parts: Vec<String> = (0..5).map(|part| format!("\"part-{part}.toml\"")).collect();
    refused(&workshop, "parts.toml", format!("extends = [{}]\n", parts.join(",")), "bytes together");
}

#[test]
fn floods_are_refused_with_a_reason() {
    let workshop = Workshop::new();
    let full = 512 * 1024;
    let fill = |line: &str| line.repeat((full - SCENARIO.len() - 10) / line.len());
    let numbered = |before: &str, after: &str| -> String {
        (0..)
            .map(|n| format!("{before}{n}{after}"))
            .scan(0, |length, line| {
                *length += line.len();
                (*length < full - SCENARIO.len() - 100).then_some(line)
            })
            .collect()
    };
    refused(&workshop, "million.toml", "[[line2.product]]\n".repeat(1_000_000), "more than 524,288 bytes");
    refused(&workshop, "products.toml", fill("[[line2.product]]\n"), "at most 1,000 are read");
    refused(&workshop, "limits.toml", format!("{SCENARIO}{}", fill("[[limit]]\n")), "at most 1,000 are read");
    refused(&workshop, "keys.toml", numbered("k", "=1\n"), "more after the first 500");
    refused(
        &workshop,
        "near.toml",
        format!("[fund]\n{}", numbered("endowmen", "=1\n")),
        "more after the first 500",
    );
    refused(&workshop, "tables.toml", numbered("[t", "]\n"), "more after the first 500");
    refused(&workshop, "sources.toml", format!("{SCENARIO}[sources]\n{}", numbered("x", "=\"\"\n")), "E128");
    refused(&workshop, "errors.toml", fill("=\n"), "E005");
    refused(&workshop, "nested.toml", format!("a={}", "[".repeat(full - 10)), "E005");
    refused(&workshop, "dotted.toml", format!("a{}=1", ".a".repeat(full / 2 - 10)), "E005");
    refused(&workshop, "list.toml", format!("a=[{}]", "0,".repeat(full / 2 - 10)), "unknown key");
    refused(
        &workshop,
        "long.toml",
        format!("{}[scenario]\ntitle=\"{}\"\n", SCENARIO, "x".repeat(10_001)),
        "at most 10,000 characters",
    );
    // A hundred million bytes, of which no more than needed are read.
    let big = fs::File::create(workshop.path("big.toml")).expect("a file");
    big.set_len(100_000_000).expect("a long file");
    let output = check_in(&workshop.path(""), &["big.toml"]);
    assert!(stderr(&output).contains("more than 524,288 bytes"), "{}", stderr(&output));
    let big = fs::File::create(workshop.path("big.csv")).expect("a file");
    big.set_len(100_000_000).expect("a long file");
    workshop.write("list.toml", with_list("big.csv"));
    let output = check_in(&workshop.path(""), &["list.toml"]);
    assert!(stderr(&output).contains("more than 16,777,216 bytes"), "{}", stderr(&output));
}

#[test]
fn floods_in_a_list_of_borrowers_are_refused_with_a_reason() {
    let workshop = Workshop::new();
    workshop.write("main.toml", with_list("list.csv"));
    let header = LIST.lines().next().expect("a header");
    for (content, reason) in [
        (format!("{header}\n{}", "x,x,x,x,x,x,x,x\n".repeat(300_000)), "more after the first 500"),
        (format!("{header}\n{}", "a,2,0,50000,other,nonprofit,micro,B\n".repeat(100_001)), "E207"),
        (format!("{header}\n{}", "a,".repeat(1_000_000)), "line 2 has more than 65,536 bytes"),
        ("id,".repeat(1_000_000), "line 1 has more than 65,536 bytes"),
        ("id,".repeat(10_000), "10,001 columns"),
        (format!("{header}\n\"{}", "x\n".repeat(4_000_000)), "an id is one line"),
        (format!("{header}\n{}", "\n".repeat(8_000_000)), "no rows"),
        (format!("{header}\n\"a\0b\",2,0,1,other,nonprofit,micro,B"), "NUL"),
        (format!("{header}\n\"a\u{202e}b\",2,0,1,other,nonprofit,micro,B"), "that can be seen"),
    ] {
        workshop.write("list.csv", &content);
        let begun = Instant::now();
        let output = check_in(&workshop.path(""), &["main.toml", "--diagnostics", "plain"]);
        assert!(begun.elapsed() < SOON, "{reason} took {:?}", begun.elapsed());
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{reason}: {message}");
        assert!(
            message.starts_with("list.csv:") && message.contains(reason),
            "{reason}: {}",
            &message[..message.len().min(1_000)]
        );
    }
}

#[test]
fn what_is_no_text_or_steers_what_is_seen_is_refused_and_not_printed() {
    let workshop = Workshop::new();
    let refuse = |content: &[u8], reason: &str| {
        let message = refused(&workshop, "text.toml", content, reason);
        let steers = |c: char| {
            c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!message.contains(steers), "{message:?}");
        // The look of a compiler's message shows the line, and must not be steered by it either.
        let shown = stderr(&check_in(&workshop.path(""), &["text.toml"]));
        assert!(!shown.contains(steers), "{shown:?}");
        message
    };
    refuse(b"[fund]\0\n", "NUL");
    refuse(b"[fund]\nstart = \"\xff\"\n", "UTF-8");
    refuse(b"\xff\xfe[\0f\0", "UTF-8");
    for (place, before, after) in [
        ("scenario.title", "[scenario]\ntitle = \"", "\"\n"),
        ("scenario.description", "[scenario]\ndescription = \"", "\"\n"),
        ("programme.measures.", "[programme]\nmeasures = [{ amount = 1, name = \"", "\" }]\n"),
        ("sources.fund.endowment", "[sources]\n\"fund.endowment\" = \"", "\"\n"),
    ] {
        for (letter, code) in [
            ("\u{202e}", "U+202E"),
            ("\u{2067}", "U+2067"),
            ("\\u001b[31m", "U+001B"),
            ("\\u009b", "U+009B"),
            ("\\uffff", "U+FFFF"),
            ("\u{200f}", "U+200F"),
        ] {
            let content = format!("{SCENARIO}{before}a{letter}b{after}");
            let message = refuse(content.as_bytes(), &format!("changes what is seen: {code} "));
            assert!(message.contains(&format!("`{place}")), "{place}: {message}");
        }
    }
    for label in ["a\u{202e}b", "a\\nb", "a\\u001bb"] {
        let content = SCENARIO.replacen("name = \"loan\"", &format!("name = \"{label}\""), 1);
        refuse(content.as_bytes(), "E108");
    }
    // In a key, in a comment beside an error, in the name of the file.
    refuse("\"a\u{202e}b\" = 1\n".as_bytes(), "unknown key");
    refuse("x = 1 # \u{202e}\u{9b}31m\n".as_bytes(), "E");
    workshop.write("name\u{202e}.toml", "x = 1\n");
    for look in ["plain", "text"] {
        let output = check_in(&workshop.path(""), &["name\u{202e}.toml", "--diagnostics", look]);
        assert!(stderr(&output).contains("name\u{fffd}.toml:1:1"), "{}", stderr(&output));
    }
}
