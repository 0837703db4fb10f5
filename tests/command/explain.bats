#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --explain: each socket call of a role, in its order, with its arguments by name and its result.
load play

teardown() {
	end_all
}

# tells FILE CALL...: the calls stand in this order in what was told (patterns of the shell, other calls between them).
tells() {
	local file=$1 line call
	exec 7<"$file"
	for call in "${@:2}"; do
		while IFS= read -r line <&7; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $line != $call ]] || continue 2
		done
		printf 'not in its place: %s\n' "$call"
		cat "$file"
		return 1
	done
	exec 7<&-
}

# calls_only FILE: every line is a call with its result, or one that waits, or the result of one that waited.
calls_only() {
	! grep -vE '^(\.\.\. )?[a-z_0-9]+\(.*\)( = .*| \.\.\.)$' "$1"
}

@test "date server: bound, ready, asked, answered, closed" {
	start date server -4 --once --explain=calls --model poll
	client date client 127.0.0.1 -p "$port" --request date
	ended
	calls_only "$dir/err"
	tells "$dir/err" 'socket(AF_INET, SOCK_DGRAM*) = *' 'setsockopt(*, IPPROTO_IP, IP_PKTINFO, 1) = 0' 'bind(*, 0.0.0.0:0) = 0' \
		"getsockname(*, 0.0.0.0:$port) = 0" 'poll(*) ...' '... poll(*) = 1*' 'recvmmsg(*127.0.0.1:*"date"*) = 1' \
		'sendmmsg(*127.0.0.1:*\\n"*) = 1' 'close(*) = 0'
}

@test "date client: asks without a port of its own, and gets one" {
	start date server -4
	client date client 127.0.0.1 -p "$port" --explain=calls 2>"$dir/client"
	stop
	calls_only "$dir/client"
	tells "$dir/client" "getaddrinfo(\"127.0.0.1\", \"$port\"*" 'socket(AF_INET, SOCK_DGRAM*) = *' \
		"sendto(*, \"\", 0, *, 127.0.0.1:$port) = 0" 'poll(*) ...' '... poll(*) = 1*' \
		"recvfrom(*\\\\n\", *, 127.0.0.1:$port) = *" 'close(*) = 0'
}

@test "echo server over TCP: listens, accepts, reads to the end" {
	start echo server -4 -t --once --explain=calls --model iterative
	client echo client 127.0.0.1 -t -p "$port" hello
	ended
	calls_only "$dir/err"
	tells "$dir/err" 'socket(AF_INET, SOCK_STREAM*) = *' 'setsockopt(*, SOL_SOCKET, SO_REUSEADDR, 1) = 0' 'bind(*, 0.0.0.0:0) = 0' \
		'listen(*, *) = 0' 'accept4(*, 127.0.0.1:*) = *' 'recv(*, "hello"*' 'send(*, "hello"*' 'recv(*, "", *) = 0' 'close(*) = 0'
}

@test "chat listen: shares its port" {
	start chat listen --once --explain=calls
	printf 'alice: hello' >"/dev/udp/127.0.0.1/$port"
	ended
	calls_only "$dir/err"
	tells "$dir/err" 'socket(AF_INET, SOCK_DGRAM*) = *' 'setsockopt(*, SOL_SOCKET, SO_REUSEADDR, 1) = 0' \
		'setsockopt(*, SOL_SOCKET, SO_REUSEPORT, 1) = 0' 'bind(*, 0.0.0.0:0) = 0' 'poll(*) ...' '*"alice: hello"*' 'close(*) = 0'
}

@test "chat speak: may broadcast" {
	start chat listen
	client chat speak --user alice --to 127.0.0.1 -p "$port" --explain=calls 2>"$dir/client" <<<hello
	stop
	calls_only "$dir/client"
	tells "$dir/client" 'socket(AF_INET, SOCK_DGRAM*) = *' 'setsockopt(*, SOL_SOCKET, SO_BROADCAST, 1) = 0' \
		'send*"alice: hello"*' 'close(*) = 0'
}

@test "chat client: connects, says its name, ends" {
	start chat server -4
	client chat client 127.0.0.1 -p "$port" --user bob --explain=calls </dev/null 2>"$dir/client"
	stop
	calls_only "$dir/client"
	tells "$dir/client" 'socket(AF_INET, SOCK_STREAM*) = *' "*connect(*, 127.0.0.1:$port) = 0" 'send(*bob*' 'recv(*' 'close(*) = 0'
}

@test "each call has its sentence, unless calls are all that is wanted" {
	local file
	start date server -4 --once --explain
	client date client 127.0.0.1 -p "$port" --explain 2>"$dir/client"
	ended
	for file in "$dir/err" "$dir/client"; do
		awk '/^ / { if (!called) exit 1; called = 0; sentences++; if ($0 !~ /^    [A-Z].*[.?!]$/) exit 1; next }
			/^[^.]/ { if (called) exit 1; called = 1 } END { exit !(sentences > 5) }' "$file" || { cat "$file"; return 1; }
	done
}

@test "an error is told by its name" {
	start date server -4
	stop
	run -1 client chat client 127.0.0.1 -p "$port" --explain=calls </dev/null
	has "$output" ECONNREFUSED
}

@test "what is told goes to standard error: the output is the same" {
	start date server -4
	run -0 --separate-stderr client date client 127.0.0.1 -p "$port" --explain --request user
	is "${#lines[@]}" 1
	stop
}

@test "each model tells what it does" {
	local model
	local -A calls=([iterative]='poll(*' [fork]='fork(*' [threads]='pthread_create(*' [select]='select(*' [poll]='poll(*'
		[epoll]='epoll_wait(*' [uring]='*io_uring*')
	for model in "${!calls[@]}"; do
		start echo server -4 --once -t --explain=calls --model "$model" || { grep -q io_uring "$dir/err" && continue; }
		client echo client 127.0.0.1 -t -p "$port" hello
		ended
		tells "$dir/err" 'socket(*' 'bind(*' 'listen(*' "${calls[$model]}"
	done
}

# accounted FILE: every descriptor that is waited for was opened in the story before.
accounted() {
	awk '/^(\.\.\. )?[a-z_0-9]+\(.*\) = [0-9]+/ { if ($0 ~ /(socket|accept4|signalfd|eventfd|epoll_create1)\(/) { fd = $0; sub(/.* = /, "", fd); open[fd + 0] = 1 } }
		/^pipe2\(/ { split($0, ends, /[^0-9]+/); open[ends[3]] = open[ends[4]] = 1 }
		/^poll\(/ { rest = $0; while (match(rest, /\{[0-9]+,/)) { fd = substr(rest, RSTART + 1, RLENGTH - 2) + 0; waited++
			if (!open[fd] && fd) { print "unknown descriptor " fd ": " $0; bad = 1 } rest = substr(rest, RSTART + RLENGTH) } }
		END { exit bad || !waited }' "$1" || { cat "$1"; return 1; }
}

@test "every descriptor that is waited for has been introduced" {
	local model
	for model in iterative fork threads poll; do
		start echo server -4 --once -t --explain=calls --model "$model"
		client echo client 127.0.0.1 -t -p "$port" hello
		ended
		calls_only "$dir/err"
		accounted "$dir/err"
	done
	start chat listen --once --explain=calls
	client chat speak --user alice --to 127.0.0.1 -p "$port" --explain=calls <<<hello 2>"$dir/speak"
	ended
	accounted "$dir/err"
	accounted "$dir/speak"
}

@test "a refusal is told with the ICMP message that brought it" {
	start date server -4
	stop
	run -1 client date client 127.0.0.1 -p "$port" --explain=calls
	has "$output" "IP_RECVERR ECONNREFUSED, ICMP type 3 code 3"
}

@test "a broadcast tells which interfaces are up" {
	need unshare
	unshare -rn true 2>/dev/null || skip "no network namespaces here"
	run -0 unshare -rn bash -c 'ip link set lo up && timeout -k 5 60 "$0" date announce --once --explain=calls' "$SONDE"
	has "$output" "getifaddrs() = 0: lo"
}
