# Golden values for tests/statistics/test_proportions.py and tests/metrics/test_attendance.py.
# Run: Rscript tests/golden/proportions.R > tests/golden/proportions.csv   (R 4.2.2, base only)
options(digits = 17)
cases <- expand.grid(n = c(1, 5, 9, 12, 108, 1000), share = c(0, 0.1, 0.5, 0.88, 1), level = c(0.9, 0.95, 0.99))
cases$x <- round(cases$n * cases$share)
# Headcounts with a design effect: 95 of 108, and one session of 7 of 9.
cases <- rbind(
  cases[, c("x", "n", "level")],
  data.frame(x = c(95, 95, 7) / c(1.8, 3, 2), n = c(108, 108, 9) / c(1.8, 3, 2), level = 0.95)
)
cases <- unique(cases)
wilson <- function(x, n, level) suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int)
exact <- function(x, n, level) {
  if (x != round(x) || n != round(n)) return(c(NA, NA))
  binom.test(round(x), round(n), conf.level = level)$conf.int
}
cat("x,n,level,wilson_lower,wilson_upper,exact_lower,exact_upper\n")
for (i in seq_len(nrow(cases))) {
  k <- cases[i, ]
  numbers <- c(k$x, k$n, k$level, wilson(k$x, k$n, k$level), exact(k$x, k$n, k$level))
  cat(paste(format(numbers, digits = 17, trim = TRUE), collapse = ","), "\n", sep = "")
}
