locals {
  both = true and false # ERROR: Missing newline after argument | The operator is written &&
}
