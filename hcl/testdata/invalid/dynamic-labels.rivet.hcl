actor "x" "a" {
  key = "a"

  dynamic "action" "first" { # ERROR: Wrong number of labels | A block of this type is written dynamic "TYPE" { ... }.
    for_each = ["a"]
    content {}
  }
}
