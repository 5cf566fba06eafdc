//! What every chart must be, whatever its data: well-formed, inside its sheet, without covered labels, the same
//! each time.

mod nasty;
mod rules;
mod samples;
