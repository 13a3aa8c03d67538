output "wrong" {
  value = tonumber("x") # ERROR: Invalid function argument | The same goes for 19 more.
}
