# Ends the program "$1" once nobody holds the other end of our standard input any more, unless one
# who held it says with a line that the program has ended.

read -r _ || end "$1"
