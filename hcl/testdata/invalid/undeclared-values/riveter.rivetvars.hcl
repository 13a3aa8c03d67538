room = ["general"] # WARNING: Value for undeclared variable | Did you mean "rooms"?
