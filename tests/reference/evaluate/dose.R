# The number of contacts as a dose, on the export of evaluate.R (outcomes.csv): 2SLS of each
# outcome on the number of contacts, and outcomes by how many there were.
# Run in this folder: Rscript dose.R > dose.json
suppressMessages({library(estimatr); library(jsonlite)})
t <- read.csv2("outcomes.csv", colClasses = c(klantnummer = "character"), na.strings = c("", "NA"))
t$z <- as.numeric(t$groep == "interventie")
fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m) as.list(setNames(summary(m)$coefficients[2, ], fields))
analyse <- function(name) {
  d <- t[!is.na(t[[name]]) & !is.na(t$gesprekken) & t$groep %in% c("interventie", "controle"), ]
  d$y <- d[[name]]
  first <- lm_robust(gesprekken ~ z, d, se_type = "HC2")
  top <- max(d$gesprekken)
  difference <- sapply(seq_len(top), function(j) mean(d$gesprekken[d$z == 1] >= j) - mean(d$gesprekken[d$z == 0] >= j))
  group <- function(arm) lapply(0:4, function(k) {
    own <- d$groep == arm & (if (k == 4) d$gesprekken >= 4 else d$gesprekken == k)
    list(n = sum(own), mean = if (any(own)) mean(d$y[own]) else NA)
  })
  list(n = nrow(d), per_contact = row(iv_robust(y ~ gesprekken | z, d, se_type = "HC2")), contacts = row(first),
    f = unname(summary(first)$coefficients[2, 3]^2), weights = difference / sum(difference),
    controle = group("controle"), interventie = group("interventie"))
}
cat(toJSON(list(oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript dose.R > dose.json", inkomen = analyse("inkomen"), werk = analyse("werk"),
  trede = analyse("trede")), digits = I(15), auto_unbox = TRUE, na = "null", pretty = TRUE), "\n")
