# Change within an arm, and outcomes with levels over strata.
# Run: Rscript before_after.R > before_after.json
# Stuart–Maxwell, Bhapkar, Breslow–Day and Tarone are in before_after.py, made from this output.
suppressMessages({library(jsonlite); library(coin)})
set.seed(19451945)
num <- function(x) sprintf("%.17g", x)

signed <- function(name, d) {
  w <- function(...) { r <- suppressWarnings(wilcox.test(d, ...)); num(c(r$statistic[[1]], r$p.value)) }
  g <- factor(rep(c("after", "before"), each = length(d)), levels = c("after", "before"))
  block <- factor(rep(seq_along(d), 2)); y <- c(d, rep(0, length(d)))
  signs <- function(zero, how) {
    r <- suppressWarnings(wilcoxsign_test(y ~ g | block, distribution = how, zero.method = zero))
    # coin's own asymptotic p-value is 1 - pnorm, which loses the digits of a tail.
    num(if (how == "asymptotic") 2 * pnorm(-abs(as.numeric(statistic(r)))) else as.numeric(pvalue(r)))
  }
  small <- sum(d != 0) < 50
  out <- list(name = name, changes = num(d), automatic = w(), normal = w(exact = FALSE),
    plain = w(exact = FALSE, correct = FALSE), pratt = signs("Pratt", "asymptotic"))
  if (small) { out$exact <- signs("Wilcoxon", "exact"); out$pratt_exact <- signs("Pratt", "exact") }
  out
}
# R's own example: depression scores of nine patients (Hollander & Wolfe 1973, p. 29).
x <- c(1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)
y <- c(.878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
changes <- list(
  signed("depression", y - x),
  signed("sleep", with(sleep, extra[group == 2] - extra[group == 1])),
  signed("ladder_small", sample(-2:3, 24, TRUE, prob = c(1, 3, 8, 4, 2, 1))),
  signed("ladder", sample(-2:3, 269, TRUE, prob = c(1, 3, 8, 4, 2, 1))),
  signed("continuous", rnorm(49, .3)),
  signed("fifty", rnorm(50, .2)),
  signed("one", 3), signed("two_up", c(1, 2)), signed("balanced", c(-1, 1, 2, -2)))

paired <- function(b, a) { r <- t.test(a, b, paired = TRUE)
  list(before = num(b), after = num(a), statistic = num(r$statistic[[1]]), df = num(r$parameter[[1]]), p_value = num(r$p.value),
    estimate = num(r$estimate[[1]]), std_error = num(r$stderr), conf_low = num(r$conf.int[1]), conf_high = num(r$conf.int[2])) }

# Arms by levels by strata, a stratum with one arm and a level in one stratum only among them.
strata <- function(name, a, scores) {
  K <- dim(a)[3]
  counts <- lapply(seq_len(K), function(k) list(treated = a[1, , k], control = a[2, , k]))
  t <- as.table(a); names(dimnames(t)) <- c("arm", "level", "stratum")
  d <- as.data.frame(t)
  general <- cmh_test(t)
  scored <- cmh_test(t, scores = list(level = scores, arm = 1:2))
  out <- list(name = name, counts = counts, scores = scores,
    general = num(c(statistic(general), as.numeric(general@statistic@df), pvalue(general))),
    mean_scores = num(c(statistic(scored)^(if (is(scored, "ScalarIndependenceTest")) 2 else 1), 1, pvalue(scored))))
  full <- all(apply(a, 3, function(m) all(rowSums(m) > 0)))
  r <- try(mantelhaen.test(a), silent = TRUE)
  if (full && !inherits(r, "try-error")) out$mantelhaen <- num(c(r$statistic[[1]], r$parameter[[1]], r$p.value))
  out
}
dims <- function(C, K) list(arm = c("i", "c"), level = paste0("l", 1:C), stratum = paste0("s", 1:K))
three <- array(rpois(2 * 3 * 4, 6), c(2, 3, 4), dims(3, 4))
six <- array(rpois(2 * 6 * 3, c(9, 12, 5, 3, 1, .4)), c(2, 6, 3), dims(6, 3))
odd <- array(rpois(2 * 4 * 3, 5), c(2, 4, 3), dims(4, 3)); odd[, 4, 1:2] <- 0; odd[2, , 2] <- 0
job <- apply(array(c(1, 2, 1, 2, 0, 0, 11, 23, 22, 28, 3, 7), c(2, 3, 2)), c(1, 2, 3), identity); dimnames(job) <- dims(3, 2)
multi <- list(strata("three", three, 1:3), strata("six", six, 1:6), strata("uneven_scores", six, c(0, 1, 4, 5, 9, 20)),
  strata("one_arm_and_a_level", odd, 1:4), strata("job", job, 1:3))

square <- function(C, n) { m <- matrix(rpois(C * C, n), C); lapply(seq_len(C), function(i) m[i, ]) }
tables <- list(square(3, 5), square(4, 3), square(5, 8))

# Random tables: exact p-values by fisher.test, to lie within the Monte Carlo error of.
sparse <- list(list(c(8, 2, 0, 3), c(3, 9, 2, 1)), list(c(30, 22, 9, 4, 1), c(41, 60, 30, 12, 1)), list(c(2, 0, 3), c(1, 4, 1), c(5, 1, 0)), list(c(3, 1, 0), c(0, 1, 3)))
exact <- lapply(sparse, function(rows) { m <- do.call(rbind, rows)
  list(counts = rows, fisher = fisher.test(m, workspace = 2e7)$p.value,
    chi_square_simulated = {set.seed(1); chisq.test(m, simulate.p.value = TRUE, B = 1e6)$p.value}) })

cat(toJSON(list(oracle = paste0(R.version.string, ", coin ", packageVersion("coin")), command = "Rscript before_after.R > before_after.json",
  signed_rank = changes, paired = paired(sleep$extra[1:10], sleep$extra[11:20]), strata = multi, squares = tables, random_tables = exact),
  auto_unbox = TRUE, digits = I(17)), "\n")
