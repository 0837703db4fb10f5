#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde sockopts: the lists, the explanations, and the options of live processes.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
}

teardown() {
	[ -z "${program:-}" ] || release
}

# hold KIND: a program with sockets (options.py), ready when this returns; its process is $program.
hold() {
	need python3
	mkfifo "$dir/orders" "$dir/answers"
	"${WITH[@]:-env}" python3 "$here/options.py" "$1" <"$dir/orders" >"$dir/answers" 3>&- &
	program=$!
	exec 7>"$dir/orders" 8<"$dir/answers"
	read -r -t 60 answer <&8
	is "$answer" ready
}

# order WORD: its answer is $answer.
order() {
	echo "$1" >&7
	read -r -t 60 answer <&8
}

release() {
	exec 7>&- 8<&-
	wait "$program" || true
	program=
}

# ------------------------------------------------------------------------------------------------ lists

@test "all levels, all options" {
	run sonde sockopts
	is "$status" 0
	is "$(grep -c '^[A-Z_0-9]*: ' <<<"$output")" 5
	is "$(grep -c '^[A-Z][A-Z0-9_]* ' <<<"$output")" "$(sonde sockopts --names | wc -l)"
	grep -q '^SO_BROADCAST  *0  *int  *allow datagrams to a broadcast address$' <<<"$output"
}

@test "one level, by any of its names" {
	local word
	for word in TCP tcp_ IPPROTO_TCP; do
		run sonde sockopts "$word" --names
		is "$status" 0
		has "$output" TCP_NODELAY
		lacks "$output" SO_
	done
	run sonde sockopts SO --names
	has "$output" SO_REUSEADDR
	lacks "$output" TCP_
}

@test "what is listed as readable is the value of a new socket" {
	need python3
	is "$(sonde sockopts --csv | awk -F, '$2 == "SO_SNDBUF" { print $8 }')" \
		"$(python3 -c 'import socket; print(socket.socket().getsockopt(1, 7))') octets"
}

# ------------------------------------------------------------------------------------------------ explanations

@test "an option explained, by any of its names" {
	local word
	for word in SO_REUSEADDR so_reuseaddr reuseaddr; do
		run sonde sockopts "$word"
		is "$status" 0
		has "$output" "SO_REUSEADDR: bind to a port that an earlier connection still occupies"
		has "$output" "level        SOL_SOCKET (1), option 2"
		has "$output" TIME_WAIT
		has "$output" "      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);"
	done
	run sonde sockopts SO_GET_FILTER
	has "$output" "SO_ATTACH_FILTER: "
}

@test "several words, levels and options" {
	run sonde sockopts UDP SO_TYPE
	is "$status" 0
	has "$output" "IPPROTO_UDP: "
	has "$output" "SO_TYPE: "
}

@test "every option can be explained, and is as an object what the list has" {
	need jq
	sonde sockopts --names | xargs "$SONDE" sockopts --json >"$dir/each"
	sonde sockopts --json >"$dir/list"
	jq -s 'length' "$dir/each" | grep -qx "$(sonde sockopts --names | wc -l)"
	is "$(jq -c '[.name, .meaning, .number]' "$dir/each" | sort)" "$(jq -c '[.name, .meaning, .number]' "$dir/list" | sort)"
	jq -es 'all((.summary | length) <= 60 and (.use | split("\n") | length) == 3)' "$dir/list"
}

@test "what is no option, and words that do not go together" {
	refused sockopts SO_REUSEADR
	has "$stderr" "no option 'SO_REUSEADR'; did you mean SO_REUSEADDR?"
	refused sockopts xyzzyxyzzy
	has "$stderr" "no option 'xyzzyxyzzy'; sonde sockopts lists all of them"
	refused sockopts --json --csv
	refused sockopts --fd 3
	has "$stderr" "--fd: of which process? add --pid PID"
	refused sockopts --pid 1 SO_TYPE
	refused sockopts --demo SO_BSDCOMPAT
	has "$stderr" "SO_BSDCOMPAT: there is no demonstration of it; sonde sockopts --demo lists those there are"
	refused sockopts --demo TCP_NODELAY TCP_CORK
}

@test "the members of the objects are documented" {
	need jq
	hold setting
	local member
	for member in $({ sonde sockopts --json; sonde sockopts --pid "$program" --json --all; } | jq -r 'keys[]' | sort -u); do
		grep -q "^| \`$member\` |" "$top/docs/sockopts.md" || { printf 'not documented: %s\n' "$member"; return 1; }
	done
}

# ------------------------------------------------------------------------------------------------ demonstrations

@test "--demo: which there are, each of an option" {
	need jq
	run sonde sockopts --demo
	is "$status" 0
	has "$output" TCP_NODELAY
	local name
	for name in $(sonde sockopts --demo --json | jq -r .name); do
		has "$(sonde sockopts "$name")" "sonde sockopts --demo $name"
		sonde sockopts "$name" --json | jq -e .demo
	done
}

@test "--demo NAME: every call is told, and what was seen" {
	run --separate-stderr sonde sockopts --demo v6only
	is "$status" 0
	has "$output" "IPV6_V6ONLY: "
	has "$output" "setsockopt("
	is "$(tail -n 1 <<<"$output")" Seen.
	is "$stderr" ""
}

@test "--demo SO_REUSEADDR: the port is refused first, and taken then" {
	run --separate-stderr sonde sockopts --demo SO_REUSEADDR
	is "$status" 0
	has "$output" "TIME_WAIT"
	is "$(grep -oE '^bind\([0-9]+, 127.0.0.1:[1-9][0-9]*\) = .*' <<<"$output" | sed 's/.* = //')" \
		"-1 EADDRINUSE (Address already in use)
0"
	is "$(tail -n 1 <<<"$output")" Seen.
}

@test "--demo NAME: what cannot be shown here" {
	need setpriv
	[ "$(id -u)" -eq 0 ] || skip "needs rights to be without"
	cp "$SONDE" "$dir/sonde"
	chmod 755 "$dir" "$dir/sonde"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$dir/sonde" sockopts --demo IP_HDRINCL
	is "$status" 2
	has "$stderr" "sonde sockopts: "
}

@test "--demo NAME: an output that fails" {
	run --separate-stderr bash -c '"$SONDE" sockopts --demo v6only >/dev/full'
	is "$status" 2
	is "$stderr" "sonde sockopts: standard output: No space left on device"
}

# ------------------------------------------------------------------------------------------------ live processes

@test "--pid: what was set differs, and nothing else; the buffer is doubled" {
	hold setting
	run sonde sockopts --pid "$program" --csv
	is "$status" 0
	is "$(cut -d, -f4- <<<"$output" | tail -n +2 | tr -d '"')" "SO_BROADCAST,1,0,true,getsockopt
SO_LINGER,on, 5 seconds,off,true,getsockopt
SO_RCVBUF,24690 octets,$(cat /proc/sys/net/core/rmem_default) octets,true,getsockopt
SO_BUF_LOCK,receive,neither,true,getsockopt
SO_RCVTIMEO,3.000000 seconds,no limit,true,getsockopt
IP_TTL,7 hops,64 hops,true,getsockopt"
	run sonde sockopts --pid "$program"
	has "$output" "as a new socket"
}

@test "--all: what does not differ as well, and the state" {
	hold setting
	run sonde sockopts --pid "$program" --all --csv
	has "$output" ",SO_REUSEADDR,0,0,false,getsockopt"
	has "$output" ",SO_TYPE,SOCK_DGRAM (2),,false,getsockopt"
	lacks "$output" TCP_
}

@test "--fd: one descriptor" {
	need jq
	hold setting
	local fd
	fd=$(sonde sockopts --pid "$program" --json | jq -s '.[0].fd')
	run sonde sockopts --pid "$program" --fd "$fd"
	is "$status" 0
	is "$(grep -c ^descriptor <<<"$output")" 1
	refused sockopts --pid "$program" --fd 2
	has "$stderr" "descriptor 2 of process $program is no socket, or not open; its sockets are $fd, "
	refused sockopts --pid "$program" --fd x
}

@test "--pid: what a connection changes by itself does not differ" {
	hold talking
	run sonde sockopts --pid "$program"
	is "$status" 0
	is "$(grep -c '^descriptor' <<<"$output")" 3
	is "$(grep -c '^  as a new socket$' <<<"$output")" 3
}

@test "--pid: the error that waits at a socket is left there" {
	hold failing
	run sonde sockopts --pid "$program" --all
	is "$status" 0
	has "$output" SO_REUSEADDR
	lacks "$output" SO_ERROR
	order error
	is "$answer" 111
	order error
	is "$answer" 0
}

@test "--pid: names reach no terminal as they are" {
	hold named
	run sonde sockopts --pid "$program"
	is "$status" 0
	has "$output" 'unix @a\x1b[2Jb, listening'
	lacks "$output" $'\e'
}

@test "--pid: new sockets are those of the process's network namespace" {
	need unshare ip
	unshare -n true 2>/dev/null || skip "a network namespace needs root"
	WITH=(unshare -n bash -c 'ip link set lo up; echo 99 >/proc/sys/net/ipv4/ip_default_ttl; exec "$@"' bash)
	hold listening
	run sonde sockopts --pid "$program" --csv --all
	is "$status" 0
	has "$output" ",IP_TTL,99 hops,99 hops,false,getsockopt"
}

@test "--pid: without the right to copy, sock_diag tells" {
	need jq
	hold listening
	run --separate-stderr python3 "$here/refusing.py" "$SONDE" sockopts --pid "$program" --json --all
	is "$status" 0
	has "$stderr" "this user may not copy its descriptors; what sock_diag(7) tells of its sockets is shown"
	is "$(jq -r .source <<<"$output" | sort -u)" sock_diag
	is "$(jq -r 'select(.option == "SO_SNDBUF") | "\(.number) \(.differs)"' <<<"$output")" "40000 true"
	is "$(jq -r 'select(.option == "IP_TOS") | "\(.number) \(.differs)"' <<<"$output")" "16 true"
	is "$(jq -r 'select(.option == "IP_FREEBIND") | "\(.number) \(.differs)"' <<<"$output")" "0 false"
	is "$(jq -r 'select(.option == "TCP_CONGESTION") | .differs' <<<"$output")" false
	is "$(jq -r 'select(.option == "SO_ACCEPTCONN") | .number' <<<"$output")" 1
}

@test "--pid: a process that is gone, a thread, none with sockets" {
	hold nothing
	run --separate-stderr sonde sockopts --pid "$program"
	is "$status" 1
	is "$stderr" "sonde sockopts: process $program has no sockets"
	local gone=$program
	order thread
	refused sockopts --pid "$answer"
	is "$stderr" \
		"sonde sockopts: process $answer: this is the id of a thread; name the process that it belongs to"
	release
	refused sockopts --pid "$gone"
	is "$stderr" "sonde sockopts: process $gone: there is none with this id; it may have ended"
	refused sockopts --pid 99999999999
}

@test "--pid: without /proc" {
	unshare -m true 2>/dev/null || skip "a mount namespace needs root"
	! grep -q __asan_init "$SONDE" || skip "a program under AddressSanitizer needs /proc itself"
	run -2 --separate-stderr unshare -m sh -c 'mount -t tmpfs none /proc; "$SONDE" sockopts --pid 1'
	is "$stderr" "sonde sockopts: process 1: it is not in /proc; mount that ('mount -t proc proc /proc')"
}

@test "--pid: another user's process" {
	need setpriv
	[ "$(id -u)" -eq 0 ] || skip "needs two users"
	hold setting
	cp "$SONDE" "$dir/sonde"
	chmod 755 "$dir" "$dir/sonde"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups "$dir/sonde" sockopts --pid "$program"
	is "$status" 2
	is "$stderr" \
		"sonde sockopts: process $program: its descriptors may not be looked into; use sudo, or be the user who runs it"
}
