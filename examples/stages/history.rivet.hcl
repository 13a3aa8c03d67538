# What the configuration declared before, and no longer does.

removed {
  from    = actor.counter.visits # analytics has taken it over
  destroy = false
}
