#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde expect on files: answers, their forms, and the exit status.
load common

setup() {
	pair=$pcaps/date/python-reply.pcap
	dir=$BATS_TEST_TMPDIR
}

# judged STATUS WORDS...: sonde expect ends with this status.
judged() {
	local wanted=$1
	shift
	run --separate-stderr sonde expect "$@"
	is "$status" "$wanted"
}

@test "0 when all expectations hold, a line each" {
	judged 0 "$pair" 'count(date.reply) >= 1' '"in time": paired(date) within 1s'
	is "${lines[0]}" "ok      count(date.reply) >= 1: packet 2 passes"
	is "${lines[1]}" "ok      in time: 1 request answered, after 1 ms (packet 2)"
	is "${lines[2]}" "2 expectations: 2 ok, 0 not ok"
	is "$stderr" ""
}

@test "1 when one does not, with the packets that show why" {
	judged 1 "$pair" '"nobody answers": none(date.reply) -- there should be no server' 'count(udp) == 2'
	is "${lines[0]}" "not ok  nobody answers: packet 2 passes"
	is "${lines[1]}" "        expected: none(date.reply)"
	has "${lines[2]}" "        packet 2: 10.0.0.1:5555 > 10.0.0.2:40000 DATE reply 2026-01-31 12:00:00.123456"
	is "${lines[3]}" "        hint: there should be no server"
	has "${lines[4]}" "ok      count(udp) == 2"
}

@test "one expectation needs no sum" {
	judged 0 "$pair" 'count(udp) == 2'
	is "${#lines[@]}" 1
}

@test "2 when it is no expectation, and nothing is judged" {
	refused expect "$pair"
	has "$stderr" "nothing is expected"
	refused expect
	has "$stderr" "no capture is named"
	refused expect 'count(date) > 0'
	has "$stderr" "no capture is named"
	judged 2 "$pair" 'count(udp) == 2' 'cuont(udp) == 2'
	is "$output" ""
	has "$stderr" "did you mean count?"
	has "$stderr" "  cuont(udp) == 2"
	judged 2 "$pair" 'count(udp.prot == 1) >= 1'
	has "$stderr" "did you mean 'udp.port'?"
}

@test "2 when the file is not there, or is no capture" {
	refused expect "$dir/nothing.pcap" 'none(udp)'
	refused expect "$BATS_TEST_FILENAME" 'none(udp)'
}

@test "a file that is cut: what is certain is said, the rest is unknown, and the status is 2" {
	head -c 120 "$pair" >"$dir/cut.pcap"
	judged 2 "$dir/cut.pcap" 'count(date.request) >= 1' 'none(tcp)'
	has "${lines[0]}" "ok      count(date.request) >= 1"
	has "${lines[1]}" "unknown none(tcp): no packet passes; it could not be judged: "
	is "${lines[2]}" "2 expectations: 1 ok, 0 not ok, 1 unknown"
	has "$stderr" "cut"
}

@test "a file that is cut after something has failed for certain: 1" {
	head -c 120 "$pair" >"$dir/cut.pcap"
	judged 1 "$dir/cut.pcap" 'none(date.request)' 'none(tcp)'
	has "${lines[0]}" "not ok  none(date.request)"
	has "$stderr" "cut"
}

@test "where packets were lost, what is missing cannot be judged" {
	judged 2 "$pcaps/pcapng/all-blocks.pcapng" 'none(tcp)' 'count(udp) >= 1'
	has "${lines[0]}" "unknown none(tcp)"
	has "${lines[0]}" "7 packets were lost while capturing"
	has "${lines[1]}" "ok      count(udp) >= 1"
}

@test "--file: one a line, with comments, and more on the command line" {
	printf '%s\n' '# the date' '"answers":' '  count(date.reply) == 1' '  -- where is the server?' '' 'none(tcp)' >"$dir/lab.expect"
	judged 0 "$pair" --file "$dir/lab.expect" 'count(udp) == 2'
	is "${lines[0]}" "ok      answers: packet 2 passes"
	is "${lines[3]}" "3 expectations: 3 ok, 0 not ok"
	printf '%s\n' 'none(tcp)' 'none(tpc)' >"$dir/lab.expect"
	judged 2 "$pair" --file "$dir/lab.expect"
	has "$stderr" "lab.expect:2: "
	has "$stderr" "did you mean 'tcp'?"
	refused expect "$pair" --file "$dir/nothing.expect"
	: >"$dir/empty.expect"
	refused expect "$pair" --file "$dir/empty.expect"
	has "$stderr" "nothing is expected in it"
}

@test "what later packets say: the file is read twice, a pipe is refused" {
	judged 0 "$pair" 'all(date.request, date.response_in == 2)'
	run --separate-stderr bash -c '"$SONDE" expect - "all(date.request, date.response_in == 2)" <"$1"' bash "$pair"
	is "$status" 2
	has "$stderr" "cannot be read twice"
	run --separate-stderr bash -c '"$SONDE" expect - "all(date.reply, date.request_in == 1)" <"$1"' bash "$pair"
	is "$status" 0
}

@test "--tap" {
	judged 1 "$pair" --tap '"an #answer": count(date.reply) == 1' 'none(udp) -- a hint'
	is "${lines[0]}" "TAP version 13"
	is "${lines[1]}" "1..2"
	is "${lines[2]}" 'ok 1 - an \#answer'
	is "${lines[3]}" "# packet 2 passes"
	is "${lines[4]}" "not ok 2 - none(udp)"
	is "${lines[5]}" "# 2 packets (1 and 2) pass"
	has "${lines[6]}" "# packet 1: "
	is "${lines[8]}" "# hint: a hint"
}

@test "--junit" {
	judged 1 "$pair" --junit "$dir/out.xml" '"a<b & \c": count(date.reply) == 1' 'none(date.text contains "2026") -- why?'
	python3 - "$dir/out.xml" <<'END'
import sys
import xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
assert suite.attrib == {"name": "sonde expect", "tests": "2", "failures": "1", "errors": "0"}, suite.attrib
first, second = suite
assert first.attrib["name"] == "a<b & \\\\c", first.attrib
assert len(first) == 0
failure, = second
assert second.attrib["name"] == 'none(date.text contains "2026")'
assert failure.tag == "failure" and failure.attrib["message"] == "packet 2 passes", failure.attrib
assert "DATE reply" in failure.text and "hint: why?" in failure.text
END
	head -c 120 "$pair" >"$dir/cut.pcap"
	judged 2 "$dir/cut.pcap" --junit "$dir/out.xml" 'none(tcp)'
	grep -q '<error message="no packet passes; it could not be judged' "$dir/out.xml"
	refused expect "$pair" --junit "$dir/no/such/folder.xml" 'none(tcp)'
}

@test "-T json and -T csv" {
	need jq
	judged 1 "$pair" -T json '"one": count(date.reply) == 1' 'none(udp) -- why?'
	is "$(jq -sc 'map([.verdict, .title, .expression, .says, .packets, .first_packets, .message])' <<<"$output")" \
		'[["ok","one","count(date.reply) == 1","packet 2 passes",1,"2",null],["not ok","none(udp)","none(udp)","2 packets (1 and 2) pass",2,"1 2","why?"]]'
	judged 0 "$pair" -T csv 'count(date.reply) == 1'
	is "${lines[0]}" "verdict,title,expression,says,packets,first_packets,shown,message,from"
	has "${lines[1]}" "ok,count(date.reply) == 1,count(date.reply) == 1,packet 2 passes,1,2,"
	is "$(sonde expect "$pair" --json 'count(date.reply) == 1')" "$(sonde expect "$pair" -T json 'count(date.reply) == 1')"
	refused expect "$pair" --json --tap 'none(udp)'
	refused expect "$pair" -T xml 'none(udp)'
	refused expect "$pair" -T json --tap 'none(udp)'
}

@test "-Y, -f, -c and -d choose and decode packets" {
	judged 0 "$pair" -Y 'udp.srcport == 5555' 'count(udp) == 1'
	judged 0 "$pair" -f 'udp src port 5555' 'count(udp) == 1'
	judged 0 "$pair" -c 1 'count(udp) == 1'
	judged 0 "$pair" -d udp.port==5555,echo 'count(echo) == 2' 'all(echo.response, echo.identical == 0)'
	refused expect "$pair" -Y 'udp.port = 1' 'none(udp)' || has "$stderr" "=="
}

@test "--color" {
	judged 1 "$pair" --color always 'none(udp)'
	has "${lines[0]}" $'\033[1;31mnot ok  \033[0mnone(udp)'
	judged 1 "$pair" --color auto 'none(udp)'
	lacks "$output" $'\033'
	refused expect "$pair" --color sometimes 'none(udp)'
}

@test "what comes from the wire or from the user is escaped" {
	judged 1 "$pcaps/chat/escape-in-text.pcap" $'"a\033[31mb": none(chat)' $'none(udp) -- x\033[0m'
	lacks "$output" $'\033'
	judged 1 "$pcaps/chat/escape-in-text.pcap" --junit "$dir/out.xml" $'"a\033[31mb": none(chat)'
	lacks "$(cat "$dir/out.xml")" $'\033'
}

@test "options of a live capture need one" {
	refused expect "$pair" --within 1s 'none(udp)'
	has "$stderr" "add -i INTERFACE"
	refused expect "$pair" --ready-fd 3 'none(udp)'
}
