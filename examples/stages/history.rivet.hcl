# What the configuration was before, so that nothing is seeded twice when a stage takes this step.

moved {
  from = actor.chatRoom.support
  to   = module.workspace["support"].actor.chatRoom.room
}

removed {
  from    = actor.counter.visits # analytics has taken it over
  destroy = false
}
