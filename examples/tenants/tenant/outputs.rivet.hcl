output "balance" { value = actor.account.billing.read.account.balance }

output "seats" { value = actor.counter.seats.read.limit }
