locals {
  city = "Zürich" # ERROR: Invalid character encoding | Save the file with the encoding UTF-8
}
