locals {
  text = upper("x"
} # ERROR: Missing argument separator | A comma, or the parenthesis that closes the call, is missing before this
