#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What the roles tell of themselves: events for people and as JSON, nothing raw, and an output that fails.
load play

teardown() {
	end_all
}

@test "-v: an event a line" {
	start echo server -4 -v --count 2
	client echo client 127.0.0.1 -p "$port" hello
	client echo client 127.0.0.1 -t -p "$port" hello
	ended
	said '127.0.0.1:* > "hello" (5 octets)'
	said '127.0.0.1:* < "hello" (5 octets)'
	said '#1 127.0.0.1:* connected'
	said '#1 127.0.0.1:* > "hello*" (*octets)'
	said '#1 127.0.0.1:* < "hello*" (*octets)'
	said '#1 127.0.0.1:* closed: *'
}

@test "without -v: where it listens, and the end" {
	start echo server -4 --count 2
	client echo client 127.0.0.1 -p "$port" hello
	client echo client 127.0.0.1 -t -p "$port" hello
	ended
	is "$(wc -l <"$dir/out")" 3
}

@test "--json: an object a line, with what an event has" {
	need jq
	start echo server -4 --json --count 2
	client echo client 127.0.0.1 -p "$port" hello
	client echo client 127.0.0.1 -t -p "$port" hello
	ended
	is "$(jq -r .event "$dir/out" | sort | uniq -c | awk '{ printf "%s %s,", $1, $2 }')" \
		"1 closed,1 connected,1 done,2 listening,2 received,2 sent,"
	jq -es 'all(.time > 1700000000)' "$dir/out"
	jq -es 'map(select(.event == "received" and .type == "udp")) | .[0] | .octets == 5 and .text == "hello" and
		(.peer | startswith("127.0.0.1:"))' "$dir/out"
	jq -es 'map(select(.type == "tcp" and .event == "received")) | .[0].connection == 1' "$dir/out"
	jq -es '.[-1] | .event == "done" and .datagrams == 1 and .connections == 1 and .dropped == 0' "$dir/out"
}

@test "--json of a client: answer, time and the tally" {
	need jq
	start date server
	run -0 client date client localhost -p "$port" --json --count 2
	stop
	jq -es 'map(select(.event == "answer")) | length == 2 and all(.rtt > 0 and .rtt < 60 and .octets > 0)' <<<"$output"
	jq -es '.[-1] | .event == "done" and .equal == 2 and .lost == 0 and .rtt_min <= .rtt_max' <<<"$output"
}

@test "--json of trouble: on both outputs" {
	need jq
	start date server -4
	stop
	run -1 --separate-stderr client date client 127.0.0.1 -p "$port" --json
	jq -es 'any(.event == "trouble" and (.note | contains("127.0.0.1")))' <<<"$output"
	has "$stderr" "sonde date client: "
}

@test "octets that are no text are in JSON as they were" {
	need jq
	start echo server -u --json --once
	client echo client localhost -p "$port" $'\xff\xfe' >/dev/null
	ended
	jq -es 'any(.event == "received" and .hex == "fffe")' "$dir/out"
}

@test "JSON lines of many processes do not mix" {
	need jq python3
	start echo server -4 -t --model fork --json --count 4
	python3 - "$port" <<'END'
import socket
import sys

peers = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60) for _ in range(4)]
for peer in peers:
    peer.sendall(bytes([0xe9]) * 200000)
    peer.shutdown(socket.SHUT_WR)
for peer in peers:
    while peer.recv(65536):
        pass
END
	ended
	jq -es 'map(select(.event == "received").octets) | add == 800000' "$dir/out"
}

@test "nothing from the wire reaches the terminal raw" {
	local nasty=$'\033]0;title\a\033[31mred\r\u009b\u202e\x9b\xff'
	start echo server -u -v --explain
	client echo client localhost -p "$port" "$nasty" -v --explain >"$dir/client" 2>&1
	stop
	harmless "$dir/out" "$dir/err" "$dir/client"
	start echo server -t --json --explain=calls
	client echo client localhost -t -p "$port" "$nasty" --json --explain >"$dir/client" 2>&1
	stop
	harmless "$dir/out" "$dir/err" "$dir/client"
	start chat listen
	printf '%s' "$nasty" >"/dev/udp/127.0.0.1/$port"
	until grep -q red "$dir/out"; do
		kill -0 "$pid"
	done
	stop
	harmless "$dir/out" "$dir/err"
	run -2 client date server --user "$nasty"
	printf '%s\n' "$output" >"$dir/refused"
	harmless "$dir/refused"
}

@test "standard output is full, or closed: an error, and the end" {
	local role
	for role in "date server" "echo server" "chat server" "date listen" "chat listen"; do
		run -2 bash -c 'timeout -k 5 60 "$0" $1 -p 0 >/dev/full' "$SONDE" "$role"
		is "$output" "sonde $role: standard output: No space left on device"
		run -2 bash -c 'timeout -k 5 60 "$0" $1 -p 0 >&-' "$SONDE" "$role"
		is "$output" "sonde $role: standard output: Bad file descriptor"
	done
	start date server
	run -2 bash -c 'timeout -k 5 60 "$0" date client localhost -p $1 >/dev/full' "$SONDE" "$port"
	is "$output" "sonde date client: standard output: No space left on device"
	stop
}

@test "the reader of the output goes away: the server ends, whichever process found out" {
	local model
	dir=$BATS_TEST_TMPDIR
	for model in epoll threads fork; do
		rm -f "$dir/fifo"
		mkfifo "$dir/fifo"
		timeout -k 5 60 "$SONDE" echo server -4 -t -v --model "$model" -p 0 >"$dir/fifo" 2>"$dir/err" 3>&- &
		pid=$!
		exec 7<"$dir/fifo"
		read -r line <&7
		port=${line##*:}
		port=${port% *}
		exec 7<&-
		client echo client 127.0.0.1 -t -p "$port" hello || true
		status=0
		ended || status=$?
		is "$status" 2
		is "$(cat "$dir/err")" "sonde echo server: standard output: Broken pipe"
	done
}

# documented FILE...: each event and each member is in a table of the page about them.
documented() {
	local word
	for word in $(jq -r '.event, keys_unsorted[]' "$@" | sort -u); do
		grep -q "^|.*\`$word\`.*|" "$top/docs/events.md" || { printf 'not documented: %s\n' "$word"; return 1; }
	done
}

@test "--json: every event and every member is documented" {
	need jq
	start chat server --json
	mkfifo "$dir/alice"
	client chat client localhost -p "$port" --user alice --json <"$dir/alice" >"$dir/client" 3>&- &
	local alice=$!
	exec 7>"$dir/alice"
	until grep -q "alice joined" "$dir/client"; do
		kill -0 "$alice"
	done
	client chat client localhost -p "$port" --user bob --json <<<$'hello\n@alice psst' >"$dir/bob"
	exec 7>&-
	wait "$alice"
	stop
	run -1 client chat client 127.0.0.1 -p "$port" --json </dev/null
	printf '%s\n' "${lines[@]}" | grep '^{' >"$dir/refused"
	documented "$dir/out" "$dir/client" "$dir/bob" "$dir/refused"
	jq -es '.[-1].event == "done"' "$dir/refused"
	jq -es 'map(select(.event == "named" or .event == "relayed")) | length == 4 and all(.type == "tcp" and .connection > 0)' "$dir/out"
	jq -es 'map(select(.to)) | .[0] | .user == "bob" and .to == "alice" and .to_connection == 1' "$dir/out"
	start echo server --json
	client echo client localhost -p "$port" --json $'\xff\xfe' >"$dir/client"
	client echo client localhost -t -p "$port" --json hello >>"$dir/client"
	stop
	documented "$dir/out" "$dir/client"
	jq -es 'map(select(.event == "answer")) | .[0].hex == "fffe" and .[1].connection == 1' "$dir/client"
}

@test "--json: a listener has no times of answers" {
	need jq
	start date listen --json --count 1
	client date announce --to 127.0.0.1 -p "$port" --once --json >"$dir/client"
	ended
	documented "$dir/out" "$dir/client"
	jq -es '.[-1] | .equal == 1 and (has("rtt_min") | not)' "$dir/out"
}
