# Reference values for a stratified draw and for change within an arm, the whole way from files.
# Run in this folder: Rscript strata.R
# Writes strata_outcomes.csv, strata_allocation.csv (made-up people) and strata.json.
suppressPackageStartupMessages({library(coin); library(jsonlite)})
set.seed(20161101)
n <- 260
id <- sprintf("%04d", sample(9999, n))
stratum <- sample(c("noord", "zuid", "oost", "west"), n, TRUE, c(.4, .3, .2, .1))
d <- ave(seq_len(n), stratum, FUN = function(i) sample(rep(0:1, length.out = length(i)))) == 1
some <- function(x, k) { x[sample(n, k)] <- NA; x }
job0 <- some(rbinom(n, 1, .2), 7); job <- some(rbinom(n, 1, ifelse(job0 %in% 1, .6, .25) + .12 * d), 11)
z <- rnorm(n)
cuts <- c(-Inf, -1, .1, .9, 1.7, Inf)
step0 <- some(cut(z, cuts, labels = FALSE), 9)
step <- some(cut(z * .7 + rnorm(n, .2 + .25 * d, .6), cuts, labels = FALSE), 13)
home0 <- sample(c("alleen", "samen", "gezin"), n, TRUE, c(.5, .3, .2))
home <- ifelse(runif(n) < .7, home0, sample(c("alleen", "samen", "gezin"), n, TRUE)); home <- some(home, 5)
score0 <- round(rnorm(n, 50, 10)); score <- some(round(score0 * .6 + rnorm(n, 22 + 2 * d, 7)), 12)
blank <- function(x) ifelse(is.na(x), "", as.character(x))
write.table(data.frame(id, job_before = blank(job0), job = blank(job), step_before = blank(step0), step = blank(step),
  home_before = blank(home0), home = blank(home), score_before = blank(score0), score = blank(score)),
  "strata_outcomes.csv", sep = ";", quote = FALSE, row.names = FALSE)
write.table(data.frame(id, arm = ifelse(d, "fip", "regulier"), stratum), "strata_allocation.csv", sep = ",", quote = FALSE, row.names = FALSE)

three <- function(r) list(statistic = unname(r$statistic[[1]]), df = unname(r$parameter[[1]]), p_value = r$p.value)
arm <- factor(ifelse(d, "fip", "regulier"), c("fip", "regulier")); s <- factor(stratum)
two <- table(arm, factor(job, c(1, 0)), s)
plain <- mantelhaen.test(two, correct = FALSE); corrected <- mantelhaen.test(two)
scored <- cmh_test(table(arm, step = factor(step), s), scores = list(step = 1:5))
arms <- lapply(c("regulier", "fip"), function(a) {
  own <- arm == a
  pair <- function(b, y) { k <- own & !is.na(b) & !is.na(y); data.frame(b = b[k], y = y[k]) }
  j <- pair(job0, job); up <- sum(j$y > j$b); down <- sum(j$y < j$b); m <- table(factor(j$b, 0:1), factor(j$y, 0:1))
  pm <- 2 * (pbinom(min(up, down), up + down, .5) - dbinom(min(up, down), up + down, .5) / 2)
  change <- function(p) { r <- t.test(p$y, p$b, paired = TRUE); w <- suppressWarnings(wilcox.test(p$y, p$b, paired = TRUE))
    l <- p$y - p$b; g <- factor(rep(c("y", "b"), each = nrow(p)), c("y", "b"))
    list(n = nrow(p), incomplete = sum(own) - nrow(p), mean_before = mean(p$b), mean_after = mean(p$y), sd_change = sd(l),
      increased = sum(l > 0), decreased = sum(l < 0), unchanged = sum(l == 0), estimate = r$estimate[[1]], conf_low = r$conf.int[1], conf_high = r$conf.int[2],
      paired_t = three(r), wilcoxon_signed_rank = list(statistic = w$statistic[[1]], p_value = w$p.value),
      # By the statistic: coin's own p-value is 1 - pnorm, which loses the digits of a tail.
      pratt_signed_rank = list(p_value = 2 * pnorm(-abs(as.numeric(statistic(wilcoxsign_test(c(p$y, p$b) ~ g | factor(rep(seq_len(nrow(p)), 2)))))))))
  }
  list(arm = a, n = nrow(j), incomplete = sum(own) - nrow(j), increased = up, decreased = down,
    exact = list(p_value = binom.test(up, up + down)$p.value), mid_p = list(p_value = pm),
    uncorrected = three(mcnemar.test(m, correct = FALSE)), corrected = three(mcnemar.test(m)),
    step = change(pair(step0, step)), score = change(pair(score0, score)))
})
w <- suppressWarnings(wilcox.test(score[d], score[!d]))
write(toJSON(list(oracle = paste0(R.version.string, ", coin ", packageVersion("coin")),
  job = list(uncorrected = three(plain), corrected = three(corrected),
    odds_ratio = list(estimate = plain$estimate[[1]], conf_low = plain$conf.int[1], conf_high = plain$conf.int[2])),
  step = list(general_association = three(mantelhaen.test(table(arm, step, s))),
    mean_scores = list(statistic = unname(statistic(scored))^2, df = 1, p_value = as.numeric(pvalue(scored)))),
  home = list(general_association = three(mantelhaen.test(table(arm, home, s)))),
  score = list(mann_whitney = list(statistic = w$statistic[[1]], p_value = w$p.value)),
  before_after = arms), auto_unbox = TRUE, digits = I(17), pretty = TRUE), "strata.json")
