riveter {}
riveter {} # ERROR: Duplicate riveter block | Remove one of the two

variable "a" {}
variable "a" {} # ERROR: Duplicate variable | Remove one of the two, or give it another name

locals {
  b = 1
}
locals {
  b = 2 # ERROR: Duplicate local value | Remove one of the two, or give it another name
}

actor "chatRoom" "lobby" {
  key = "lobby"
  lifecycle {}
  lifecycle {} # ERROR: Duplicate lifecycle block | Remove one of the two
  read "info" {}
  read "info" {} # ERROR: Duplicate read | Remove one of the two
  action "greet" {}
  message "greet" {} # ERROR: Duplicate step | Labels are unique across all kinds of steps
}

actor "chatRoom" "lobby" { # ERROR: Duplicate actor | Remove one of the two, or give it another name
  key = "foyer"
}

output "o" {
  value = 1
}
output "o" { # ERROR: Duplicate output | Remove one of the two, or give it another name
  value = 2
}
