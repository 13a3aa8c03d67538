variable "name" {
  type    = string
  default = "Ada"
}

variable "room" {
  type    = object({ topic = string, limit = number })
  default = { topic = "news", limit = 3 }
}

variable "rooms" {
  default = { lobby = 1, foyer = 2 }
}

variable "nothing" {
  default = null
}

locals {
  plus      = "Hello " + var.name # ERROR: Invalid operand | Strings are joined in a template
  template  = "Rooms: ${var.rooms}" # ERROR: Invalid template interpolation value | Select the part that is meant, or use jsonencode() for all of it
  attribute = var.room.topik # ERROR: Unsupported attribute | Did you mean "topic"?
  element   = var.rooms["loby"] # ERROR: Invalid index | Did you mean "lobby"?
  number    = var.name.first # ERROR: Unsupported attribute | The value is a string, from which nothing can be selected
  beyond    = ["a", "b"][2] # ERROR: Invalid index | The given key does not identify an element in this collection value
  null      = var.nothing.topic # ERROR: Attempt to get attribute from null value | This value is null, so it does not have any attributes
  condition = var.name ? 1 : 2 # ERROR: Incorrect condition type | The condition expression must be of type bool
  endless   = "1e99999999" + 1 # ERROR: Invalid operand | an exponent beyond 100000
  product   = "1e90000" * "1e90000" # ERROR: Invalid operand | an exponent beyond 100000
  negative  = -"1e99999999" # ERROR: Invalid operand | an exponent beyond 100000
  and       = true && var.nothing # ERROR: Invalid operand | The operands do not fit: argument must not be null
  or        = var.nothing || true # ERROR: Invalid operand | The operands do not fit: argument must not be null
  decided   = false && var.nothing
  types     = true ? "a" : ["b"] # ERROR: Inconsistent conditional result types | The 'true' value is string, but the 'false' value is tuple
  loop      = [for r in var.name : r] # ERROR: Iteration over non-iterable value | A value of type string cannot be used as the collection in a 'for' expression
  twice     = { for r in ["a", "a"] : r => 1 } # ERROR: Duplicate object key | Two different items produced the key "a" in this 'for' expression
  compared  = var.name > 3 # ERROR: Invalid operand | a number is required
  not       = !var.name # ERROR: Invalid operand | a bool is required
}

locals {
  never   = bigint("1") == 1             # ERROR: Invalid operand | bigint and number are never equal. Write both as the same type
  neither = "2024" != date("2024-02-29T12:34:56Z") # ERROR: Invalid operand | string and date are never equal
  rest    = (1 / 0) % 3                  # ERROR: Invalid operand | there is no result for these values
}
