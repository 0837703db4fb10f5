#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde filter, and display filters at work in sonde read.
load common

@test "a filter in words and steps" {
	run --separate-stderr sonde filter 'udp.port == 5555 && frame.len > 60'
	is "$status" 0
	is "$stderr" ""
	is "${lines[0]}" "A packet passes when"
	has "$output" "at least one udp.port (Source or Destination Port) is 5555"
	has "$output" "frame.len (Length) is above 60"
	has "$output" "within"
}

@test "words are joined" {
	run sonde filter udp.port == 5555
	is "$status" 0
	has "$output" "is 5555"
}

@test "an empty filter lets everything pass" {
	run sonde filter ''
	is "$status" 0
	is "$output" "Every packet passes."
}

@test "a field that needs a second reading is told" {
	run sonde filter 'tcp.stream == 0'
	is "$status" 0
	has "$output" "what earlier packets tell"
}

@test "quiet: the exit status alone" {
	run --separate-stderr sonde filter -q 'udp'
	is "$status" 0
	is "$output$stderr" ""
	run --separate-stderr sonde filter -q 'udp ='
	is "$status" 2
	is "$output" ""
}

@test "a mistake, its place and the right form" {
	run --separate-stderr sonde filter 'udp.port = 5555'
	is "$status" 2
	is "$output" ""
	is "$stderr" "sonde filter: '=' is no sign of a display filter; did you mean '=='?
  udp.port = 5555
           ^
  udp.port == 5555"
}

@test "a capture filter in the wrong place" {
	run --separate-stderr sonde read -Y 'port 5555' "$pcaps/chat/copies.pcap"
	is "$status" 2
	has "$stderr" "give it with -f"
	has "$stderr" "udp.port == 5555 or tcp.port == 5555"
}

@test "nothing of the expression reaches the terminal raw" {
	run --separate-stderr sonde filter $'ip.src == \e[31m\x07'
	is "$status" 2
	lacks "$stderr" $'\e'
	lacks "$stderr" $'\x07'
	has "$stderr" '\x1b'
}

@test "the place is marked when escapes stand before it" {
	run --separate-stderr sonde filter 'chat.text == "\x41\\" and ip = 5'
	is "$status" 2
	is "${stderr_lines[1]}" '  chat.text == "\x41\\" and ip = 5'
	is "${stderr_lines[2]}" '                               ^'
}

@test "no filter at all" {
	refused filter
	has "$stderr" "which filter?"
}

@test "read with a display filter shows the packets that pass" {
	run sonde read -n -T fields -e frame.number -Y 'frame.number in {2, 4..5} and not frame.number == 4' \
		"$pcaps/chat/copies.pcap"
	is "$status" 0
	is "$output" $'2\n5'
}

# column N SECTION: the filters of that column in the tables of docs/filters.md below the heading; \| is a bar.
column() {
	awk -v n="$1" -v section="## $2" '
		/^## / { inside = $0 == section }
		inside && /^\| `/ { gsub(/\\\|/, "\001"); split($0, cells, "|"); cell = cells[n + 1]
			gsub(/^ *`|` *$/, "", cell); gsub(/\001/, "|", cell); print cell }' "$top/docs/filters.md"
}

@test "the filters of the manual are filters" {
	local section filter count=0
	for section in 'One test' 'Several tests' 'More than one value' 'Parts, arithmetic, functions' \
		'Fields that know other packets'; do
		while IFS= read -r filter; do
			sonde filter -q "$filter" || { echo "refused: $filter"; return 1; }
			count=$((count + 1))
		done < <(column 1 "$section")
	done
	[ "$count" -gt 35 ]
}

@test "the mistakes of the manual are refused, and their right forms are filters" {
	local filter count=0
	while IFS= read -r filter; do
		run sonde filter -q "$filter"
		is "$filter: $status" "$filter: 2"
		count=$((count + 1))
	done < <(column 1 'Mistakes, and what is said of them')
	while IFS= read -r filter; do
		sonde filter -q "$filter" || { echo "refused: $filter"; return 1; }
	done < <(column 2 'Mistakes, and what is said of them')
	[ "$count" -gt 8 ]
}

@test "a form that would be refused too is not proposed" {
	run sonde filter 'udp.port == "abc"'
	is "$status" 2
	lacks "$output" "udp.port == abc"
	run sonde filter 'udp.port == "55"'
	has "$output" "udp.port == 55"
}
