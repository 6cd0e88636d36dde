# Reference values for two-sample tests of means and spread, and effect sizes' pooled SD.
# Run: Rscript two_sample.R > two_sample.json
suppressMessages({library(jsonlite); library(car)})
set.seed(20170301)
num <- function(x) sprintf("%.17g", x)
case <- function(name, x, y) {
  v <- c(x, y)
  g <- factor(rep(c("t", "c"), c(length(x), length(y))))
  tt <- function(...) {
    r <- t.test(x, y, ...)
    list(estimate = num(mean(x) - mean(y)), std_error = num(r$stderr), df = num(r$parameter[[1]]),
         statistic = num(r$statistic[[1]]), p_value = num(r$p.value),
         conf_low = num(r$conf.int[1]), conf_high = num(r$conf.int[2]))
  }
  lv <- function(center) {
    r <- leveneTest(v, g, center = center)
    list(statistic = num(r[1, "F value"]), df = num(r[1, "Df"]), df2 = num(r[2, "Df"]), p_value = num(r[1, "Pr(>F)"]))
  }
  list(name = name, treated = num(x), control = num(y),
       welch = tt(), welch99 = tt(conf.level = 0.99), student = tt(var.equal = TRUE),
       levene_mean = lv(mean), levene_median = lv(median))
}
cases <- list(
  case("sleep", sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2]),
  case("unequal", rnorm(12, 5, 1), rnorm(57, 4.2, 6)),
  case("skewed", rexp(40)^3, rexp(31)^2),
  case("ordinal", sample(1:6, 120, TRUE), sample(1:6, 33, TRUE, prob = 6:1)),
  case("binary", rbinom(80, 1, 0.2), rbinom(90, 1, 0.4)),
  case("two_each", c(1, 2), c(7, 9)),
  case("extreme", rnorm(60, 40, 1), rnorm(70, 0, 1.5)),
  case("one_constant", rep(3, 9), c(1, 2, 3, 4, 5)),
  case("tiny_scale", rnorm(20) * 1e-60, rnorm(25) * 1e-60 + 1e-60)
)
paired <- t.test(sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2], paired = TRUE)
three <- list(c(1.1, 2.5, 0.3, 4.4), c(9, 2, 7.5), c(3.3, 3.1, 2.9, 3.0, 3.6))
tv <- unlist(three); tg <- factor(rep(1:3, lengths(three)))
l3 <- leveneTest(tv, tg, center = mean)
cat(toJSON(list(
  oracle = jsonlite::unbox(paste0(R.version.string, ", car ", packageVersion("car"))),
  cases = cases,
  paired_sleep = list(estimate = num(paired$estimate[[1]]), std_error = num(paired$stderr), df = num(paired$parameter[[1]]),
    statistic = num(paired$statistic[[1]]), p_value = num(paired$p.value), conf_low = num(paired$conf.int[1]), conf_high = num(paired$conf.int[2])),
  levene_three = list(groups = lapply(three, num), statistic = num(l3[1, "F value"]), df = num(l3[1, "Df"]), df2 = num(l3[2, "Df"]), p_value = num(l3[1, "Pr(>F)"]))
), auto_unbox = FALSE), "\n")
