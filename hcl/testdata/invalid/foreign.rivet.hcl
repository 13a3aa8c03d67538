# Words of other tools, and names that are taken.
resource "actor" "a" {} # ERROR: Unsupported block type | Its counterpart is "actor".

provider "rivet" {} # ERROR: Unsupported block type | Its counterpart is "rivet"

terraform {} # ERROR: Unsupported block type | Its counterpart is "riveter"

import { # ERROR: Unsupported block type | one that exists already is adopted
  to = actor.x.a
}

ephemeral "x" "y" {} # ERROR: Unsupported block type | a variable with ephemeral = true

action "x" "y" {} # ERROR: Unsupported block type | An action is a step

riveter {
  backend "s3" {}        # ERROR: Unsupported block type | Its counterpart is "ledger"
  required_providers {} # ERROR: Unsupported block type | There are no providers to require
}

variable "source" {} # ERROR: Invalid name | "source" cannot be the name of a variable

variable "for_each" {} # ERROR: Invalid name | "for_each" cannot be the name of a variable

variable "depends_on" {} # ERROR: Invalid name | "depends_on" cannot be the name of a variable

actor "x" "a" {
  key      = "a"
  provider = rivet # ERROR: Unsupported argument | There is one server

  provisioner "local-exec" {} # ERROR: Unsupported block type | is a step

  lifecycle {
    ignore_changes        = [input] # ERROR: Unsupported argument | on_input_change = "ignore"
    create_before_destroy = true    # ERROR: Unsupported argument | one that is replaced is destroyed first
  }

  message "m" {}
  action "b" {
    args = [action.m.output] # ERROR: Reference to undeclared step | There is no action "m" with a result
  }
  action "c" {
    args = [message.b.output, action.id] # ERROR: Reference to undeclared step | There is no message "b" # ERROR: Reference to undeclared step | There is no action "id"
  }
}

output "o" {
  value      = 1
  depends_on = [actor.x.a] # ERROR: Unsupported argument | An output comes after what its value refers to
  ephemeral  = true        # ERROR: Unsupported argument | they cannot be ephemeral
}
