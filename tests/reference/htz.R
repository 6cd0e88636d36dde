# Tests of several coefficients with clusters (HTZ), and clusters with members in both arms, from R's clubSandwich and
# estimatr. Run: Rscript htz.R > htz.json
suppressMessages({library(clubSandwich); library(estimatr); library(jsonlite)})

set.seed(20)
size <- sample(c(1, 2, 3, 5, 8, 13), 24, TRUE)
G <- length(size)
cluster <- rep(seq_len(G), size)
arm <- sample(rep(0:1, c(11, 13)))[cluster]
n <- length(cluster)
d <- data.frame(cluster = cluster, treated = arm, group = sample(1:3, n, TRUE), x = round(rnorm(n), 3))
d$y <- round(0.5 * d$treated * (d$group == 2) + 0.3 * d$x + rnorm(G)[cluster] + rnorm(n), 4)
d$part <- as.numeric(runif(n) < ifelse(arm == 1, .8, .1))
m <- lm(y ~ factor(group) + treated + treated:I(group == 2) + treated:I(group == 3) + x, d)
v <- vcovCR(m, cluster = d$cluster, type = "CR2")
wald <- function(columns) {
  t <- Wald_test(m, constrain_zero(columns, coefs = coef(m)), vcov = v, test = "HTZ")
  list(statistic = t$Fstat, df1 = t$df_num, df2 = t$df_denom, p_value = t$p_val)
}
s <- summary(lm_robust(y ~ part, d, clusters = cluster, se_type = "CR2"))$coefficients["part", ]
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "clubSandwich", packageVersion("clubSandwich")),
  command = "Rscript htz.R > htz.json",
  data = as.list(d),
  names = names(coef(m)),
  interaction = wald(6:7), one = wald(7), three = wald(c(4, 6, 7)), all = wald(2:7),
  split = as.list(setNames(s, c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
), digits = I(17), auto_unbox = TRUE), "\n")
