locals {
  path = "C:\data" # ERROR: Invalid escape sequence | \\
}
