# Covariate-adjusted intention to treat, from R's estimatr.
# Run: Rscript lin.R > lin.json
suppressMessages({library(estimatr); library(jsonlite)})

set.seed(4711)
n <- 90
d <- data.frame(
  treated = sample(rep(c(1, 0), c(36, 54))),
  baseline = round(rnorm(n, 3, 1), 3),
  year = 1950 + sample(0:45, n, TRUE),
  cluster = rep(1:40, length.out = n))
d$treated <- ave(d$treated, d$cluster, FUN = function(x) x[1])
d$y <- round(1 + 0.5 * d$treated + 0.7 * d$baseline + 0.3 * d$treated * d$baseline + rnorm(n), 4)

row <- function(m) as.list(setNames(summary(m)$coefficients["treated", ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
lin_ <- function(t, ...) row(lm_lin(y ~ treated, ~ baseline + year, d, se_type = t, ...))
ancova <- function(t, ...) row(lm_robust(y ~ treated + baseline, d, se_type = t, ...))

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript lin.R > lin.json",
  data = as.list(d),
  lin = list(Classical = lin_("classical"), Hc1 = lin_("HC1"), Hc2 = lin_("HC2"), Hc3 = lin_("HC3"),
             Cr2 = lin_("CR2", clusters = cluster)),
  ancova = list(Hc2 = ancova("HC2"), Hc3 = ancova("HC3"), Cr2 = ancova("CR2", clusters = cluster))
), digits = I(17), auto_unbox = TRUE), "\n")
