#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The roles of date, echo and chat with each other: what they answer and print, and how they end.
load play

teardown() {
	end_all
}

# ------------------------------------------------------------------------------------------------ answers

@test "nobody listens: one sentence, status 1" {
	start date server -4
	stop
	for words in "date client 127.0.0.1" "date client 127.0.0.1 -t" "echo client 127.0.0.1 x" "echo client 127.0.0.1 -t x" \
		"chat client 127.0.0.1"; do
		# shellcheck disable=SC2086
		run --separate-stderr client $words -p "$port" </dev/null
		is "$status" 1
		is "$output" ""
		is "$(wc -l <<<"$stderr")" 1
		has "$stderr" "127.0.0.1:$port"
	done
}

@test "the date, and nothing else" {
	start date server
	run -0 --separate-stderr client date client localhost -p "$port"
	[[ $output =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9:]{8}(\.[0-9]{6})?$ ]]
	is "$stderr" ""
	run -0 client date client localhost -p "$port" -v
	has "$output" ":$port"
	has "$output" " ms"
	stop
}

@test "the second exercise: the date for date, the user name for all else" {
	start date server --answer word --user alice --terminator crlf
	run -0 client date client localhost -p "$port" --request date
	[[ $output =~ ^[0-9]{4}- ]]
	run -0 client date client localhost -p "$port" --request user
	is "$output" alice
	stop
}

@test "the user's name: --user, else USER, else the login name" {
	start date server --answer word
	is "$(client date client localhost -p "$port" --request user)" student
	stop
	unset USER
	start date server --answer word
	is "$(client date client localhost -p "$port" --request user)" "$(id -un)"
	stop
}

@test "each format" {
	local format
	for format in python python-nofraction iso ctime java dmy long rfc868 rfc868-ascii epoch; do
		start date server --format "$format" --once
		run -0 client date client localhost -p "$port" -v
		has "$output" "1 answer, 0 lost"
		ended
	done
}

@test "the date over TCP" {
	start date server -t --format ctime --terminator crlf --once
	run -0 client date client localhost -t -p "$port"
	[[ $output =~ ^[A-Z][a-z]{2}\ [A-Z][a-z]{2}\ .{2}\ [0-9:]{8}\ [0-9]{4}$ ]]
	ended
	said "served 0 datagrams, 1 connection, *"
}

@test "echo over both, at one port" {
	start echo server
	is "$(sed -n 's/.* \(...\)$/\1/p' "$dir/out" | sort -u)" $'tcp\nudp'
	is "$(client echo client localhost -p "$port" one two)" $'one\ntwo'
	is "$(client echo client localhost -t -p "$port" one two)" $'one\ntwo'
	is "$(printf 'three\nfour\n' | client echo client localhost -p "$port")" $'three\nfour'
	is "$(printf 'three\nfour\n' | client echo client localhost -t -p "$port")" $'three\nfour'
	stop
}

@test "IPv4 alone, IPv6 alone" {
	start echo server -4
	! grep -q '\[' "$dir/out"
	run -1 client echo client ::1 x -p "$port"
	run -0 client echo client localhost -4 x -p "$port"
	stop
	[ -e /proc/net/if_inet6 ] || skip "no IPv6"
	start echo server -6
	! grep -qv '\[' <(head -n 2 "$dir/out")
	run -0 client echo client ::1 x -p "$port"
	run -1 client echo client 127.0.0.1 x -p "$port"
	stop
}

@test "the empty datagram, there and back" {
	start echo server -u --once
	run -0 client echo client localhost -p "$port" ""
	is "$output" ""
	ended
	said "served 1 datagram, 0 connections, 0 octets in, 0 octets out"
}

@test "an answer in capitals, or behind a prefix, is an echo and said to be one" {
	need python3
	exec 7< <(python3 -c '
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
server.settimeout(60)
print(server.getsockname()[1], flush=True)
for change in bytes.upper, b"ECHO: ".__add__:
    data, peer = server.recvfrom(65536)
    server.sendto(change(data), peer)')
	read -r port <&7
	run -0 client echo client 127.0.0.1 -p "$port" hello
	has "$output" HELLO
	has "$output" upper
	run -0 client echo client 127.0.0.1 -p "$port" hello
	has "$output" "ECHO: hello"
	has "$output" prefix
	exec 7<&-
}

@test "an answer that is none" {
	start date server
	run -1 client echo client localhost -p "$port" hello
	stop
}

@test "no answer in time: status 1" {
	start chat listen
	run --separate-stderr client date client 127.0.0.1 -p "$port" --timeout 100ms
	is "$status" 1
	is "$output" ""
	is "$(wc -l <<<"$stderr")" 1
	stop
}

@test "--pause asks for Enter before and after" {
	start date server
	run -0 --separate-stderr client date client localhost -p "$port" --pause <<<$'\n\n'
	[[ $output =~ ^[0-9]{4}- ]]
	is "$(grep -c Enter <<<"$stderr")" 2
	stop
}

@test "asked several times" {
	start date server
	run -0 client date client localhost -p "$port" --count 3 --every 1ms
	is "${#lines[@]}" 3
	stop
	said "served 3 datagrams, *"
}

# ------------------------------------------------------------------------------------------------ broadcasts

@test "listeners print each datagram, a line each" {
	start chat listen --count 2
	echo "hello" | client chat speak --user alice --to 127.0.0.1 -p "$port"
	echo "salut" | client chat speak --user bob --to 127.0.0.1 -p "$port" --terminator crlf
	ended
	is "$(sed -n 2,3p "$dir/out")" $'alice: hello\nbob: salut'
	said "heard 2 datagrams, *"
}

@test "announcements are heard" {
	start date listen --once
	run -0 client date announce --once --user alice --to 127.0.0.1 -p "$port"
	is "$output" ""
	ended
	[[ $(sed -n 2p "$dir/out") =~ ^alice\ [0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9:]{8} ]]
}

@test "a line over 128 octets is sent and complained about" {
	start chat listen --once
	run -0 --separate-stderr client chat speak --user alice --to 127.0.0.1 -p "$port" <<<"$(printf '%0200d' 1)"
	has "$stderr" 128
	ended
	has "$(sed -n 2p "$dir/out")" "alice: 0000"
	has "$(sed -n 2p "$dir/out")" 128
}

@test "a listener that hears nothing: status 1" {
	run -1 client chat listen -p 0 --timeout 100ms
	has "$output" "heard 0 datagrams"
	run -1 client date listen -p 0 --timeout 100ms
}

# ------------------------------------------------------------------------------------------------ chat over TCP

heard() { # WORD: reads on to the line that has it, and keeps that in $line
	while read -r line <&8; do
		[[ $line != *$1* ]] || return 0
	done
	return 1
}

@test "a chat of two, with a private line" {
	start chat server -v
	mkfifo "$dir/alice" "$dir/heard"
	client chat client localhost -p "$port" --user alice <"$dir/alice" >"$dir/heard" 3>&- &
	local alice=$!
	exec 7>"$dir/alice" 8<"$dir/heard"
	heard alice
	printf 'hello\n@alice psst\n' | client chat client localhost -p "$port" --user bob >"$dir/bob"
	heard psst
	has "$line" bob
	exec 7>&-
	cat <&8 >/dev/null
	wait "$alice"
	exec 8<&-
	stop
	said "#1 is alice"
	said "#2 is bob"
	said '#2 -> #1 "bob: hello\\n"'
	said "#1 *:* closed: *"
	said "served 0 datagrams, 2 connections, *"
}

# ------------------------------------------------------------------------------------------------ the end

@test "--count and --once end a server" {
	start echo server --count 2
	client echo client localhost -p "$port" a b
	ended
	said "served 2 datagrams, *"
	start echo server -t --once
	client echo client localhost -t -p "$port" a b
	ended
	said "served 0 datagrams, 1 connection, *"
}

@test "--timeout ends a server, with status 0" {
	run -0 client date server -p 0 --timeout 100ms
	has "${lines[-1]}" "served 0 datagrams, 0 connections, 0 octets in, 0 octets out"
}

@test "signals end each server and listener with its summary and status 0" {
	local role signal
	for role in "date server" "echo server" "chat server"; do
		for signal in INT TERM; do
			# shellcheck disable=SC2086
			start $role
			stop "$signal"
			is "$(tail -n 1 "$dir/out")" "served 0 datagrams, 0 connections, 0 octets in, 0 octets out"
			is "$(cat "$dir/err")" ""
		done
	done
	for role in "date listen" "chat listen"; do
		# shellcheck disable=SC2086
		start $role
		printf hello >"/dev/udp/127.0.0.1/$port"
		until grep -q hello "$dir/out"; do
			kill -0 "$pid"
		done
		stop INT
		is "$(tail -n 1 "$dir/out")" "heard 1 datagram, 5 octets"
	done
}

@test "each model serves, and ends" {
	local model
	for model in iterative fork threads select poll epoll uring; do
		start echo server --model "$model" -v || { grep -q io_uring "$dir/err" && continue; }
		run -0 client echo client localhost -p "$port" hello
		run -0 client echo client localhost -t -p "$port" hello
		stop
		said '* > "hello*" (*octet*)'
		said "served 1 datagram, 1 connection, *"
	done
}

@test "port 0: the chosen one is printed, the same for all sockets" {
	start echo server
	is "$(sed -n 's/^listening on .*:\([0-9]*\) ...$/\1/p' "$dir/out" | sort -u)" "$port"
	stop
}

@test "the descriptor of --ready-fd is told once, and closed" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	"$SONDE" echo server -p 0 --ready-fd 9 9>"$BATS_TEST_TMPDIR/fifo" >/dev/null 3>&- & # nobody else has it open
	pid=$!
	is "$(od -An -c <"$BATS_TEST_TMPDIR/fifo" | tr -d ' ')" '\n'
	stop TERM
}

@test "a server whose output nobody reads any more ends when it is told" {
	local option
	for option in --verbose --explain; do
		dir=$BATS_TEST_TMPDIR
		rm -f "$dir/ready" "$dir/stuck"
		mkfifo "$dir/ready" "$dir/stuck"
		exec 8<>"$dir/stuck"
		timeout -k 5 --foreground 60 "$SONDE" date server "$option" -p 0 --ready-fd 9 9>"$dir/ready" >&8 2>&8 3>&- &
		pid=$!
		read -r _ <"$dir/ready"
		LC_ALL=C run dd if=/dev/zero of="$dir/stuck" bs=4096 oflag=nonblock
		has "$output" "temporarily unavailable"
		status=0
		stop TERM || status=$?
		exec 8>&-
		is "$status" 143
	done
}

@test "a name that is taken: nothing is said under another, and status 1" {
	start chat server
	mkfifo "$dir/alice" "$dir/heard"
	client chat client localhost -p "$port" --user alice <"$dir/alice" >"$dir/heard" 3>&- &
	local alice=$!
	exec 7>"$dir/alice" 8<"$dir/heard"
	heard "alice joined"
	run -1 --separate-stderr client chat client localhost -p "$port" --user Alice <<<'hello'
	has "$output" "* refused: the name alice is taken"
	lacks "$output" "hello"
	is "$stderr" "sonde chat client: the name 'Alice' was refused: choose another with --user"
	exec 7>&-
	lacks "$(cat <&8)" "hello"
	wait "$alice"
	exec 8<&-
	stop
}

@test "a chat server that ends while there is more to say: one sentence, status 1" {
	start chat server
	mkfifo "$dir/alice" "$dir/heard"
	client chat client localhost -p "$port" --user alice <"$dir/alice" >"$dir/heard" 2>"$dir/trouble" 3>&- &
	local alice=$! status=0
	exec 7>"$dir/alice" 8<"$dir/heard"
	heard "alice joined"
	stop
	wait "$alice" || status=$?
	exec 7>&- 8<&-
	is "$status" 1
	has "$(cat "$dir/trouble")" "has ended the connection"
	is "$(wc -l <"$dir/trouble")" 1
}

@test "what ends a request, and a text" {
	start date server --answer word -v
	client date client localhost -p "$port" --request date --terminator crlf
	client date client localhost -p "$port" --terminator lf
	stop
	said '* > "date\\r\\n" (6 octets)'
	said '* > "" (0 octets)'
	start echo server -v
	is "$(client echo client localhost -p "$port" --terminator lf hello)" hello
	stop
	said '* > "hello\\n" (6 octets)'
}

@test "-v of an answer without octets" {
	start echo server -u
	run -0 client echo client 127.0.0.1 -p "$port" -v ""
	has "$output" "no octets from 127.0.0.1:$port in "
	stop
}
