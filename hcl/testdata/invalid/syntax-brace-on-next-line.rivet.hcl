actor "chatRoom" "lobby" # ERROR: Invalid block definition | If an argument is meant, write an equals sign before its value
{
  key = "lobby"
}
