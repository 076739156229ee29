# Golden values for tests/statistics/test_thresholds.py.
# Run: Rscript tests/golden/reliable_change.R > tests/golden/reliable_change.csv   (R 4.2.2, base only)
# The standard error of a difference by its definition: two errors of measurement, each with
# variance sd^2 (1 - reliability), are subtracted.
options(digits = 17)
cases <- expand.grid(sd = c(0.5, 5.83, 6.8, 9), reliability = c(0, 0.53, 0.83, 0.84, 0.93, 1), level = c(0.8, 0.9, 0.95))
cat("sd,reliability,level,threshold\n")
for (i in seq_len(nrow(cases))) {
  k <- cases[i, ]
  error_variance <- k$sd^2 * (1 - k$reliability)
  threshold <- qnorm(1 - (1 - k$level) / 2, sd = sqrt(error_variance + error_variance))
  cat(paste(format(c(k$sd, k$reliability, k$level, threshold), digits = 17, trim = TRUE), collapse = ","), "\n", sep = "")
}
