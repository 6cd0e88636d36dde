# Effects adjusted for covariates with other standard errors than HC2, with and without strata.
# Run: Rscript se_type.R > se_type.json
suppressMessages({library(estimatr); library(jsonlite)})
source("../strata_df.R")
row <- function(m) as.list(setNames(summary(m)$coefficients["z", ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
set.seed(2019)
n <- 120
d <- data.frame(s = rep(1:3, c(60, 36, 24)), z = 0, x = round(rnorm(n, 50, 10), 2), b = round(rnorm(n, 2, 1), 2))
for (s in 1:3) { i <- which(d$s == s); d$z[sample(i, length(i) / c(2, 3, 4)[s])] <- 1 }
d$y <- round(d$b + 0.02 * d$x + d$z * (0.3 + 0.02 * (d$x - 50)) + d$s + rnorm(n, 0, 1 + d$z), 3)
d$f <- factor(d$s)
one <- function(type) list(
  lin = row(lm_lin(y ~ z, ~ x, d, se_type = type)),
  ancova = row(lm_robust(y ~ z + b, d, se_type = type)),
  lin_strata = if (type == "HC2") over_cells(row(lm_lin(y ~ z, ~ f + x, d, se_type = type)), d$y, d$z, d$s, d$x) else row(lm_lin(y ~ z, ~ f + x, d, se_type = type)),
  ancova_strata = row(lm_robust(y ~ z + f + b, d, se_type = type)))
cat(toJSON(list(oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript se_type.R > se_type.json", data = as.list(d[c("s", "z", "x", "b", "y")]),
  HC0 = one("HC0"), HC1 = one("HC1"), HC2 = one("HC2"), HC3 = one("HC3")), digits = I(17), auto_unbox = TRUE), "\n")
