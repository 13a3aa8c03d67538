# What is misplaced in a block is perhaps the block that would otherwise be missing.
runner_config "p" {
  normal {} # ERROR: Unsupported block type | It belongs in datacenter "NAME"
}

check "c" {
  assertion { # ERROR: Unsupported block type | Did you mean "assert"?
    condition = true
  }
}

check "d" {} # ERROR: Missing block | at least one assert block

moved {} # ERROR: Missing required argument | "from" # ERROR: Missing required argument | "to"
