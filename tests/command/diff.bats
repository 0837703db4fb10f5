#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde diff: recorded runs against what could have become of them.
load common

setup() {
	need python3
	cd "$BATS_TEST_TMPDIR"
}

# model NAME: the recorded run as golden.pcap.
model() {
	sonde read "$pcaps/$1.pcapng" -w golden.pcap
}

# student CHANGE...: made from the model.
student() {
	python3 "$here/rewrite.py" golden.pcap student.pcap "$@"
}

# compared STATUS OPTION...
compared() {
	local expected=$1
	shift
	run --separate-stderr sonde diff "$@" golden.pcap student.pcap
	is "$stderr" ""
	is "$status" "$expected"
}

@test "every recorded run is the same as itself" {
	local file
	for file in "$pcaps"/*/role-*.pcapng; do
		run -0 sonde diff "$file" "$file"
		[[ $output =~ ^the\ same:\ [0-9]+\ conversations?,\ [0-9]+\ messages?$ ]]
	done
}

@test "another network, other ports, other times: the same" {
	local name
	for name in date/role-udp-v4 date/role-broadcast echo/role-udp-v4 echo/role-tcp-v4 chat/role-tcp-v4 chat/role-broadcast; do
		model "$name"
		student elsewhere
		lacks "$(sonde read -n student.pcap)" "10.0.0."
		compared 0
		has "$output" "the same: 1 conversation"
	done
}

@test "IPv6 instead of IPv4: the same" {
	run -0 sonde diff "$pcaps/chat/role-tcp-v4.pcapng" "$pcaps/chat/role-tcp-v6.pcapng"
	has "$output" "the same: "
}

@test "another date: the same, unless the text of dates counts" {
	model date/role-udp-v4
	student text=2026-11-22/2026-12-24
	compared 0
	compared 1 --strict date.text
	has "$output" 'date reply: date.text: "2026-11-22 '
	has "$output" '-> "2026-12-24 '
}

@test "a reply is missing" {
	model date/role-udp-v4
	student drop=2
	compared 1
	is "${lines[0]}" "conversation 1 (udp, date, server port 5555): 1 difference"
	has "${lines[1]}" "  - packet 2 server -> client: date reply 2026-11-22 "
	is "${lines[2]}" "different: 1 missing; 1 message is the same"
}

@test "a message too many" {
	model chat/role-broadcast
	student again=2
	compared 1
	has "$output" "  + packet 3 client -> all: chat line: alice: and hello again"
	has "$output" "different: 1 extra; 2 messages are the same"
}

@test "a text is another" {
	model echo/role-tcp-v4
	student text=stream/STREAM
	compared 1
	has "$output" '  ~ packet 4/4 client -> server: echo request: echo.data: "hello stream" -> "hello STREAM"'
	has "$output" '  ~ packet 6/6 server -> client: echo response: echo.data: "hello stream" -> "hello STREAM"'
	compared 0 --ignore echo.data
}

@test "the wrong port" {
	model date/role-udp-v4
	student port=5555/5556
	compared 1
	has "$output" "  ~ server port: 5555 -> 5556"
	has "$output" "different: 1 changed; 2 messages are the same"
	compared 0 --ignore udp.port
}

@test "a segment sent again and a lost acknowledgement do not count" {
	model echo/role-tcp-v4
	student again=6 drop=5
	compared 0
}

@test "nobody closes the connection" {
	model chat/role-tcp-v4
	student drop=11
	compared 1
	has "$output" "  - packet 11 client -> server: tcp close"
}

@test "a conversation is missing, another is new" {
	run -1 sonde diff "$pcaps/chat/role-broadcast.pcapng" "$pcaps/date/role-udp-v4.pcapng"
	is "${lines[0]}" "conversation 1 (udp, chat, server port 6666): missing, from packet 1 on"
	is "${lines[1]}" "conversation 2 (udp, date, server port 5555): extra, from packet 1 on"
}

@test "-Y takes a part of both" {
	model date/role-udp-v4
	student drop=2
	compared 0 -Y date.request
}

@test "-T json: an object a difference" {
	need jq
	model date/role-udp-v4
	student drop=2 port=5555/5556
	compared 1 -T json
	is "$(jq -r '[.change, .field, .golden, .student] | map(tostring) | join(" ")' <<<"$output")" \
		$'changed server port 1 1\nchanged protocol 1 1\nmissing null 2 null'
	is "$(jq -r 'select(.field == "server port") | .before + .after' <<<"$output")" 55555556
	is "$(sonde diff --json golden.pcap student.pcap)" "$output"
	compared 1 -T csv
	has "${lines[0]}" "change,conversation,"
	is "${#lines[@]}" 4
}

@test "-q says nothing" {
	model date/role-udp-v4
	student drop=2
	compared 1 -q
	is "$output" ""
	cp golden.pcap student.pcap
	compared 0 -q
	is "$output" ""
}

@test "--color" {
	model date/role-udp-v4
	student drop=2
	compared 1 --color always
	has "$output" $'\033[31m- packet 2'
	compared 1
	lacks "$output" $'\033'
}

@test "what cannot be compared is refused" {
	model date/role-udp-v4
	refused diff golden.pcap
	refused diff golden.pcap golden.pcap golden.pcap
	refused diff golden.pcap nothing.pcap
	has "$stderr" "nothing.pcap"
	refused diff - -
	refused diff --strict nobody.knows golden.pcap golden.pcap
	has "$stderr" "no such field or protocol"
	refused diff -T xml golden.pcap golden.pcap
	head -c -5 golden.pcap >cut.pcap
	refused diff golden.pcap cut.pcap
	has "$stderr" "cut.pcap"
}

@test "one capture from standard input" {
	model date/role-udp-v4
	student drop=2
	is "$(sonde diff golden.pcap - <golden.pcap)" "the same: 1 conversation, 2 messages"
	run -1 sonde diff golden.pcap - <student.pcap
}
