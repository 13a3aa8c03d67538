locals {
  large = 1e1000  # ERROR: Extreme number | as large, or as near to zero
  small = 1e-1000 # ERROR: Extreme number | as large, or as near to zero
}
