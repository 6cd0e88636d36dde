//! Files in, typed columns out: the only room that knows files, polars, encodings and locales.
