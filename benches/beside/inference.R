# Times in R: see README.md beside this file.
# Run: Rscript inference.R
suppressMessages({library(estimatr); library(coin)})
set.seed(20170301)
time <- function(what, run, times = 5) {
  run()
  ms <- replicate(times, {t <- Sys.time(); run(); as.numeric(difftime(Sys.time(), t, units = "secs")) * 1e3})
  cat(sprintf("%-70s %10.2f ms\n", what, median(ms)))
}
cat(R.version.string, " estimatr", format(packageVersion("estimatr")), " coin", format(packageVersion("coin")), "\n")

data <- function(n) {
  d <- data.frame(z = as.numeric(runif(n) < .35), y = runif(n), x1 = runif(n), x2 = runif(n), x3 = runif(n), s = seq_len(n) %% 12, g = (seq_len(n) - 1) %/% 2)
  d$d <- d$z * (runif(n) < .7)
  d$zp <- d$z[d$g * 2 + 1]
  d
}
# 10,000 draws, 10 outcomes, 1,028 clients.
n <- 1028
z <- factor(sample(rep(c("i", "c"), c(360, 668))))
Y <- replicate(10, runif(n))
time("10,000 draws x 10 outcomes x 1,028: coin oneway_test, each outcome", function()
  for (k in 1:10) pvalue(oneway_test(Y[, k] ~ z, distribution = approximate(nresample = 10000))), 3)
time("10,000 draws x 10 outcomes x 1,028: coin, all outcomes at once (max-T)", function()
  pvalue(independence_test(Y ~ z, distribution = approximate(nresample = 10000)), method = "step-down"), 3)
if (requireNamespace("ri2", quietly = TRUE)) {
  suppressMessages({library(randomizr); library(ri2)})
  cat("ri2", format(packageVersion("ri2")), " randomizr", format(packageVersion("randomizr")), "\n")
  declaration <- declare_ra(N = n, m = 360)
  d <- data.frame(Y = Y[, 1], Z = as.numeric(z == "i"))
  t <- system.time(summary(conduct_ri(Y ~ Z, declaration = declaration, sharp_hypothesis = 0, data = d, sims = 10000)))
  cat(sprintf("%-70s %10.2f ms\n", "10,000 draws x 1 outcome x 1,028: ri2 conduct_ri (once)", t[["elapsed"]] * 1e3))
}
job <- matrix(c(1,2,1,0, 3,3,6,1, 10,10,14,9, 6,7,12,11), 4)
time("4 x 4, n = 104: fisher.test", function() fisher.test(job, workspace = 2e7))
time("2 x 4, n = 100: fisher.test", function() fisher.test(rbind(c(10, 15, 12, 8), c(20, 14, 11, 10)), workspace = 2e7))
time("2 x 5, n = 116: fisher.test", function() fisher.test(rbind(c(8, 12, 20, 9, 3), c(15, 22, 17, 8, 2)), workspace = 2e7))
time("2 x 2, n = 1,028: fisher.test", function() fisher.test(rbind(c(89, 271), c(110, 558))))
for (n in c(1028, 1e6)) {
  d <- data(n)
  runs <- if (n > 1e5) 3 else 9
  name <- function(what) sprintf("n = %8d: %s", n, what)
  time(name("t.test (Welch)"), function() t.test(y ~ z, d), runs)
  time(name("estimatr difference_in_means"), function() difference_in_means(y ~ z, d), runs)
  time(name("estimatr difference_in_means, 12 strata"), function() difference_in_means(y ~ z, d, blocks = s), runs)
  time(name("estimatr lm_lin, 1 covariate, HC2"), function() lm_lin(y ~ z, ~ x1, d, se_type = "HC2"), runs)
  time(name("estimatr lm_lin, 3 covariates, HC2"), function() lm_lin(y ~ z, ~ x1 + x2 + x3, d, se_type = "HC2"), runs)
  time(name("estimatr iv_robust, HC2"), function() iv_robust(y ~ d | z, d, se_type = "HC2"), runs)
  if (n < 1e5) time(name("estimatr lm_robust, CR2 for pairs"), function() lm_robust(y ~ zp, d, clusters = g, se_type = "CR2"), runs)
  time(name("wilcox.test"), function() wilcox.test(y ~ z, d), runs)
  if (n < 1e5) time(name("coin wilcox_test, asymptotic"), function() wilcox_test(y ~ factor(z), d), runs)
}
