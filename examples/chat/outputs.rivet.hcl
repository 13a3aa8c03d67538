output "room_ids" {
  description = "Actor ids of the rooms, for a client that connects by id."
  value       = { for name, room in actor.chatRoom.room : name => room.id }
}

output "members" {
  value = { for name, room in actor.chatRoom.room : name => room.read.info.members }
}
