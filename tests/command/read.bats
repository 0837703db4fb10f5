#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde read: which packets, from where, and in which form.
load common

setup() {
	pair=$pcaps/date/python-reply.pcap
	stops=$BATS_TEST_TMPDIR
}

@test "-c stops after N packets" {
	is "$(sonde read -n "$pcaps/chat/join-nick-leave.pcap" -c 3 | wc -l)" 3
	is "$(sonde read -q "$pcaps/chat/join-nick-leave.pcap" -c 3)" "3 packets"
}

@test "-r names the file" {
	is "$(sonde read -n -r "$pair")" "$(sonde read -n "$pair")"
	is "$(sonde read -q -r "$pair" udp src port 5555)" "1 packets"
}

@test "-f and trailing words are a capture filter" {
	is "$(sonde read -q "$pair" -f 'udp dst port 5555')" "1 packets"
	is "$(sonde read -q "$pair" udp dst port 5555)" "1 packets"
	is "$(sonde read -q "$pair" -- udp port 5555)" "2 packets"
	is "$(sonde read -q "$pair" host 10.0.0.1 and not port 5555)" "0 packets"
}

@test "a filter keeps the numbers of the packets" {
	is "$(sonde read "$pair" -T fields -e frame.number udp src port 5555)" 2
}

@test "a filter works in a file of several link types" {
	is "$(sonde read "$pcaps/pcapng/several-link-types.pcapng" -T fields -e frame.number udp dst port 5555 | tr '\n' ' ')" "1 2 3 4 "
}

@test "-T fields: separators" {
	is "$(sonde read "$pair" -T fields -e ip.src -e udp.srcport)" $'10.0.0.2\t40000\n10.0.0.1\t5555'
	is "$(sonde read "$pair" -T fields -e ip.src -e udp.srcport -E separator=,)" $'10.0.0.2,40000\n10.0.0.1,5555'
	is "$(sonde read "$pair" -T fields -e ip.src -e udp.srcport -E separator=/s)" $'10.0.0.2 40000\n10.0.0.1 5555'
	is "$(sonde read "$pair" -T fields -e ip.src -e udp.srcport -E separator=/t)" $'10.0.0.2\t40000\n10.0.0.1\t5555'
}

@test "-T fields: header, quotes" {
	is "$(sonde read "$pair" -c 1 -T fields -e ip.src -e udp.srcport -E header=y)" $'ip.src\tudp.srcport\n10.0.0.2\t40000'
	is "$(sonde read "$pair" -c 1 -T fields -e ip.src -e tcp.srcport -E quote=d -E separator=,)" '"10.0.0.2",'
	is "$(sonde read "$pair" -c 1 -T fields -e ip.src -E quote=s)" "'10.0.0.2'"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.src -E quote=n)" "10.0.0.2"
}

@test "-T fields: occurrences and aggregator" {
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr)" "10.0.0.2,10.0.0.1"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr -E occurrence=f)" "10.0.0.2"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr -E occurrence=l)" "10.0.0.1"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr -E occurrence=a)" "10.0.0.2,10.0.0.1"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr -E 'aggregator=;')" "10.0.0.2;10.0.0.1"
	is "$(sonde read "$pair" -c 1 -T fields -e ip.addr -E aggregator=/s)" "10.0.0.2 10.0.0.1"
}

@test "-T fields says what tshark says" {
	need tshark
	local fields=(-e frame.number -e frame.time_epoch -e frame.len -e eth.src -e ip.src -e ip.ttl -e ip.id -e udp.port -e udp.payload
		-e tcp.flags -e tcp.seq_raw) file
	for file in date/python-reply echo/tcp-upper tcp/options vlan/tagged; do
		is "$(sonde read -n "$pcaps/$file.pcap" -T fields "${fields[@]}")" \
			"$(tshark -n -r "$pcaps/$file.pcap" -T fields "${fields[@]}" 2>/dev/null)"
	done
}

@test "-e keeps chosen fields in JSON" {
	need jq
	is "$(sonde read "$pair" -T json -e ip.src | head -1 | jq -r '[.. | strings] | join(",")')" 10.0.0.2
}

@test "-t: the forms of time" {
	local file=$pcaps/frame/times.pcap
	column() {
		sonde read -n "$file" -c 4 -t "$1" | sed -E "s/^ *[0-9]+ +//; s/ +10\\.0\\.0\\.2.*//" | tr '\n' '|'
	}
	is "$(column a)" "12:00:00.000000|12:00:00.000000|12:00:01.000000|12:00:00.500000|"
	is "$(column ad)" "2026-01-31 12:00:00.000000|2026-01-31 12:00:00.000000|2026-01-31 12:00:01.000000|2026-01-31 12:00:00.500000|"
	is "$(column d)" "0.000000|0.000000|1.000000|-0.500000|"
	is "$(column dd)" "0.000000|0.000000|1.000000|-0.500000|"
	is "$(column e)" "1769860800.000000|1769860800.000000|1769860801.000000|1769860800.500000|"
	is "$(column r)" "0.000000|0.000000|1.000000|0.500000|"
	is "$(TZ=Asia/Tokyo column u)" "12:00:00.000000|12:00:00.000000|12:00:01.000000|12:00:00.500000|"
	is "$(TZ=Asia/Tokyo column ud)" "2026-01-31 12:00:00.000000|2026-01-31 12:00:00.000000|2026-01-31 12:00:01.000000|2026-01-31 12:00:00.500000|"
}

@test "-t a is local time" {
	[ -e /usr/share/zoneinfo/Asia/Tokyo ] || skip "the time zones (tzdata) are not installed"
	has "$(TZ=Asia/Tokyo sonde read -n "$pair" -c 1)" " 21:00:00.000000 "
	has "$(TZ=Asia/Tokyo sonde read -n "$pair" -c 1 -t ad)" " 2026-01-31 21:00:00.000000 "
}

@test "-t behind a filter counts from packets that pass, as tcpdump does" {
	local file=$pcaps/chat/tcp-private-message.pcap
	has "$(sonde read -n "$file" -t d 'tcp[13] & 8 != 0' | sed -n 2p)" " 0.002000 "
	has "$(sonde read -n "$file" -t dd 'tcp[13] & 8 != 0' | sed -n 2p)" " 0.002000 "
	has "$(sonde read -n "$file" -t r 'tcp[13] & 8 != 0' | sed -n 1p)" " 0.000000 "
}

@test "a nanosecond capture shows nanoseconds" {
	has "$(sonde read -n "$pcaps/pcap/nanoseconds.pcap")" "12:00:00.123456789"
	has "$(sonde read -n "$pcaps/pcapng/nanoseconds.pcapng")" "12:00:00.123456789"
	lacks "$(sonde read -n "$pcaps/pcap/microseconds.pcap")" "12:00:00.123456789"
}

@test "--zone: dates that name no zone" {
	need jq
	clock() {
		sonde read "$pair" -T json "$@" | jq -r '.date."date.clock_offset" // empty'
	}
	is "$(clock)" "0.122456000"
	is "$(clock --zone +01:00)" "-3599.877544000"
	is "$(clock --zone -03:30)" "12600.122456000"
	[ -e /usr/share/zoneinfo/Asia/Tokyo ] || skip "the time zones (tzdata) are not installed"
	is "$(TZ=Asia/Tokyo clock)" "-32399.877544000"
}

@test "-d decodes as" {
	is "$(sonde read "$pcaps/udp/data-on-unknown-port.pcap" -T fields -e frame.protocols -c 1)" "eth:ip:udp:data"
	is "$(sonde read "$pcaps/udp/data-on-unknown-port.pcap" -T fields -e frame.protocols -c 1 -d udp.port==40001,echo)" "eth:ip:udp:echo"
	is "$(sonde read "$pair" -T fields -e frame.protocols -d udp.port==5555,chat -c 2 | tail -1)" "eth:ip:udp:chat"
	is "$(sonde read "$pcaps/tcp/handshake.pcap" -T fields -e frame.protocols -d tcp.port==8000-8100,chat | sed -n 4p)" "eth:ip:tcp:chat"
}

@test "-n leaves out service names" {
	grep -q '^rplay.*5555/udp' /etc/services || skip "/etc/services does not name 5555"
	has "$(sonde read "$pair")" "10.0.0.1:rplay"
	has "$(sonde read -n "$pair")" "10.0.0.1:5555"
}

@test "standard input" {
	is "$(sonde read -n - <"$pair")" "$(sonde read -n "$pair")"
	is "$(cat "$pcaps/pcapng/all-blocks.pcapng" | sonde read -n -)" "$(sonde read -n "$pcaps/pcapng/all-blocks.pcapng")"
}

@test "gzip and zstd" {
	need gzip zstd
	for file in pcap/microseconds.pcap pcapng/all-blocks.pcapng; do
		gzip -c "$pcaps/$file" >"$stops/packed.gz"
		zstd -qc "$pcaps/$file" >"$stops/packed.zst"
		is "$(sonde read -n "$stops/packed.gz")" "$(sonde read -n "$pcaps/$file")"
		is "$(sonde read -n "$stops/packed.zst")" "$(sonde read -n "$pcaps/$file")"
		is "$(sonde read -n - <"$stops/packed.gz")" "$(sonde read -n "$pcaps/$file")"
	done
}

@test "packed files that are cut or not captures" {
	need gzip
	gzip -c "$pcaps/chat/join-nick-leave.pcap" >"$stops/whole.gz"
	head -c 200 "$stops/whole.gz" >"$stops/cut.gz"
	run -2 sonde read -q "$stops/cut.gz"
	echo text | gzip -c >"$stops/text.gz"
	refused read "$stops/text.gz"
	has "$stderr" "text.gz: not a capture file"
}

@test "--follow waits for what is written later" {
	head -c 100 "$pair" >"$stops/growing.pcap"
	mkfifo "$stops/out"
	"$SONDE" read -n -l --follow "$stops/growing.pcap" >"$stops/out" 2>"$stops/err" 3>&- &
	local pid=$! first second
	exec 5<"$stops/out"
	read -r -t 60 first <&5
	tail -c +101 "$pair" >>"$stops/growing.pcap"
	read -r -t 60 second <&5
	kill -TERM "$pid"
	wait "$pid"
	exec 5<&-
	has "$first" "request"
	has "$second" "reply"
}

@test "-V shows every layer, -x and -X the octets" {
	local tree
	tree=$(sonde read -n "$pair" -V -c 1)
	has "$tree" "Ethernet"
	has "$tree" "Source Port: 40000"
	has "$(sonde read -n "$pair" -x -c 1)" "0200 0000 0001 0200 0000 0002 0800" || has "$(sonde read -n "$pair" -x -c 1)" \
		"02 00 00 00 00 01 02 00"
	has "$(sonde read -n "$pcaps/echo/udp-pair.pcap" -X -c 1)" "hello"
}

@test "-w with -Y writes the packets that -Y would show" {
	local -a filter=(-Y 'frame.number == 1 || frame.time_delta_displayed > 0')
	sonde read "$pair" "${filter[@]}" -w "$stops/chosen.pcapng"
	[ "$(sonde read "$stops/chosen.pcapng" | wc -l)" -eq "$(sonde read "$pair" "${filter[@]}" | wc -l)" ]
	[ "$(sonde read "$stops/chosen.pcapng" | wc -l)" -gt 1 ]
}

# Enough packets for several batches; columns grow, messages and datagrams span packets.
make_many() {
	python3 "$here/many.py" 12 "$stops/many.pcap" "$pcaps"/{chat,date,echo,icmp,ip,ipv6,tcp,udp}/*.pcap
}

@test "two threads show what one does, in every form" {
	make_many
	for form in "" -n -V "-T json" "-T fields -e frame.number -e frame.time_delta -e ipv6.src -e chat.text -e tcp.stream"; do
		# shellcheck disable=SC2086 # words of options
		cmp <(sonde read "$stops/many.pcap" $form) <(sonde read "$stops/many.pcap" -l $form)
	done
}

@test "two threads choose and count what one does" {
	make_many
	for filter in 'chat.text matches "e"' 'tcp.analysis.flags || ipv6' 'frame.time_delta_displayed < 0.002 && udp'; do
		cmp <(sonde read "$stops/many.pcap" -t dd -Y "$filter") <(sonde read "$stops/many.pcap" -t dd -l -Y "$filter")
		cmp <(sonde read "$stops/many.pcap" -Y "$filter" -c 700) <(sonde read "$stops/many.pcap" -l -Y "$filter" -c 700)
		is "$(sonde read "$stops/many.pcap" -q -Y "$filter")" "$(sonde read "$stops/many.pcap" -Y "$filter" | wc -l) packets"
	done
	is "$(sonde read "$stops/many.pcap" -c 1000 | wc -l)" 1000
}

@test "a file that is cut shows all that is in it, also in several batches" {
	make_many
	head -c -3 "$stops/many.pcap" >"$stops/cut.pcap"
	run --separate-stderr sonde read "$stops/cut.pcap"
	is "$status" 2
	is "${#lines[@]}" "$(($(sonde read "$stops/many.pcap" | wc -l) - 1))"
	has "$stderr" "cut.pcap"
}
