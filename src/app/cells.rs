//! The cells of a study: simulated in shares, and given back to the study when the shares are merged.
//!
//! A study is a function of what its cells leave, and each cell is a scenario with paths of its own. A share simulates some
//! blocks of some cells and keeps of each block the figures that the study tells of, path by path; where the study
//! also needs sums over all figures (the exact check, means over time), it keeps those too. Merged, a cell is what
//! the unshared study would have simulated, number by number, so all that follows is the same.

use super::Failure;
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::collector::{Collector, Watcher};
use crate::aggregate::columns::{Column, columns};
use crate::aggregate::coverage::Coverage;
use crate::aggregate::part::codec::{Damaged, Reader, Writer};
use crate::aggregate::part::{restore_sums, store_sums, with_values};
use crate::engine::InvariantBroken;
use crate::locale::{Told, told};
use crate::paired::FigureTable;
use crate::paired::figure_pieces::{restore_values, store_values};
use crate::paired::figure_table::simulate_blocks;
use crate::plan::Plan;
use crate::report::study_part::{Piece, cells_of};
use crate::scenario::{Language, Scenario};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// Most cells that are simulated together: mixes share their draws.
const MOST_TOGETHER: usize = 64;

/// What some blocks of a cell leave: the bytes of their sums, where these are kept, and their figures.
type Kept = (Option<Vec<u8>>, Vec<Vec<i64>>);

/// What a study keeps of the paths of its cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeps {
    /// Some figures of every path.
    Figures,
    /// These, and sums over all figures.
    FiguresAndSums,
}

/// One scenario of a study.
pub struct Cell {
    /// The scenario's name, for messages.
    pub name: String,
    /// Its plan.
    pub plan: Plan,
    /// Its paths: at most those of the study.
    pub paths: u64,
    /// The figures that are kept.
    pub columns: Vec<Column>,
}

impl Cell {
    /// A scenario of which some figures are kept.
    pub fn new(scenario: &Scenario, columns: impl FnOnce(&Plan) -> Vec<Column>) -> Cell {
        let plan = Plan::resolve(scenario);
        let columns = columns(&plan);
        Cell { name: scenario.identity.name.clone(), plan, paths: scenario.simulation.paths, columns }
    }

    /// The same with another number of paths.
    pub fn of_paths(self, paths: u64) -> Cell {
        Cell { paths, ..self }
    }
}

/// Makes the cell of a number.
type MakeCell<'c> = Box<dyn Fn(u64) -> Result<Cell, Failure> + 'c>;

/// All cells of a study, made when they are needed.
pub struct Cells<'c> {
    /// The name of the study's folder.
    pub study: String,
    /// The language of messages.
    pub language: Language,
    /// Of all cells.
    pub seed: u64,
    /// Paths of each.
    pub paths: u64,
    /// How many there are.
    pub count: u64,
    /// What is kept of them.
    pub keeps: Keeps,
    /// Makes one, by its number.
    pub make: MakeCell<'c>,
}

impl Cells<'_> {
    /// Paths of some blocks of a cell; its last block may be short.
    pub fn paths_of(&self, blocks: &Range<u64>) -> u64 {
        Coverage::none(self.paths).paths_of(blocks)
    }

    /// Simulates a range of units; `None` if it was stopped.
    ///
    /// # Errors
    /// [`Failure`] if a cell cannot be made, or the books of a path do not balance.
    pub fn simulate(
        &self,
        units: &Range<u64>,
        stop: &Arc<AtomicBool>,
        simulated: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Vec<Piece>>, Failure> {
        let mut pieces = Vec::new();
        let mut left = cells_of(units, self.paths);
        while !left.is_empty() {
            // The next cells with the same blocks.
            let blocks = left[0].1.clone();
            let most = match self.keeps {
                Keeps::Figures => MOST_TOGETHER,
                Keeps::FiguresAndSums => 1,
            };
            let count = left.iter().take(most).take_while(|(_, other)| *other == blocks).count();
            let numbers: Vec<u64> = left.drain(..count).map(|(number, _)| number).collect();
            let cells: Vec<Cell> =
                numbers.iter().map(|&number| (self.make)(number)).collect::<Result<_, _>>()?;
            // Those of another length come next.
            let alike = cells.iter().take_while(|cell| cell.paths == cells[0].paths).count();
            left.splice(..0, numbers[alike..].iter().map(|&number| (number, blocks.clone())));
            let (numbers, cells) = (&numbers[..alike], &cells[..alike]);
            let broken = |broken: InvariantBroken| Failure::Invariant {
                scenario: cells[0].name.clone(),
                seed: self.seed,
                broken,
            };
            let kept = match self.keeps {
                Keeps::Figures => {
                    let plans: Vec<(&Plan, &[Column])> =
                        cells.iter().map(|cell| (&cell.plan, cell.columns.as_slice())).collect();
                    let values = simulate_blocks(&plans, blocks.clone(), cells[0].paths, stop, simulated);
                    let values = values.map_err(broken)?;
                    values.map(|values| values.into_iter().map(|values| (None, values)).collect())
                }
                Keeps::FiguresAndSums => {
                    let kept = self.simulate_sums(&cells[0], blocks.clone(), stop, simulated);
                    kept.map_err(broken)?.map(|(sums, values)| vec![(Some(sums), values)])
                }
            };
            let kept: Option<Vec<Kept>> = kept;
            let Some(kept) = kept else { return Ok(None) };
            for (&cell, (sums, values)) in numbers.iter().zip(kept) {
                let mut writer = Writer::default();
                if let Some(sums) = sums {
                    writer.length(sums.len());
                    writer.bytes.extend_from_slice(&sums);
                }
                store_values(&values, &mut writer);
                pieces.push(Piece { cell, blocks: blocks.clone(), bytes: writer.bytes });
            }
        }
        Ok(Some(pieces))
    }

    /// Sums and values of some blocks of a cell; `None` if it was stopped.
    #[allow(clippy::type_complexity, reason = "bytes and columns, named in the line above")]
    fn simulate_sums(
        &self,
        cell: &Cell,
        blocks: Range<u64>,
        stop: &Arc<AtomicBool>,
        simulated: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<(Vec<u8>, Vec<Vec<i64>>)>, InvariantBroken> {
        let mut collector = Collector::for_share(&cell.plan, self.paths, blocks.clone());
        let mut keeper =
            BlockKeeper { stop, simulated, all: columns(&cell.plan), table: FigureTable::new(&cell.columns) };
        collector.simulate_share(&mut keeper)?;
        let whole = collector.coverage.ranges() == std::slice::from_ref(&blocks);
        Ok(whole.then(|| (store_sums(&collector), keeper.table.into_values())))
    }
}

/// Keeps some columns of the blocks of a share, path by path.
struct BlockKeeper<'k> {
    stop: &'k AtomicBool,
    simulated: &'k (dyn Fn(u64) + Sync),
    all: Vec<Column>,
    table: FigureTable,
}

impl Watcher for BlockKeeper<'_> {
    fn stop(&self) -> &AtomicBool {
        self.stop
    }

    fn simulated(&self, paths: u64) {
        (self.simulated)(paths);
    }

    fn blocks(&mut self, blocks: &[BlockOutcome]) {
        self.table.take_blocks(&self.all, blocks);
    }

    fn absorbed(&mut self, _collector: &Collector) {}
}

/// What the shares of a study left, to be taken cell by cell.
pub struct Given {
    paths: u64,
    cells: Mutex<BTreeMap<u64, Vec<Piece>>>,
}

impl Given {
    /// The pieces of all cells of so many paths each.
    pub fn new(paths: u64, pieces: Vec<Piece>) -> Given {
        let mut cells: BTreeMap<u64, Vec<Piece>> = BTreeMap::new();
        for piece in pieces {
            cells.entry(piece.cell).or_default().push(piece);
        }
        cells.values_mut().for_each(|pieces| pieces.sort_by_key(|piece| piece.blocks.start));
        Given { paths, cells: Mutex::new(cells) }
    }

    /// The figures of a cell of so many paths; each cell is taken once.
    ///
    /// # Errors
    /// [`Unsound`] if the bytes are not those of such a cell.
    pub fn table(&self, cell: u64, columns: &[Column], paths: u64) -> Result<FigureTable, Unsound> {
        let mut values: Vec<Vec<i64>> = vec![Vec::new(); columns.len()];
        for piece in self.take(cell)? {
            let mut reader = Reader::new(&piece.bytes);
            let taken = more_values(&piece, &mut reader, &mut values, paths);
            taken.map_err(|damage| unsound(cell, damage))?;
        }
        table_of(cell, columns, values, paths)
    }

    /// The figures of a cell and the sums of all its paths.
    ///
    /// # Errors
    /// As [`Given::table`].
    pub fn with_sums<'p>(
        &self,
        cell: u64,
        plan: &'p Plan,
        columns: &[Column],
    ) -> Result<(Collector<'p>, FigureTable), Unsound> {
        let mut values: Vec<Vec<i64>> = vec![Vec::new(); columns.len()];
        let mut whole: Option<Collector> = None;
        for piece in self.take(cell)? {
            let collector =
                self.more_sums(&piece, plan, &mut values).map_err(|damage| unsound(cell, damage))?;
            match &mut whole {
                None => whole = Some(collector),
                Some(whole) => {
                    let merged = whole.merge(collector);
                    merged.map_err(|_| unsound(cell, Damaged("its blocks are there twice")))?;
                }
            }
        }
        let table = table_of(cell, columns, values, self.paths)?;
        let mut collector = whole.ok_or_else(|| unsound(cell, Damaged("it is missing")))?;
        with_values(&mut collector, |column| table.column(column));
        Ok((collector, table))
    }

    fn take(&self, cell: u64) -> Result<Vec<Piece>, Unsound> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.remove(&cell).ok_or_else(|| unsound(cell, Damaged("it is missing")))
    }

    fn more_sums<'p>(
        &self,
        piece: &Piece,
        plan: &'p Plan,
        values: &mut [Vec<i64>],
    ) -> Result<Collector<'p>, Damaged> {
        let mut reader = Reader::new(&piece.bytes);
        let length = reader.length(u64::MAX)?;
        let sums = reader.bytes(length)?;
        let collector = restore_sums(plan, self.paths, Reader::new(&sums))?;
        if collector.coverage.ranges() != std::slice::from_ref(&piece.blocks) {
            return Err(Damaged("its sums are of other blocks"));
        }
        more_values(piece, &mut reader, values, self.paths)?;
        Ok(collector)
    }
}

/// Adds the values of a piece of a cell of `paths` paths.
fn more_values(
    piece: &Piece,
    reader: &mut Reader,
    values: &mut [Vec<i64>],
    paths: u64,
) -> Result<(), Damaged> {
    let paths = Coverage::none(paths).paths_of(&piece.blocks);
    let more = restore_values(reader, values.len(), paths as usize)?;
    values.iter_mut().zip(more).for_each(|(column, more)| column.extend(more));
    reader.end()
}

/// The table of all paths of a cell.
fn table_of(
    cell: u64,
    columns: &[Column],
    values: Vec<Vec<i64>>,
    paths: u64,
) -> Result<FigureTable, Unsound> {
    if values.iter().any(|column| column.len() as u64 != paths) {
        return Err(unsound(cell, Damaged("it has not all paths")));
    }
    Ok(FigureTable::of_values(columns, values))
}

/// Parts whose check sums fit hold what no share of this study leaves: somebody made them.
#[derive(Clone, Copy, Debug)]
pub struct Unsound {
    cell: u64,
    damage: Damaged,
}

fn unsound(cell: u64, damage: Damaged) -> Unsound {
    Unsound { cell, damage }
}

impl Unsound {
    /// For a reader.
    pub fn told(self) -> Told {
        told!(
            "le parti non sono valide: lo scenario {cell} dello studio ({why})",
            "the parts are not sound: scenario {cell} of the study ({why})";
            cell = (self.cell + 1).to_string(),
            why = self.damage.0,
        )
    }
}

impl From<Unsound> for Failure {
    fn from(unsound: Unsound) -> Failure {
        Failure::Usage(unsound.told())
    }
}
