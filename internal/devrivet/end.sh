# end asks the program "$1" to end, and sees to it that it does.
end() {
	kill -TERM "$1"
	tenths=100
	while [ "$tenths" -gt 0 ] && kill -0 "$1"; do
		sleep 0.1
		tenths=$((tenths - 1))
	done
	kill -KILL "$1"
}

