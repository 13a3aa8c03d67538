variable "key" { type = list(string) }
actor "chatRoom" "room" { key = var.key }
output "id" { value = actor.chatRoom.room.id }
