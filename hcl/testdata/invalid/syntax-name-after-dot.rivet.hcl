locals {
  topic = var. # ERROR: Invalid attribute name | An attribute name is required after a dot
}
