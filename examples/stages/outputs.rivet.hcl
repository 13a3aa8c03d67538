output "flags" {
  value = module.flags.active
}

output "free_seats" {
  value = { for name, workspace in module.workspace : name => workspace.free_seats }
}

output "visits" {
  value = data.counter.visits.exists ? data.counter.visits.read.count : 0
}
