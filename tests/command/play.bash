# SPDX-License-Identifier: BSD-2-Clause
# What the tests of the players share. Everything happens on loopback, at ports that the kernel chooses.
load common
export USER=student

# start ROLE... [OPTION...]: a server or listener at a free port. When this returns it listens: its process is $pid, its
# port $port, what it says in $dir/out and $dir/err. Only one that hangs meets the time limit; without --foreground its
# guard would send SIGCONT with each signal, and the leak sanitizer waits for ever when that comes at the end.
start() {
	dir=$BATS_TEST_TMPDIR
	rm -f "$dir/ready"
	mkfifo "$dir/ready"
	env --default-signal=INT timeout -k 5 --foreground 60 "$SONDE" "$@" -p 0 --ready-fd 9 9>"$dir/ready" >"$dir/out" 2>"$dir/err" 3>&- &
	pid=$!
	read -r _ <"$dir/ready" || { cat "$dir/err"; return 1; }
	port=$(sed -n 's/.*listening.*:\([0-9][0-9]*\)[" ].*/\1/p' "$dir/out" | head -n 1)
	[ -n "$port" ]
}

# ended: waits for the end that it finds by itself; its exit status.
ended() {
	local process=$pid
	pid=
	wait "$process"
}

# stop [SIGNAL]: ends it as a user would; its exit status.
stop() {
	kill -"${1:-INT}" "$pid"
	ended
}

# end_all: for teardown.
end_all() {
	[ -z "${pid-}" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null || true
}

# client WORDS...: a role that asks, and ends by itself.
client() {
	timeout -k 5 60 "$SONDE" "$@"
}

# said PATTERN: a line of the server's output is that (a pattern of the shell); its last line was written before.
said() {
	local line
	while IFS= read -r line; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $line != $1 ]] || return 0
	done <"$dir/out"
	printf 'no line like: %s\n' "$1"
	cat "$dir/out"
	return 1
}

# harmless FILE...: UTF-8 without anything that a terminal obeys.
harmless() {
	local file
	for file; do
		iconv -f UTF-8 -t UTF-8 "$file" >/dev/null || return 1
		if LC_ALL=C grep -q $'[\001-\010\013-\037\177]' "$file" || grep -q $'\u009b\|\u202e' "$file"; then
			printf 'raw octets in %s:\n' "$file"
			cat -v "$file"
			return 1
		fi
	done
}
