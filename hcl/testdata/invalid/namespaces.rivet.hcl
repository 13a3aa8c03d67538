namespace "UPPER" {} # ERROR: Invalid namespace name | "UPPER" cannot be the name of a namespace
namespace "under_score" {} # ERROR: Invalid namespace name | Give it one with the argument "name", or another label
namespace "spaced" { name = "UPPER case!" } # ERROR: Invalid namespace name | "UPPER case!"
namespace "dashes" { name = "a--b" } # ERROR: Invalid namespace name | "a--b"
namespace "ended" { name = "a-" } # ERROR: Invalid namespace name | "a-"
namespace "empty" { name = "" } # ERROR: Empty name | Leave it out
namespace "long" { name = join("", [for i in range(65) : "a"]) } # ERROR: Invalid namespace name | 1 to 64
namespace "each" {
  for_each = toset(["fine", "Not fine"])
  name     = each.key # ERROR: Invalid namespace name | "Not fine"
}
namespace "shown" { display_name = "  " } # ERROR: Invalid display name | not only space
namespace "shown-long" { display_name = join("", [for i in range(65) : "é"]) } # ERROR: Invalid display name | 128 bytes
namespace "fits" {
  name         = join("", [for i in range(64) : "1"])
  display_name = join("", [for i in range(64) : "é"])
}
namespace "Named" { name = "named" }
