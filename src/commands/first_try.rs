//! `fip assign REGISTER`: a draw without a protocol, in a folder and on no record.

use std::path::Path;

use super::assign::shown;
use super::{Done, Session, reading};
use crate::cli::{AssignArgs, CountArg, MethodArg};
use crate::design::{Counting, Method};
use crate::error::{Error, Result};
use crate::intake::{ToDraw, Work, first_try};
use crate::protocol::{FileFlags, Flags};
use crate::record::ALLOCATION;
use crate::release::Results;

pub fn run(args: &AssignArgs, session: &Session) -> Result<Done> {
    if args.public.is_some() || args.drawn.is_some() {
        return Err(
            Error::usage("--public and --drawn are for the record of a trial").hint(
                "make a protocol with: fip init register.csv; and then: fip assign trial.toml …",
            ),
        );
    }
    let method = args.method.map(|method| match method {
        MethodArg::Simple => Method::Simple,
        MethodArg::Complete => Method::Complete,
        MethodArg::Stratified => Method::Stratified,
    });
    let flags = Flags {
        register: FileFlags {
            id: args.id.clone(),
            filter: args.filter.clone(),
            reading: reading(&args.read, &args.ids)?,
            ..FileFlags::default()
        },
        arms: args.arms.clone(),
        method,
        seed: args.seed.clone(),
        strata: args.strata.clone(),
        cluster: args.cluster.clone(),
        count: args.count.map(|count| match count {
            CountArg::Units => Counting::Units,
            CountArg::Persons => Counting::Persons,
        }),
        ..Flags::default()
    };
    let work = Work::new(None, flags, args.register.as_deref(), None)?;
    let out = args.out.as_deref().unwrap_or(Path::new("."));
    let (manifest, mut notes) =
        first_try::assign(&ToDraw::new(&work)?, out, args.redraw.as_deref())?;
    notes.push(format!(
        "to evaluate this as a trial, give it a protocol and a record: fip init {}; and then: fip assign trial.toml \
         --drawn {}",
        args.register.as_deref().unwrap_or(Path::new("register.csv")).display(),
        out.join(ALLOCATION).display()
    ));
    let results = Results {
        manifest: Some(manifest),
        ..Results::default()
    };
    shown(results, &work, notes, session)
}
