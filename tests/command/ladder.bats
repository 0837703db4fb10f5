#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde ladder: arrows as text, and a picture that stands alone.
load common

setup() {
	cd "$BATS_TEST_TMPDIR"
	chat=$pcaps/chat/role-tcp-v4.pcapng
}

# An arrow a packet: each packet's number stands at the left of a row with a head.
@test "each packet has an arrow, in its direction" {
	local wanted got
	wanted=$(sonde read -n "$chat" -T fields -e frame.number -e ip.src | sed 's/\t10.0.0.2/ right/; s/\t10.0.0.1/ left/')
	got=$(sonde ladder --ascii "$chat" | sed -nE 's/^ *([0-9]+) .*->\|$/\1 right/p; s/^ *([0-9]+) .*\|<-.*\+$/\1 left/p')
	is "$got" "$wanted"
}

@test "columns, words and times" {
	run -0 sonde ladder --ascii --width 80 "$pcaps/date/role-udp-v4.pcapng"
	[[ ${lines[0]} =~ ^\ +10\.0\.0\.2\ +10\.0\.0\.1$ ]]
	has "${lines[1]}" "1  18:05:57 "
	has "${lines[1]}" " DATE request (empty) "
	has "$output" " DATE reply 2026-11-22 18:05:57.152938"
	has "$output" "2   +114 us "
}

@test "lines fit: --width, COLUMNS, 80" {
	widest() { awk '{ if (length($0) > w) w = length($0) } END { print w }'; }
	[ "$(sonde ladder --ascii "$chat" --width 60 | widest)" -le 60 ]
	[ "$(COLUMNS=70 sonde ladder --ascii "$chat" | widest)" -le 70 ]
	[ "$(COLUMNS=70 sonde ladder --ascii "$chat" | widest)" -gt 60 ]
	[ "$(COLUMNS='' sonde ladder --ascii "$chat" | widest)" -le 80 ]
	[ "$(COLUMNS='' sonde ladder --ascii "$chat" | widest)" -gt 70 ]
}

@test "ASCII where the locale is not UTF-8" {
	has "$(sonde ladder "$chat")" "►│"
	lacks "$(LC_ALL=C sonde ladder "$chat")" "►"
	has "$(LC_ALL=C sonde ladder "$chat")" "->|"
	lacks "$(sonde ladder --ascii "$chat")" "►"
}

@test "--color, NO_COLOR" {
	has "$(sonde ladder --color always "$chat")" $'\033[95m'
	lacks "$(sonde ladder "$chat")" $'\033'
	need script
	has "$(script -qec "$SONDE ladder '$chat'" /dev/null)" $'\033[95m'
	lacks "$(NO_COLOR=1 script -qec "$SONDE ladder '$chat'" /dev/null)" $'\033'
}

@test "-Y and -f choose, -c N draws N" {
	is "$(sonde ladder --ascii "$chat" -Y 'chat.kind == "private"' | grep -c -- '[<>]')" 1
	is "$(sonde ladder --ascii "$chat" -f 'src host 10.0.0.2' | grep -c -- '->|')" "$(sonde read -q "$chat" src host 10.0.0.2 | cut -d' ' -f1)"
	is "$(sonde ladder --ascii "$chat" -c 2 | grep -c '^ *[0-9][0-9]* ')" 2
}

@test "a broadcast goes to everybody" {
	has "$(sonde ladder "$pcaps/chat/role-broadcast.pcapng")" "everybody"
	run -0 sonde ladder "$pcaps/date/role-broadcast.pcapng"
	lacks "$output" "everybody"
	has "$output" "●╌"
	has "$output" "DATE to 255.255.255.255: request (empty)"
}

@test "an unanswered request is marked; with -c an answer may have followed" {
	run -0 sonde ladder "$pcaps/date/role-udp-v4.pcapng" -f 'dst port 5555'
	has "$output" "DATE request (empty) [no answer]"
	lacks "$(sonde ladder "$pcaps/date/role-udp-v4.pcapng" -c 1)" "no answer"
	lacks "$(sonde ladder "$pcaps/date/role-udp-v4.pcapng")" "no answer"
}

@test "a thousand packets and no more, which is said" {
	need python3
	sonde read "$pcaps/date/role-udp-v4.pcapng" -w one.pcap
	python3 -c 'import sys; d = open("one.pcap", "rb").read(); sys.stdout.buffer.write(d[:24] + d[24:] * 600)' >many.pcap
	run --separate-stderr -0 sonde ladder --ascii many.pcap
	is "$(grep -c '^ *[0-9][0-9]* ' <<<"$output")" 1000
	is "$stderr" "sonde ladder: the first 1000 of 1200 packets are drawn: -Y chooses others, -c N draws as many as that"
	run --separate-stderr -0 sonde ladder --ascii many.pcap -c 1100
	is "$(grep -c '^ *[0-9][0-9]* ' <<<"$output")" 1100
	is "$stderr" ""
}

@test "a capture that is cut is drawn as far as it goes" {
	head -c -5 "$pcaps/chat/join-nick-leave.pcap" >cut.pcap
	run --separate-stderr sonde ladder --ascii cut.pcap
	is "$status" 2
	has "$output" "10.0.0."
	has "$stderr" "cut.pcap"
}

@test "what cannot be drawn is refused" {
	refused ladder
	refused ladder "$chat" "$chat"
	refused ladder nothing.pcap
	refused ladder "$chat" --width 10
	refused ladder "$chat" --color blue
	run --separate-stderr sonde ladder "$chat" --svg nowhere/lab.svg
	is "$status" 2
	has "$stderr" "nowhere/lab.svg"
}

# picture.py FILE: "number from > to" of each packet, by where its arrow begins and ends; fails when it refers outside.
picture() {
	cat >picture.py <<'END'
import re
import sys
import xml.etree.ElementTree as tree

S = "{http://www.w3.org/2000/svg}"
root = tree.parse(sys.argv[1]).getroot()
hosts = {}
for text in root.iter(S + "text"):
    if text.get("class") == "host":
        hosts[text.get("x")] = text.text
wide, high = float(root.get("width")), float(root.get("height"))
for group in root.findall(S + "g"):
    line, words = group.find(S + "line"), group.find(S + "text[@class='words']")
    heads = [re.match(r"M(\d+) (\d+)", path.get("d")).group(1) for path in group.findall(S + "path[@class='head']")]
    assert group.find(S + "title").text.startswith(f"packet {group.get('data-number')}: ")
    assert words.text and float(words.get("y")) < high and float(words.get("x")) < wide
    begin = line.get("x1")
    if group.get("data-to") == "all":
        begin = group.find(S + "circle").get("cx")
        assert set(heads) == set(hosts) - {begin}
        print(group.get("data-number"), hosts[begin], ">", "all")
    else:
        assert heads == [line.get("x2")]
        print(group.get("data-number"), hosts[begin], ">", hosts[line.get("x2")])
allowed = {"svg", "title", "style", "rect", "line", "text", "tspan", "g", "path", "circle"}
assert {element.tag.replace(S, "") for element in root.iter()} <= allowed
for element in root.iter():
    assert not [name for name in element.attrib if "href" in name or name.startswith("on")]
assert not re.search(r"url\(|@import|@font-face|://", "".join(style.text for style in root.iter(S + "style")))
END
	python3 picture.py "$1"
}

@test "--svg: an arrow a packet, between the right columns, and nothing from elsewhere" {
	need python3
	local file
	for file in chat/role-tcp-v4 date/role-udp-v4 echo/role-tcp-v4; do
		sonde ladder "$pcaps/$file.pcapng" --svg lab.svg
		is "$(picture lab.svg)" "$(sonde read -n "$pcaps/$file.pcapng" -T fields -e frame.number -e ip.src -e ip.dst | sed 's/\t/ /; s/\t/ > /')"
	done
	sonde ladder "$pcaps/date/role-broadcast.pcapng" --svg lab.svg
	is "$(picture lab.svg)" $'1 10.0.0.2 > all\n2 10.0.0.1 > 10.0.0.2'
}

@test "--svg is XML whatever the packets say" {
	need xmllint
	local file
	for file in "$pcaps"/{chat,date,echo,tcp,icmp,arp,icmpv6,frame}/*.pcap*; do
		[[ $file == *.expect ]] && continue
		sonde ladder "$file" --svg - >lab.svg 2>/dev/null || continue
		xmllint --noout lab.svg || { echo "$file"; return 1; }
	done
	[ -s lab.svg ]
}

@test "when no packet passes it says so" {
	run --separate-stderr sonde ladder "$pcaps/echo/tcp-two-segments.pcap" -Y arp
	is "$status" 0
	is "$output" ""
	has "$stderr" "nothing is drawn"
}
