#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde stats: the tables, their forms, and what is refused.
load common

setup() {
	pair=$pcaps/date/python-reply.pcap
}

# stats FILE WORDS...: the capture stands below pcaps/.
stats() {
	local file=$1
	shift
	sonde stats "$pcaps/$file" "$@"
}

@test "hierarchy: a tree of layers" {
	is "$(stats vlan/tagged.pcap hierarchy)" \
"protocol      packets  percent  octets  octets_percent
eth                 3   100.00     166          100.00
  vlan              3   100.00     166          100.00
    ip              1    33.33      50           30.12
      udp           1    33.33      50           30.12
        date        1    33.33      50           30.12
    ipv6            1    33.33      70           42.17
      udp           1    33.33      70           42.17
        date        1    33.33      70           42.17
    arp             1    33.33      46           27.71"
}

@test "hierarchy: a quoted packet is no part of the tree, nor are two lines in a segment two layers" {
	is "$(stats icmp/port-unreachable.pcap hierarchy -T csv)" \
"path,protocol,depth,packets,percent,octets,octets_percent
eth,eth,1,2,100.00,120,100.00
eth:ip,ip,2,2,100.00,120,100.00
eth:ip:udp,udp,3,1,50.00,46,38.33
eth:ip:udp:date,date,4,1,50.00,46,38.33
eth:ip:icmp,icmp,3,1,50.00,74,61.67"
	is "$(stats chat/two-lines-in-one-segment.pcap hierarchy -T csv | cut -d, -f1 | tr '\n' ' ')" \
		"path eth eth:ip eth:ip:tcp eth:ip:tcp:chat "
}

@test "endpoints: addresses, or addresses with ports" {
	is "$(stats date/python-reply.pcap endpoints)" \
"address   packets  octets  sent_packets  sent_octets  received_packets  received_octets
10.0.0.2        2     111             1           42                 1               69
10.0.0.1        2     111             1           69                 1               42"
	is "$(stats date/python-reply.pcap endpoints --by udp -T csv)" \
"address,port,packets,octets,sent_packets,sent_octets,received_packets,received_octets
10.0.0.2,40000,2,111,1,42,1,69
10.0.0.1,5555,2,111,1,69,1,42"
	is "$(stats date/ipv6-reply.pcap endpoints --by eth -T csv | cut -d, -f1,2)" \
		$'address,packets\n02:00:00:00:00:02,2\n02:00:00:00:00:01,2'
	is "$(stats arp/who-has.pcap endpoints)" "no packet has IP ends: see --by"
}

@test "conversations: both ways, when, in which state, of which application" {
	is "$(stats tcp/refused.pcap conversations)" \
"protocol  stream  from            to             packets  octets  back_packets  back_octets        start     duration  state    application
tcp            0  10.0.0.2:40000  10.0.0.1:5000        1      54             1           54  0.000000000  0.001000000  refused"
	is "$(stats date/role-tcp-v4.pcapng conversations -T csv)" \
"protocol,stream,from,to,packets,octets,back_packets,back_octets,start,duration,state,application
tcp,0,10.0.0.2:55468,10.0.0.1:5555,4,272,4,299,0.000000000,0.000282744,closed,date"
	is "$(stats gre/packets.pcap conversations --by ip -T csv)" \
"from,to,packets,octets,back_packets,back_octets,start,duration
10.0.0.2,10.0.0.1,5,352,0,0,0.000000000,0.005000000
fd00::2,fd00::1,1,98,0,0,0.003000000,0.000000000"
	is "$(stats gre/packets.pcap conversations --by tcp)" ""
}

@test "conversations have the numbers of tcp.stream and udp.stream" {
	local stream
	for stream in 0 1; do
		is "$(stats chat/leaked.pcap conversations -T json | jq -r "select(.stream == $stream).from")" \
			"$(sonde read "$pcaps/chat/leaked.pcap" -Y "tcp.stream == $stream" -T fields -e ip.src -e tcp.srcport -E separator=: | head -1)"
	done
}

@test "rate: intervals, and a bar for people only" {
	is "$(COLUMNS=50 stats date/broadcast-announce.pcap rate --interval 500ms)" \
"      begin  packets  octets  packets_bar
0.000000000        1      74  ####################
0.500000000        1      72  ####################
1.000000000        1      74  ####################"
	is "$(stats date/broadcast-announce.pcap rate -T csv)" $'begin,packets,octets\n0.000000000,2,146\n1.000000000,1,74'
	is "$(stats date/broadcast-announce.pcap rate --interval 100ms -T csv | wc -l)" 12
}

@test "lengths: tshark's buckets" {
	is "$(stats vlan/tagged.pcap lengths | head -5)" \
"length         packets  percent  average  min  max
all                  3   100.00    55.33   46   70
0-19                 0
20-39                0
40-79                3   100.00    55.33   46   70"
	is "$(stats vlan/tagged.pcap lengths | wc -l)" 12
}

@test "dialogues: a row a server, or a row a request" {
	is "$(stats date/late.pcap dialogues -T csv)" \
"protocol,transport,server,requests,answered,unanswered,refused,again,late,min,avg,p50,p99,max
date,udp,10.0.0.1:5555,1,1,0,0,0,1,1.500000000,1.500000000,1.500000000,1.500000000,1.500000000"
	is "$(stats echo/transforms.pcap dialogues -T csv | tail -1)" \
		"echo,udp,10.0.0.1:7,8,8,0,0,0,0,0.001000000,0.001000000,0.001000000,0.001000000,0.001000000"
	is "$(stats echo/transforms.pcap dialogues --each -T csv | sed -n '1,2p;9p')" \
'protocol,transport,stream,client,server,request,response,start,response_time,status
echo,udp,0,10.0.0.2:40000,10.0.0.1:7,1,2,0.000000000,0.001000000,"answered, upper case"
echo,udp,0,10.0.0.2:40000,10.0.0.1:7,15,16,0.014000000,0.001000000,"answered, not what was sent"'
	is "$(stats date/refused.pcap dialogues --each -T json | jq -r '[.request, .response, .response_time, .status] | map(tostring) | join(" ")')" \
		"1 null null refused"
	is "$(stats arp/who-has.pcap dialogues)" "no date or echo request was seen"
}

@test "chat: a row a user" {
	is "$(stats chat/leaked.pcap chat -T csv | cut -d, -f1,2,7,8,9)" \
"user,from,lines,private,heard
alice,10.0.0.2:40000,1,1,0
bob,10.0.0.3:40000,0,0,1
carol,10.0.0.4:40000,0,0,1"
	is "$(stats arp/who-has.pcap chat)" "no chat was seen"
}

@test "chat: a name cannot write to the terminal" {
	run sonde stats "$pcaps/chat/escape-in-text.pcap"
	is "$status" 0
	lacks "$output" $'\033'
}

# health_says FILE SEVERITY WHAT PACKETS: the only finding of the capture.
health_says() {
	is "$(stats "$1" health -T json | jq -r '[.severity, .what, .packets] | join("|")')" "$2|$3|$4"
}

@test "health: what goes wrong, in words" {
	need jq
	health_says icmp/port-unreachable.pcap error "nobody listens on UDP port 5555 at 10.0.0.1" 2
	health_says tcp/refused.pcap error "nobody listens on TCP port 5000 at 10.0.0.1: the connection was refused" 2
	health_says date/unanswered.pcap error "no answer from 10.0.0.1:5555 to a date request" 1
	health_says date/answered-twice.pcap warning "10.0.0.1:5555 answered a date request more than once" 1
	health_says date/late.pcap warning "10.0.0.1:5555 took more than a second to answer a date request" 2
	health_says echo/tcp-upper.pcap note "10.0.0.1:3500 does not send back what it was sent: upper case" 6
	health_says chat/leaked.pcap error "a private line of alice was heard by others than whom it was for (copies: 2)" 22
	health_says chat/role-tcp-v4.pcapng note \
		"the server 10.0.0.1:5000 closed first: its port stays busy a while (TIME_WAIT)" 10
	health_says frame/every-option.pcapng warning "the capture lost 3 packets right before these" 1
	health_says igmp/v2-join.pcap error "wrong IGMP checksum in what 10.0.0.2 sent" 4
	health_says ip/cut-by-snaplen.pcap note "the capture cut packets short: what is behind cannot be seen" "1, 2, 3, 4, 5"
	health_says ip/fragments-overlap.pcap warning "fragments of packets from 10.0.0.2 overlap" "4, 8, 13"
	health_says date/python-reply.pcap ok "nothing wrong was found in 2 packets" ""
}

@test "health: errors come first, and not every packet is listed" {
	is "$(stats icmpv6/errors.pcap health -T csv | tail -n +2 | cut -d, -f1 | tr '\n' ' ')" "error warning warning note "
	has "$(stats frame/every-flag.pcapng health)" "  1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more"
}

@test "health: a checksum that was left to the hardware is none that is wrong" {
	is "$(stats udp/offload-checksum.pcapng health -T csv | grep -c checksum)" 1
	lacks "$(stats udp/offload-checksum.pcapng health -Y 'frame.number < 4')" checksum
	has "$(stats udp/bad-checksum.pcap health)" "wrong UDP checksum in what "
}

@test "--strict asks for a status" {
	sonde stats "$pair" health --strict
	sonde stats "$pcaps/date/late.pcap" health --strict
	sonde stats "$pcaps/date/refused.pcap" health
	run -1 sonde stats "$pcaps/date/refused.pcap" health --strict
	run -1 sonde stats "$pcaps/date/refused.pcap" --strict
}

@test "at a glance: headings, and no table without rows" {
	is "$(stats date/python-reply.pcap | grep -v '  ' | tr '\n' ' ')" "Protocols  Conversations  Dialogues  Health "
	is "$(stats arp/who-has.pcap)" \
"Protocols
protocol  packets  percent  octets  octets_percent
eth             2   100.00      84          100.00
  arp           2   100.00      84          100.00

Health
severity  count  what                                  packets
ok               nothing wrong was found in 2 packets"
	is "$(stats pcap/empty.pcap)" \
"Health
severity  count  what                                  packets
ok               nothing wrong was found in 0 packets"
}

@test "a table is shown once, in the order in which it was asked for" {
	is "$(stats date/python-reply.pcap lengths endpoints lengths | grep -v '  ' | tr '\n' ' ')" "Packet lengths  Endpoints "
}

@test "JSON: one object a row; with several tables each says which" {
	need jq
	is "$(sonde stats "$pair" endpoints -T json)" "$(sonde stats "$pair" endpoints --json)"
	is "$(sonde stats "$pair" endpoints --json | jq -r '[has("table"), .address, .octets] | join(" ")')" \
		$'false 10.0.0.2 111\nfalse 10.0.0.1 111'
	is "$(sonde stats "$pair" --json | jq -r .table | sort | uniq -c | tr -s ' \n' ' ')" \
		" 1 conversations 1 dialogues 1 health 4 hierarchy "
	is "$(stats chat/leaked.pcap conversations --json | jq -r .stream | sort -n | tr '\n' ' ')" "0 1 2 "
}

@test "CSV has one table" {
	is "$(sonde stats "$pair" health --csv)" $'severity,count,what,packets\nok,,nothing wrong was found in 2 packets,'
	refused stats "$pair" -T csv
	has "$stderr" "one table"
	refused stats "$pair" health lengths -T csv
}

@test "--sort and --top" {
	is "$(stats gre/packets.pcap endpoints --sort octets -T csv | cut -d, -f3 | tr '\n' ' ')" "octets 352 352 98 98 "
	is "$(stats icmpv6/errors.pcap health --sort packets -T csv | cut -d, -f1 | tail -1)" warning
	is "$(stats chat/leaked.pcap conversations --sort from --top 1 -T csv | tail -1 | cut -d, -f3)" 10.0.0.2:40000
	is "$(stats chat/leaked.pcap conversations --top 1 | tail -1)" "and 2 more"
	is "$(stats chat/leaked.pcap conversations --top 1 -T csv 2>/dev/null | wc -l)" 2
	has "$(stats chat/leaked.pcap conversations --top 1 -T csv 2>&1 >/dev/null)" "and 2 more"
	refused stats "$pair" endpoints --sort octet
	has "$stderr" "did you mean octets?"
	refused stats "$pair" --sort octets
}

@test "-Y, -f and -c choose packets" {
	is "$(sonde stats "$pair" hierarchy -T csv -f 'udp src port 5555' | sed -n 2p)" "eth,eth,1,1,100.00,69,100.00"
	is "$(sonde stats "$pair" hierarchy -T csv -Y 'udp.srcport == 5555' | sed -n 2p)" "eth,eth,1,1,100.00,69,100.00"
	is "$(sonde stats "$pair" hierarchy -T csv -c 1 | sed -n 2p)" "eth,eth,1,1,100.00,42,100.00"
	is "$(sonde stats "$pair" conversations -T csv -Y 'date.reply' | tail -1)" \
		"udp,0,10.0.0.2:40000,10.0.0.1:5555,0,0,1,69,0.001000000,0.000000000,,date"
	is "$(sonde stats "$pair" conversations -T csv -Y arp)" "$(sonde stats "$pair" conversations -T csv | head -1)"
	is "$(sonde stats "$pair" dialogues --each -T csv -Y 'date.reply' | wc -l)" 2
	is "$(sonde stats "$pair" dialogues --each -T csv -Y arp 2>/dev/null | wc -l)" 1
	is "$(stats date/unanswered.pcap health -T csv -Y 'frame.number == 1' | cut -d, -f1 | tail -1)" error
	is "$(stats date/unanswered.pcap health -T csv -Y arp | cut -d, -f1 | tail -1)" ok
}

@test "-d decodes" {
	lacks "$(stats udp/data-on-unknown-port.pcap hierarchy -T csv)" echo
	has "$(stats udp/data-on-unknown-port.pcap hierarchy -T csv -d udp.port==40001,echo)" eth:ip:udp:echo,
}

@test "standard input" {
	is "$(sonde stats - hierarchy <"$pair")" "$(sonde stats "$pair" hierarchy)"
}

@test "a capture that is cut: what it holds, then the error" {
	run --separate-stderr sonde stats "$pcaps/pcap/cut-in-packet.pcap" endpoints
	is "$status" 2
	is "${#lines[@]}" 3
	has "$stderr" "cut in packet 2"
}

@test "what is refused" {
	refused stats
	refused stats "$pair" conversatoins
	has "$stderr" "did you mean 'conversations'?"
	refused stats "$pair" --by mac endpoints
	refused stats "$pair" -T xml health
	refused stats "$pair" rate --interval 0
	run -2 --separate-stderr sonde stats "$pair" -Y 'udp.port = 5555'
	has "$stderr" "udp.port == 5555"
	run -2 --separate-stderr sonde stats "$pair" -Y 'ip.srcc'
	has "$stderr" ip.srcc
	refused stats /nonexistent
	refused stats "$top/README.md"
}

@test "what the document shows is what comes out" {
	local line command="" expected="" shown=0
	while IFS= read -r line; do
		case $line in
		'$ sonde '*)
			command=${line#\$ sonde }
			expected=""
			;;
		'```')
			[ -n "$command" ] || continue
			# The words of the example are words here too.
			# shellcheck disable=SC2086
			is "$(cd "$top" && COLUMNS=80 sonde $command 2>/dev/null)" "${expected%$'\n'}"
			shown=$((shown + 1))
			command=""
			;;
		*)
			expected+=$line$'\n'
			;;
		esac
	done <"$top/docs/statistics.md"
	is "$shown" 3
}

@test "the words in the wrong order" {
	refused stats health "$pair"
	has "$stderr" "the file comes first, as in sonde stats FILE health"
}

@test "what comes in a file and what comes through a pipe are counted alike" {
	python3 "$here/many.py" 12 "$BATS_TEST_TMPDIR/many.pcap" "$pcaps"/{chat,date,echo,icmp,ip,ipv6,tcp,udp}/*.pcap
	for table in hierarchy endpoints conversations rate dialogues chat health lengths; do
		cmp <(sonde stats "$BATS_TEST_TMPDIR/many.pcap" $table -T csv) <(sonde stats - $table -T csv <"$BATS_TEST_TMPDIR/many.pcap")
	done
	cmp <(sonde follow "$BATS_TEST_TMPDIR/many.pcap" tcp 30 --messages) <(sonde follow - tcp 30 --messages <"$BATS_TEST_TMPDIR/many.pcap")
}

@test "a long table is made by two threads, and comes in order" {
	python3 "$here/flows.py" 5000 "$BATS_TEST_TMPDIR/flows.pcap"
	for form in csv plain json; do
		sonde stats "$BATS_TEST_TMPDIR/flows.pcap" conversations -T $form >"$BATS_TEST_TMPDIR/$form"
		cmp "$BATS_TEST_TMPDIR/$form" <(sonde stats - conversations -T $form <"$BATS_TEST_TMPDIR/flows.pcap")
	done
	is "$(cut -d, -f2 "$BATS_TEST_TMPDIR/csv")" "$(echo stream; seq 0 4999)"
	is "$(awk '{ print index($0, ":5555") }' "$BATS_TEST_TMPDIR/plain" | sort -u | tr '\n' ' ')" "0 46 "
	is "$(jq -r '.from + .start' "$BATS_TEST_TMPDIR/json" | sed -n 4097p)" "10.1.16.0:400014096.000000000"
	run sonde stats "$BATS_TEST_TMPDIR/flows.pcap" conversations
	is "${#lines[@]}" 5001
}
