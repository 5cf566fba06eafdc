//! `fesr` simulates the mixed financial instrument of the FESR (ERDF) measure of WECARE, Regione Piemonte's strategy for
//! social innovation: a 5 M EUR fund that backs social enterprises with guarantees, loans and, for small projects only,
//! capital grants. A fund manager writes a scenario file; the program plays it thousands of times, enterprise by
//! enterprise and quarter by quarter, and says what can go wrong, how far the money reaches and what comes back,
//! every figure with its error.
//!
//! # The pipeline is the table of contents
//!
//! ```text
//! scenario file --reading--> Scenario --plan--> Plan --engine--> PathTotals --aggregate--> Summary --report--> files
//!                   |            |
//!              diagnostic      rules, implied, explain, resolved
//! ```
//!
//! Arrows go one way; no stage knows a later one.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`units`], [`metrics`], [`numeric`], [`random`] | cents and rates as types; the table of figures; deterministic maths; addressed random numbers |
//! | [`isa`] | the same arithmetic on wider registers, chosen at run time |
//! | [`scenario`] | a scenario that cannot be wrong |
//! | [`reading`], [`diagnostic`] | text to scenario, with all problems at once; the schema for editors |
//! | [`starter`] | the commented scenario that `fesr init` writes |
//! | [`rules`], [`implied`], [`explain`], [`resolved`], [`check_report`] | a scenario held against the measure's rules, what it implies, in sentences, as a complete file, what `check` says |
//! | [`plan`] | a scenario resolved to flat numbers |
//! | [`today`] | whether the books of a running fund can be, before it is run |
//! | [`engine`] | one path: applicants, loans, defaults, guarantees, grants, fees, cash |
//! | [`aggregate`] | all paths: exact sums, quantiles, timelines, who makes the tail, the check against exact figures |
//! | [`books`] | when things happened: the yearly report, milestones, sources of the public cost, social results |
//! | [`paired`] | several scenarios on the same paths: differences with their errors, who is better how often |
//! | [`sensitivity`] | which assumptions matter most: one at a time, and all together |
//! | [`analytic`] | closed forms that the simulation is checked against; never used by the engine |
//! | [`ledger`] | one path again: every event, what it moved, checked against the path's totals |
//! | [`report`], [`chart`], [`locale`], [`spreadsheet`] | results as files, pictures, Italian and English, texts that are no formulas |
//! | [`cli`], [`app`] | what can be typed; the only place with files, clock, threads and terminal |
//!
//! Where does a new thing go? An instrument: its terms in [`scenario`], its amounts in [`plan::Package`], its cash in
//! [`engine`]. A figure: one row in [`metrics`], one line in [`aggregate::figures`]. A chart: data in
//! [`report::charts`], a new kind of picture in [`chart`]. A rule: one row and one function in [`rules`]. A key of the
//! scenario: one row in [`reading::keys`] and one in [`reading::kinds`], a field in [`scenario`].
//!
//! # Questions and answers
//!
//! **Why simulate, when portfolio credit risk has closed forms?** Line 1 funds five to ten projects of a million each:
//! the number of defaults, not the correlation, makes the tail, and caps, queues, tranches and re-lending have no
//! closed form.
//!
//! **Why cents in integers?** Sums of integers do not depend on their order, so totals are the same on any number of
//! threads, and "receipts = payments + cash" is an equality. It is checked on every path of every build
//! ([`engine::books::Books::check`]); if it fails, the program stops with exit code 70 and names the path.
//!
//! **Why own random numbers?** A draw is a pure function of (seed, path, purpose, line, applicant or quarter):
//! [`random::Address`]. The n-th applicant of a line on a path is the same enterprise with the same luck in every
//! scenario that shares seed and pipeline, whatever the mix; so the difference of two scenarios is the effect of
//! what differs and not of other luck. Adding a draw shifts no other.
//!
//! **Why no standard `ln` and `exp`?** The platform's maths library differs between systems in the last digit. All
//! transcendental functions are those of the pure-Rust `libm` crate ([`numeric`]); a lint forbids the others. Same
//! scenario, same seed, same version: same bytes.
//!
//! **What does `F(k) >= U` cost?** A static default time is found by comparing cumulative hazards with `-ln(1 - U)`;
//! under autoregressive factors one uniform is compared with the cumulative conditional probability, which is the same
//! law as one uniform a quarter ([`engine::defaults`]).
//!
//! **Why three engines?** [`engine::path`] follows MODEL.md line by line and visits every running project in every quarter; it
//! is what the slow twin and a reader can check. [`engine::kernel`] gives the same cents on every path, which tests
//! compare without tolerance, at about a third of the cost; its module says by which steps and where the time is left.
//! [`engine::settled`] does so for lists of borrowers whose approvals do not wait for what happens to others: there a path
//! is one sum for all paths and the changes of the few who default.
//!
//! **How does a run know that it is right?** Beside the books, it compares what it simulated with what is known exactly
//! for the scenario at hand ([`analytic::exact_figure`]): who applies and for how much, the defaults of first projects,
//! and every stream of cash of lists that are surely approved. A figure more than 6 exact standard errors away
//! stops the program ([`aggregate::exact_check`]). Why only first projects: a project approved later was selected by
//! what earlier defaults left in the budgets, so that its default probability is not its `F(n)`.
//!
//! **How exact are quantiles?** Up to 131,072 paths they are order statistics of all values. Beyond, values are
//! counted in cells of relative width 2^-13 and the 0.2 % at either end are kept exactly ([`aggregate::distribution`]).
//! Timeline quantiles come from the first 65,536 paths, kept as compressed differences ([`aggregate::timeline_codec`]).
//!
//! **When does `--precision` stop?** At the second look in a row that finds every headline figure within the target; looks
//! are at 16,384 paths and each doubling of that, so scenario and seed alone decide. Whatever a run tells depends on the
//! paths seen, not on those planned: where it stopped, it is the plain run of as many paths ([`aggregate::precision`]).
//!
//! # Decisions where the model's description is silent
//!
//! - `pd_target = "lifetime"`: one factor per line (its tenor) and rating, for all multipliers 1, no shift and a neutral
//!   economy, by integration over the factor instead of sampled factor paths ([`plan::lifetime_scale`]).
//! - Ratios divide by `contribution x union_share` if they are called leverage: `leverage_effect`, `finance_leverage`,
//!   `private_leverage` (also the timeline's `leverage_effect`); `investment_multiplier`, `absorption` and
//!   `fund_loss_rate` divide by the contribution. A ratio to nothing is 0.
//! - `[fund] deadweight` (default 0) is the share of the loans that would have been made without the fund too. It
//!   changes no path and no machine file: the report shows `leverage_effect x (1 - deadweight)` as additional leverage.
//! - An applicant whose preferred product is closed by the aid ceiling and who accepts no other waits and is lost as
//!   `rejected_budget`; only one for whom every product is closed is `rejected_ineligible`.
//! - Figures by product: applications and investment applied for count under the preferred product, everything else under
//!   the product that was approved. A group's `demand_coverage` is the mean of the paths' ratios.
//! - `annual_default_rate` counts project-quarters, also of projects without loans.
//! - `calls_over_cap` and `shortfall` compare what is open with the room after the last quarter's step 9;
//!   `shortfall_event` sees both passes of step 5 in the last quarter.
//! - A disbursement that would fall beyond the horizon never happens: its amounts stay blocked.
//! - A guaranteed loan disbursed in the last quarter makes room after the last payment of calls, so that what is then open
//!   within the room is `shortfall` without a `shortfall_event`. R117 warns of such horizons.
//! - A recovery is rounded first and then split cumulatively; each tranche is discounted and rounded by itself; a product is
//!   guaranteed if its rate and its bank share are above 0.
//! - In a ledger (`trace`) `quarter` is 0-based as in the other tables, `opening` and `closing` rows carry a balance and no
//!   amount, `paid_in` opens at 0 and counts the tranches; what is 0 leaves no row.
//! - State aid: the ceiling holds for each enterprise of an applicant (`members`), `gge / members + prior_aid <= ceiling`, compared
//!   in whole cents as `gge <= members x (ceiling - prior_aid)`. What fits no simplified bracket goes by reference rate and
//!   safe-harbour premium ([`plan::Bracket`]); so aid may fall where a bracket ends.
//! - How many apply together is drawn under an address of its own, and only in a line that knows associations: scenarios
//!   without `members` keep every draw. Size, rating and investment are those of the project, not of each member.
//! - Common indicators: CO01 counts the members of disbursed projects that have a grant, a fund loan or a guarantee above 0; a
//!   project with a grant and a loan counts in CO02 and CO03, its private investment in CO06 only.
//! - From 2021 payments follow expenditure (R113): after an advance of at most 30 % the tranches never add up to more than what
//!   their triggers say was spent; fees are held under 7 % of the endowment (R112), which is what one round disburses at most.
//! - Gross grant equivalents are reported if aid is limited, or if the simplified route, a base rate, margin or premium is given; the parts of
//!   one package are added and rounded once.
//! - The error of a part of ES 99 % in `contributions.csv` takes the tail's paths as given.
//! - Bounds that keep amounts of 40 years within 64 bits and formulas away from 0/0: `treasury_rate` -50 % to 50 %,
//!   `discount_rate` -20 % to 50 %, `union_share` at least 0.01 %, correlations together at most 0.999999, a yearly PD
//!   at most 0.999999999999. Overflow stops the program in release builds too (exit code 70).
//! - A limit on a figure that had one value on fewer than 1,000 paths is not settled: what happens rarely may not have
//!   happened yet.
//! - `--precision` and `--paths` exclude each other; either one on the command line overrides both of the scenario's keys.
//!   In a scenario `precision` wins over `paths`. The scenario as run names as `paths` what the run took, so that
//!   `trace --at` looks among the same paths. The target of `cap_hit` is 0.5 points at any precision.
//! - A what-if (`--set`) is part of the scenario's title wherever results name it, also in the scenario as run.
//! - Files that users put into a result folder are carried over when it is replaced.
//! - Names and ids of a scenario stand in every CSV as texts that no spreadsheet runs: an apostrophe before what could begin a
//!   formula ([`spreadsheet`]). The reader of a borrowers' list takes it away again, so a list that comes out goes in.
//! - `--csv excel-it` writes the tables once more, under `excel-it/` and their own names, also the list of borrowers (the reader
//!   takes it back); not `paths.csv`, which is for programs. All are described in `datapackage.json`.
//! - The JSON Schema requires nothing outside list entries: what a file must say depends on what it `extends`.
//! - `verify` computes a result's files under the name of the version that made it (a version's name is no figure) and
//!   says both versions; it runs a scenario again only if it is the recorded one ([`report::verification`]).
//! - Problems are shown in the language of `--lang`, else in that which the scenario names, as far as it can be read, else
//!   in English. JSON for programs keeps English texts and has the reader's beside them as `explanation`. What clap says of
//!   its own, what the engine says of a bug, and system errors without a common cause stay English.
//! - Stress tests: what is changed is always `--set` options, so that every other command can repeat it ([`paired::shock`],
//!   [`paired::lever`]); defaults that happen whatever the luck are told in [`engine::forced`]. They are run by the scalar
//!   engine and are not held against exact default probabilities.
//! - A run that will replace a result of more paths says so, and goes on.
//! - A scenario file that does not exist is a bad command line (exit code 2); one that cannot be read is exit code 3.
//! - What a scenario file names (`extends`, `borrowers`) is read from the working folder and the scenario's own folder, with all
//!   below them and links resolved, unless `--allow-outside` is given, and so can a path in `--set`; scenarios that are typed are read anywhere. Pipes and devices are
//!   refused. A scenario file has at most 512 KiB, all files of one 1 MiB, a list of borrowers 16 MiB, a text 10,000 characters
//!   without control characters or such as turn the direction of writing; 500 errors are shown.
//! - Results are not written through a link in place of a result folder (exit code 3); the folder of all results may be one.
//!   The earlier and the new result change places in one step after all is on the disk ([`app`], `standing_result`).
//! - A scenario whose amounts could exceed 5 x 10^12 EUR on a path, or 10 million applicants, is refused before the run, so that
//!   sums and sums of squares over 10^9 paths cannot overflow.

pub mod aggregate;
pub mod analytic;
pub mod app;
pub mod books;
pub mod chart;
pub mod check_report;
pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod explain;
pub mod implied;
pub mod isa;
mod layout;
pub mod ledger;
pub mod locale;
pub mod metrics;
pub mod numeric;
pub mod paired;
pub mod plan;
pub mod random;
pub mod reading;
pub mod report;
pub mod resolved;
pub mod rules;
pub mod scenario;
pub mod sensitivity;
pub mod spreadsheet;
pub mod starter;
pub mod today;
pub mod units;
