//! `fesr schema`

use clap::Args;

/// What `--help` begins with.
pub const ABOUT: &str = "\
Print the JSON Schema of the scenario file. Editors that know TOML complete
keys, explain them and mark mistakes with it while you write, if the first line
of the scenario names it:

  #:schema ./fesr.schema.json

fesr init puts both in place. The schema sees one file and its values; whether
the parts fit together, and the rules of the measure, are for fesr check.";

/// `fesr schema`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr schema > scenarios/fesr.schema.json")]
pub struct SchemaArguments {}
