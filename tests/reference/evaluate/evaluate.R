# Reference values for the whole way from an outcome export to estimates and tests.
# Run in this folder: Rscript evaluate.R
# Writes outcomes.csv (a made-up export in Dutch layout) and evaluate.json.
suppressPackageStartupMessages({library(estimatr); library(coin); library(car); library(jsonlite)})
options(digits = 17)
set.seed(20261122)
n <- 400
id <- sprintf("%07d", sample(1e6, n))
groep <- sample(rep(c("interventie", "controle"), c(150, 250)))
d <- groep == "interventie"
geslacht <- sample(c("vrouw", "man"), n, TRUE, c(.6, .4))
leeftijd <- round(pmin(64, pmax(19, rnorm(n, 48, 11))))
duur <- round(rgamma(n, 2, .25), 1)
gesprekken <- ifelse(d, sample(0:4, n, TRUE, c(.12, .1, .18, .25, .35)), 0)
ontvangen <- gesprekken >= 2
inkomen <- round(1000 + 12 * leeftijd + 60 * ontvangen + rnorm(n, 0, 180), 2)
inkomen[sample(n, 17)] <- NA
werk <- as.integer(runif(n) < .15 + .12 * ontvangen + .002 * (64 - leeftijd))
werk[sample(n, 9)] <- NA
trede <- cut(rnorm(n) + .35 * ontvangen - .02 * duur, c(-Inf, -1, .2, .9, 1.6, Inf), labels = FALSE)
trede[sample(n, 31)] <- NA
leefvorm <- sample(c("alleenstaand", "alleenstaande ouder", "samenwonend"), n, TRUE, c(.5, .2, .3))
reden <- ifelse(werk %in% 1, sample(c("werk", "AOW", "verhuizing"), n, TRUE), "")

nl <- function(x) ifelse(is.na(x), "", sub(".", ",", format(x, trim = TRUE, digits = 10), fixed = TRUE))
out <- data.frame(klantnummer = id, groep, geslacht, leeftijd, duur = sapply(duur, nl), gesprekken,
                  inkomen = sapply(inkomen, nl), werk = sapply(werk, nl), trede = sapply(trede, nl), leefvorm, reden)
write.table(out, "outcomes.csv", sep = ";", quote = FALSE, row.names = FALSE, na = "", fileEncoding = "UTF-8")

y <- list(inkomen = inkomen, werk = werk, trede = trede)
est <- function(f) { r <- tidy(f); r <- r[r$term != "(Intercept)", ][1, ]
  list(estimate = r$estimate, std_error = r$std.error, df = r$df, statistic = r$statistic, p_value = r$p.value, conf_low = r$conf.low, conf_high = r$conf.high) }
ttest <- function(r) list(statistic = unname(r$statistic), df = unname(r$parameter), p_value = r$p.value)
chi <- function(r) list(statistic = unname(r$statistic), df = unname(r$parameter), p_value = r$p.value)
g2 <- function(t) { e <- outer(rowSums(t), colSums(t)) / sum(t); s <- 2 * sum(ifelse(t == 0, 0, t * log(t / e))); df <- (nrow(t) - 1) * (ncol(t) - 1); list(statistic = s, df = df, p_value = pchisq(s, df, lower.tail = FALSE)) }

ref <- list(made_with = list(R = R.version.string, estimatr = as.character(packageVersion("estimatr")), coin = as.character(packageVersion("coin")), car = as.character(packageVersion("car"))))
for (name in names(y)) {
  v <- y[[name]]
  dat <- data.frame(v, d = as.numeric(d), groep = factor(groep, c("interventie", "controle")), r = as.numeric(ontvangen), leeftijd, g = as.numeric(geslacht == "vrouw"))
  one <- list()
  one$arms <- lapply(c("interventie", "controle"), function(a) { w <- v[groep == a]; list(arm = a, n = sum(!is.na(w)), missing = sum(is.na(w)), mean = mean(w, na.rm = TRUE), sd = sd(w, na.rm = TRUE)) })
  one$difference_in_means <- est(difference_in_means(v ~ d, dat))
  one$lin <- est(lm_lin(v ~ d, ~ leeftijd + g, dat, se_type = "HC2"))
  one$iv_2sls <- est(iv_robust(v ~ r | d, dat, se_type = "HC2"))
  one$per_protocol <- est(difference_in_means(v ~ d, subset(dat, d == 0 | r == 1)))
  one$as_treated <- est(difference_in_means(v ~ r, dat))
  one$welch_t <- ttest(t.test(v ~ groep, dat))
  one$student_t <- ttest(t.test(v ~ groep, dat, var.equal = TRUE))
  lv <- leveneTest(v ~ groep, dat, center = mean); one$levene <- list(statistic = lv[1, 2], df = lv[1, 1], df2 = lv[2, 1], p_value = lv[1, 3])
  if (name != "inkomen") {
    t <- table(groep = dat$groep, v)
    one$pearson_chi_square <- chi(suppressWarnings(chisq.test(t, correct = FALSE)))
    one$likelihood_ratio <- g2(t)
    if (name == "werk") {
      one$yates_chi_square <- chi(chisq.test(t, correct = TRUE))
      one$fisher_exact <- list(p_value = fisher.test(t)$p.value)
    }
    else {
      w <- suppressWarnings(wilcox.test(v ~ groep, dat, correct = TRUE, exact = FALSE)); one$mann_whitney <- list(statistic = unname(w$statistic), p_value = w$p.value)
      # linear-by-linear: (N - 1) r^2
      ok <- !is.na(v); r2 <- cor(v[ok], as.numeric(d)[ok])^2; m2 <- (sum(ok) - 1) * r2
      one$linear_by_linear <- list(statistic = m2, df = 1, p_value = pchisq(m2, 1, lower.tail = FALSE))
    }
  }
  ref[[name]] <- one
}
t <- table(factor(groep, c("interventie", "controle")), leefvorm)
ref$leefvorm <- list(pearson_chi_square = chi(chisq.test(t)), likelihood_ratio = g2(t), cramers_v = sqrt(unname(chisq.test(t)$statistic) / sum(t)))
# Net ratio: people who reached pension age are left out.
keep <- !(reden == "AOW")
tt <- table(factor(groep, c("interventie", "controle"))[keep], werk[keep])
ref$werk_netto <- list(excluded = list(interventie = sum(!keep & d), controle = sum(!keep & !d)), pearson_chi_square = chi(chisq.test(tt, correct = FALSE)))
smd <- function(x) { a <- x[d]; b <- x[!d]; (mean(a, na.rm = TRUE) - mean(b, na.rm = TRUE)) / sqrt((var(a, na.rm = TRUE) + var(b, na.rm = TRUE)) / 2) }
p1 <- mean(geslacht[d] == "vrouw"); p0 <- mean(geslacht[!d] == "vrouw")
ref$balance <- list(leeftijd = list(smd = smd(leeftijd), variance_ratio = var(leeftijd[d]) / var(leeftijd[!d]), welch_t = ttest(t.test(leeftijd[d], leeftijd[!d]))),
  duur = list(smd = smd(duur), variance_ratio = var(duur[d]) / var(duur[!d])),
  geslacht_vrouw = list(smd = abs((p1 - p0) / sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2))))
write(toJSON(ref, auto_unbox = TRUE, digits = NA, pretty = TRUE), "evaluate.json")
