# An arm delivered by few people: R's estimatr with CR2, everybody without a provider a cluster of their own.
# Run: Rscript nested.R > nested.json
suppressMessages({library(estimatr); library(jsonlite)})
set.seed(2011)
n <- 120
d <- data.frame(arm = sample(rep(c("i", "c"), c(50, 70))), s = rep(1:4, each = 30))
d$who <- ifelse(d$arm == "i", sample(c("anna", "bram", "chris", "dees"), n, TRUE, c(.4, .3, .2, .1)), "")
own <- c(anna = 1.2, bram = -0.6, chris = 0.4, dees = 0)
d$y <- round(rnorm(n, 4 + d$s / 2) + ifelse(d$arm == "i", 0.5 + own[d$who], 0), 3)
d$z <- as.numeric(d$arm == "i")
d$unit <- ifelse(d$who == "", paste0("p", seq_len(n)), d$who)
fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m) as.list(setNames(summary(m)$coefficients[2, ], fields))
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript nested.R > nested.json",
  data = as.list(d[c("arm", "s", "who", "y")]),
  plain = row(lm_robust(y ~ z, d, clusters = unit, se_type = "CR2")),
  strata = row(lm_robust(y ~ z + factor(s), d, clusters = unit, se_type = "CR2"))
), digits = I(15), auto_unbox = TRUE), "\n")
