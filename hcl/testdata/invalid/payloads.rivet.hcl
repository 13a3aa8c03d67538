variable "run" {
  default   = "x"
  ephemeral = true
}

variable "secret" {
  default   = "hush"
  sensitive = true
}

actor "a" "b" {
  key   = "b"
  input = { sizes = [1, 9007199254740993] } # ERROR: Value cannot be sent | input.sizes[1] is 9007199254740993, which is outside the range

  action "huge" {
    args = [1e300 * 1e300] # ERROR: Value cannot be sent | larger than any JavaScript number
  }
  request "post" {
    method = "POST"
    path   = "/"
    json   = { n = [1, bigint("2")] } # ERROR: Value cannot be sent | json.n[1] is a bigint, which JSON cannot carry
  }
  action "kept" {
    args = [var.run] # ERROR: Ephemeral value would be kept | Such values can be used in the rivet block and in params
  }
}

output "hidden" {
  value = var.secret # ERROR: Output of a sensitive value | This output is made of sensitive values, but outputs are printed
}

output "name" {
  value = "The secret is ${var.secret}" # ERROR: Output of a sensitive value | This output is made of sensitive values, but outputs are printed
}
