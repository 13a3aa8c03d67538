# Runs the program "$@" until the leash is let go: the leash is our standard input, and whoever
# started us holds its other end. The kernel lets go of it for one who dies, in whatever way.

exec 4<&0 </dev/null
"$@" 4<&- &
program=$!

(
	read -r _ <&4
	end "$program"
) >/dev/null 2>&1 &

wait "$program" 2>/dev/null
status=$?

# What the program left behind in our process group goes with it.
trap '' TERM
kill -TERM 0
exit "$status"
