#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde follow: which conversation, who says what, and what is said of what is not there.
load common

follow() {
	sonde follow "$pcaps/$1" "${@:2}"
}

# What both sides say, without the heading.
said() {
	follow "$@" | tail -n +5
}

@test "both sides are told apart, below a heading" {
	is "$(follow echo/tcp-two-segments.pcap tcp 0)" "$(printf '%s\n' 'TCP stream 0' '> 10.0.0.2:40000, the client' \
		'< 10.0.0.1:7, the server' '' '> hello world' '< hello world')"
	is "$(follow ipv6/fragments-reversed.pcap udp 0 | head -3)" "$(printf '%s\n' 'UDP stream 0' \
		'> [fd00::2]:40000, the client' '< [fd00::1]:8080, the server')"
}

@test "holes are marked, never filled" {
	is "$(said tcp/stream-hole.pcap)" "$(printf '%s\n' '> one ' '>[4 bytes missing]' '> three' '< thank you' '> fo' \
		'>[2 bytes missing]' '> r')"
	is "$(said tcp/stream-one-side.pcap)" "$(printf '%s\n' '> first' '>[5 bytes missing]' '> third')"
	is "$(said tcp/stream-snaplen.pcap)" "$(printf '%s\n' '> sixteen ' '>[8 bytes missing]' '> and six.' '>[4 bytes missing]')"
	is "$(follow tcp/stream-hole.pcap -T raw 2>/dev/null | tr -d '[:print:]\n' | wc -c)" 0
}

@test "raw says on standard error that octets are missing" {
	run --separate-stderr follow tcp/stream-hole.pcap -T raw --side=client
	is "$status" 0
	is "$output" "one three
for"
	is "$stderr" "sonde follow: 6 octets were not captured; -T text shows where they are missing"
	run --separate-stderr follow tcp/stream-hole.pcap -T raw --side=server
	is "$output$stderr" "thank you"
}

@test "what came out of order, twice or before its FIN is in its place" {
	is "$(said tcp/stream-out-of-order.pcap)" "> hey hey, ho"
	is "$(said tcp/stream-fin-early.pcap)" "> abcde"
	is "$(said tcp/stream-wrapped.pcap)" "> abcdefghi"
	is "$(said tcp/stream-overlap.pcap)" "$(printf '%s\n' '> abcdefghijklmnopqr' \
		'>[5 bytes came again with another content: the first one is shown]')"
}

@test "what does not belong to the stream is counted" {
	is "$(said tcp/stream-behind-the-end.pcap)" "$(printf '%s\n' '> bye' '>[9 bytes behind the end of the stream: not shown]')"
	is "$(said tcp/stream-middle.pcap | tail -1)" ">[6 bytes from before the first packet: not shown]"
	is "$(said tcp/stream-middle.pcap --side=server)" "< here"
}

@test "datagrams keep their boundaries" {
	is "$(follow date/role-udp-v4.pcapng -T json | jq -c '[.side, .length, .message]')" $'["client",0,true]\n["server",27,true]'
	is "$(said echo/empty.pcap)" ">[0 bytes]"
	is "$(said ip/fragments-of-a-lab.pcap | wc -l)" 1
	is "$(said ip/fragments-cut.pcap)" "$(printf '%s\n' '> abcdefgh' '>[44 bytes missing]')"
	is "$(said ip/fragments-in-fragments.pcap)" "> abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
}

@test "a message of several lines says where it goes on" {
	is "$(said chat/other-forms.pcap | grep -c '^>+')" 3
	is "$(said chat/other-forms.pcap | grep '^>+' | head -1)" ">+command:TALK"
}

@test "chat is a message a line, also when a line comes in two segments" {
	is "$(said chat/half-a-line.pcap)" "< alice: hello"
	is "$(said chat/two-lines-in-one-segment.pcap)" "$(printf '%s\n' '> hello' '> how are you' '< alice: hello' \
		'< alice: how are you' '< bob: fine' '< carol: me too')"
	is "$(follow chat/half-a-line.pcap -T json | jq -c '[.message, .text]')" "$(printf '%s\n' \
		'[false,"alice: hel"]' '[false,"lo\n"]' '[false,""]' '[false,""]')"
	is "$(follow chat/half-a-line.pcap -T json --messages | jq -c '[.message, .text]' | head -1)" '[true,"alice: hello\n"]'
}

@test "text escapes, json and hex say the octets" {
	is "$(said chat/escape-in-text.pcap | head -1)" '> alice: \x1b[31mred\x1b[0m \x1b]0;title\x07'
	is "$(said date/tcp-daytime.pcap)" '< Sat Jan 31 12:00:00 2026\r'
	is "$(follow date/tcp-daytime.pcap -T json | jq -r 'select(.length > 0) | .hex' | xxd -r -p | od -An -c | tail -1 | tr -d ' ')" \
		"$(follow date/tcp-daytime.pcap -T raw | od -An -c | tail -1 | tr -d ' ')"
	is "$(said echo/tcp-two-segments.pcap -T hex --side=client | head -1)" \
		'> 00000000  68 65 6c 6c 6f 20                                 hello '
}

@test "json has one object a piece" {
	is "$(follow tcp/stream-hole.pcap -T json | jq -c '[.side, .frame, .offset, .missing, .text, .end]')" "$(printf '%s\n' \
		'["client",4,0,0,"one ",false]' '["client",5,8,4,"three\n",false]' '["server",8,0,0,"thank you\n",false]' \
		'["client",9,14,0,"fo",false]' '["client",10,18,2,"r\n",true]')"
	is "$(follow tcp/stream-hole.pcap -T json | head -1 | jq -r .from,.to,.time)" \
		$'10.0.0.2:40000\n10.0.0.1:8080\n1769860800.003000000'
}

@test "times on request" {
	is "$(said echo/tcp-two-segments.pcap -t r)" $'0.003000 > hello world\n0.007000 < hello world'
	is "$(said tcp/stream-hole.pcap -t u | sed -n 2p)" "12:00:00.004000 >[4 bytes missing]"
	refused follow "$pcaps/echo/udp-pair.pcap" -t x
	has "$stderr" "no such form of time"
}

@test "colours tell the sides apart, when they are asked for" {
	has "$(said tcp/stream-hole.pcap --color=always)" $'\e[36m> one \e[0m'
	has "$(said tcp/stream-hole.pcap --color=always)" $'\e[33m< thank you\e[0m'
	has "$(said tcp/stream-hole.pcap --color=always)" $'\e[1;31m>[4 bytes missing]\e[0m'
	lacks "$(follow tcp/stream-hole.pcap)" $'\e'
	refused follow "$pcaps/tcp/stream-hole.pcap" --color=sometimes
}

@test "a filter chooses the conversation, and all of it is shown" {
	is "$(follow chat/half-a-line.pcap -Y 'frame.number == 6')" "$(follow chat/half-a-line.pcap tcp 0)"
	is "$(follow ip/fragments-overlap.pcap udp -Y 'ip.fragment.count == 4')" "$(follow ip/fragments-overlap.pcap udp 0)"
	run --separate-stderr follow chat/half-a-line.pcap udp -Y 'tcp'
	is "$status" 1
	is "$stderr" "sonde follow: no packet of a conversation passes 'tcp'"
	refused follow "$pcaps/chat/half-a-line.pcap" tcp 0 -Y tcp
	refused follow - -Y tcp <"$pcaps/chat/half-a-line.pcap"
}

@test "no such conversation: status 1, and how many there are" {
	run --separate-stderr follow chat/half-a-line.pcap tcp 3
	is "$status" 1
	is "$output" ""
	is "$stderr" "sonde follow: there is no TCP stream 3: there is one, number 0"
	run --separate-stderr follow chat/half-a-line.pcap udp
	is "$status" 1
	is "$stderr" "sonde follow: there is no UDP stream"
	run --separate-stderr follow arp/gratuitous.pcap
	is "$status" 1
}

@test "words that are none are refused" {
	refused follow
	refused follow "$pcaps/chat/half-a-line.pcap" sctp 0
	refused follow "$pcaps/chat/half-a-line.pcap" tcp -- -1
	refused follow "$pcaps/chat/half-a-line.pcap" tcp one
	refused follow "$pcaps/chat/half-a-line.pcap" tcp 0 1
	refused follow "$pcaps/chat/half-a-line.pcap" -T pdf
	refused follow "$pcaps/chat/half-a-line.pcap" --side=both
	refused follow "$pcaps/chat/half-a-line.pcap" -T raw --messages
	refused follow "$pcaps/missing.pcap"
}

@test "raw is not for a terminal" {
	need script
	run script -qec "'$SONDE' follow '$pcaps/echo/tcp-two-segments.pcap' -T raw" /dev/null
	has "$output" "nothing for a terminal"
}

@test "a file from a pipe, and one that is cut" {
	is "$(sonde follow - tcp 0 <"$pcaps/tcp/stream-hole.pcap")" "$(follow tcp/stream-hole.pcap tcp 0)"
	head -c 500 "$pcaps/tcp/stream-hole.pcap" >"$BATS_TEST_TMPDIR/cut.pcap"
	run --separate-stderr sonde follow "$BATS_TEST_TMPDIR/cut.pcap"
	is "$status" 2
	has "$output" "> one "
	has "$stderr" "cut.pcap"
}

@test "--json is -T json" {
	is "$(follow tcp/stream-hole.pcap --json)" "$(follow tcp/stream-hole.pcap -T json)"
}

@test "the words in the wrong order" {
	refused follow tcp 0 "$pcaps/tcp/stream-hole.pcap"
	has "$stderr" "the file comes first, as in sonde follow FILE tcp 0"
}

@test "--messages: a date in pieces is one message" {
	for pieces in tcp-in-pieces tcp-in-three; do
		is "$(follow date/$pieces.pcap -T json --messages | jq -c 'select(.message) | .side' | wc -l)" 1
	done
}
