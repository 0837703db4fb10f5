# SPDX-License-Identifier: BSD-2-Clause
# What the tests of live capture share. They run in a network namespace that the test makes for itself.
load common

# Runs a function of the test file in a namespace of its own, where lo is up. $dir is the test's folder.
in_namespace() {
	need unshare ip setpriv
	unshare -n true 2>/dev/null || skip "a network namespace needs root"
	export dir=$BATS_TEST_TMPDIR
	local name
	for name in start stop send is has lacks value "$1"; do
		! declare -F "$name" >/dev/null || export -f "${name?}"
	done
	# The outer shell waits for nothing that holds the descriptors of bats.
	unshare -n bash -euo pipefail -c 'ip link set lo up; "$1"' bash "$1" 3>&-
}

# start OPTION...: sonde capture, armed when this returns. Its process is $pid, what it says in $dir/out and $dir/err.
start() {
	rm -f "$dir/ready"
	mkfifo "$dir/ready"
	env --default-signal=INT "${RUN[@]:-env}" "$SONDE" capture --ready-fd 9 "$@" 9>"$dir/ready" >"$dir/out" 2>"$dir/err" &
	pid=$!
	read -r _ <"$dir/ready" || { cat "$dir/err"; return 1; }
}

# stop [SIGNAL]: ends it as a user would; its exit status is the function's.
stop() {
	kill -"${1:-INT}" "$pid"
	wait "$pid"
}

# send N [PORT [ADDRESS]]: N datagrams.
send() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf 'line %d\n' "$i" >"/dev/udp/${3:-127.0.0.1}/${2:-4444}"
	done
}
