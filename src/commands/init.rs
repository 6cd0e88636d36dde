//! `fip init`.
use super::{Done, Session};
use crate::cli::InitArgs;
use crate::error::{Error, Result};
pub fn run(_args: &InitArgs, _session: &Session) -> Result<Done> { Err(Error::internal("later")) }
