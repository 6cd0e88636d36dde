# Reference values for contingency tables.
# The p-value of the linear-by-linear test is pchisq of coin's statistic: coin takes a complement,
# which is 0 in far tails.
# Run: Rscript contingency.R > contingency.json
suppressMessages({library(jsonlite); library(coin)})
set.seed(20190918)
num <- function(x) sprintf("%.17g", x)
g2 <- function(m) { e <- outer(rowSums(m), colSums(m)) / sum(m); 2 * sum(ifelse(m == 0, 0, m * log(m / e))) }
ncp <- function(x, df, p) if (pchisq(x, df) <= p) NA else
  uniroot(function(d) pchisq(x, df, ncp = d) - p, c(0, 10 * x + 100), tol = 1e-12)$root
vci <- function(x, df, n, k) {
  lo <- ncp(x, df, 0.975); hi <- ncp(x, df, 0.025)
  at <- function(d) if (is.na(d)) 0 else min(1, sqrt(d / (n * k)))
  c(at(lo), max(at(hi), at(qchisq(0.95, df))))
}
case <- function(name, m, fisher = TRUE) {
  chi <- suppressWarnings(chisq.test(m, correct = FALSE))
  df <- chi$parameter[[1]]
  k <- min(dim(m)) - 1
  out <- list(name = name, counts = unname(unclass(m)), min_expected = num(min(chi$expected)),
    pearson = num(c(chi$statistic[[1]], df, chi$p.value)),
    likelihood_ratio = num(c(g2(m), df, pchisq(g2(m), df, lower.tail = FALSE))),
    cramers_v = num(c(sqrt(chi$statistic[[1]] / (sum(m) * k)), vci(chi$statistic[[1]], df, sum(m), k))))
  tab <- as.table(matrix(m, nrow(m), dimnames = list(r = letters[seq_len(nrow(m))], c = LETTERS[seq_len(ncol(m))])))
  lbl <- lbl_test(tab, scores = list(r = seq_len(nrow(m)), c = seq_len(ncol(m))))
  out$linear_by_linear <- num(c(statistic(lbl)^2, pchisq(statistic(lbl)^2, 1, lower.tail = FALSE)))
  if (fisher) out$fisher <- num(fisher.test(m, workspace = 2e7)$p.value)
  if (all(dim(m) == 2)) {
    y <- suppressWarnings(chisq.test(m, correct = TRUE))
    out$yates <- num(c(y$statistic[[1]], 1, y$p.value))
    out$fisher_less <- num(fisher.test(m, alternative = "less")$p.value)
    out$fisher_greater <- num(fisher.test(m, alternative = "greater")$p.value)
    # Mid-p: half the weight for tables as likely as the observed one.
    lo <- max(0, sum(m[1, ]) - sum(m[, 2])); hi <- min(sum(m[1, ]), sum(m[, 1]))
    d <- dhyper(lo:hi, sum(m[, 1]), sum(m[, 2]), sum(m[1, ])); o <- d[m[1, 1] - lo + 1]
    tie <- abs(d / o - 1) <= 1e-7
    out$fisher_mid_p <- num(sum(d[d < o & !tie]) + sum(d[tie]) / 2)
  }
  out
}
mat <- function(rows, ...) matrix(c(...), nrow = rows, byrow = TRUE)
cases <- list(
  case("tea_tasting", mat(2, 3, 1, 1, 3)),
  case("tea_perfect", mat(2, 4, 0, 0, 4)),
  case("convictions", mat(2, 2, 15, 10, 3)),
  case("newcombe", mat(2, 56, 14, 48, 32)),
  case("pilot_size", mat(2, 89, 271, 110, 558)),
  case("large", mat(2, 2710, 97290, 5010, 194990)),
  case("equal_shares", mat(2, 10, 20, 20, 40)),
  case("zero_cell", mat(2, 0, 30, 7, 50)),
  case("far_apart", mat(2, 400, 10, 20, 380)),
  case("ucb_all", t(apply(UCBAdmissions, c(1, 2), sum))),
  case("ucb_a", t(UCBAdmissions[, , 1])),
  case("ucb_departments", t(apply(UCBAdmissions, c(2, 3), sum)), fisher = FALSE),
  case("ladder", mat(2, 1, 5, 9, 14, 6, 2, 4, 9, 11, 10, 3, 0)),
  case("job_satisfaction", mat(4, 1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11), fisher = FALSE),
  case("three_by_three", mat(3, 3, 0, 2, 1, 4, 2, 0, 1, 5)),
  case("two_by_three", mat(2, 12, 5, 3, 4, 9, 8)),
  case("random", matrix(rpois(10, 20), 2), fisher = FALSE)
)
# Scores other than 1, 2, 3: Agresti's (2013) malformation and alcohol data, with midpoints.
malformation <- as.table(matrix(c(17066, 48, 14464, 38, 788, 5, 126, 1, 37, 1), nrow = 2,
  dimnames = list(m = c("absent", "present"), a = c("0", "<1", "1-2", "3-5", ">5"))))
s <- lbl_test(malformation, scores = list(a = c(0, 0.5, 1.5, 4, 7)))
cat(toJSON(list(oracle = jsonlite::unbox(paste0(R.version.string, ", coin ", packageVersion("coin"))),
  cases = cases,
  malformation = list(counts = unname(unclass(malformation)), scores = c(0, 0.5, 1.5, 4, 7), linear_by_linear = num(c(statistic(s)^2, pchisq(statistic(s)^2, 1, lower.tail = FALSE))))
), auto_unbox = FALSE), "\n")
