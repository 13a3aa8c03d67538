variable "rooms" { default = [] }
