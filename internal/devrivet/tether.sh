# Ends the program "$1" and all that comes from it, as far as there is a ps that tells, once nobody
# holds the other end of our standard input any more, unless one who held it says with a line that
# the program has ended.

read -r _ && exit
family=$(ps -A -o pid= -o ppid= | awk -v of="$1" '
	{ parent[$1] = $2 }
	END {
		for (pid in parent) {
			from = parent[pid]
			while (from in parent && from != of && from != parent[from]) from = parent[from]
			if (from == of) print pid
		}
	}')
for program in "$1" $family; do
	end "$program" &
done
wait
