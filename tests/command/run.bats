#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde run: a program, its packets alone, its exit status.
load live

# Ports that sonde found, sorted, each once.
ports() {
	tr '\t' '\n' <"$1" | sort -un
}

setup() {
	need python3
	PYTHON=$(python3 -c 'import sys; print(sys.executable)')
	export PYTHON
}

@test "the program's exit status is ours" {
	body() {
		local status=0
		"$SONDE" run -i lo -q -- true
		"$SONDE" run -i lo -q -- sh -c 'exit 7' || status=$?
		is "$status" 7
		status=0
		"$SONDE" run -i lo -q -- sh -c 'kill -KILL $$' || status=$?
		is "$status" 137
	}
	in_namespace body
}

@test "a program that is not there, and one that is none" {
	body() {
		local status=0
		"$SONDE" run -i lo -q -- ./no-such-program 2>"$dir/err" || status=$?
		is "$status" 127
		has "$(cat "$dir/err")" "./no-such-program cannot be executed: No such file"
		status=0
		"$SONDE" run -i lo -q -- /etc/passwd 2>"$dir/err" || status=$?
		is "$status" 126
	}
	in_namespace body
}

@test "without the right to capture nothing is started" {
	body() {
		local status=0
		setpriv --bounding-set=-all --inh-caps=-all "$SONDE" run -- touch "$dir/started" 2>"$dir/err" || status=$?
		is "$status" 2
		is "$(wc -l <"$dir/err")" 1
		has "$(cat "$dir/err")" "CAP_NET_RAW"
		[ ! -e "$dir/started" ]
	}
	in_namespace body
}

@test "CAP_NET_RAW alone is enough" {
	body() {
		setpriv --bounding-set=-all,+net_raw --inh-caps=-all "$SONDE" run -i lo -T fields -e udp.dstport -- \
			bash -c 'echo x >/dev/udp/127.0.0.1/4444' >"$dir/out" 2>"$dir/err"
		is "$(cat "$dir/out")" 4444
		has "$(cat "$dir/err")" "(seccomp)"
	}
	in_namespace body
}

@test "its packets alone, each once, by whatever interface" {
	body() {
		send 3 4441
		"$SONDE" run -T fields -e udp.dstport -- bash -c '
			echo a >/dev/udp/127.0.0.1/4444; echo other >&9; echo b >/dev/udp/127.0.0.1/4445' \
			9>"/dev/udp/127.0.0.1/4442" >"$dir/out" 2>"$dir/err"
		is "$(cat "$dir/out")" $'4444\n4442\n4445'
	}
	in_namespace body
}

@test "what it inherited: sockets that it only writes to, before any call is seen, and by its own name" {
	body() {
		"$PYTHON" - "$dir" <<-'END'
			import os, socket, subprocess, sys
			door = socket.create_server(("127.0.0.1", 4443))
			client = socket.create_connection(("127.0.0.1", 4443))
			peer, _ = door.accept()
			kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # closed by exec: not the program's
			kept.connect(("127.0.0.1", 4449))
			udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
			udp.connect(("127.0.0.1", 4442))
			with open(sys.argv[1] + "/out", "w") as out:
			    subprocess.run([os.environ["SONDE"], "run", "-i", "lo", "-T", "fields", "-e", "udp.dstport", "-e", "tcp.len",
			                    "-e", "proc.name", "-e", "proc.certainty", "--", "sh", "-c",
			                    f"echo x >&{udp.fileno()}; echo xyz >&{client.fileno()}"],
			                   stdout=out, check=True, pass_fds=[udp.fileno(), client.fileno()])
		END
		grep -q $'^4442\t\tsh' "$dir/out"
		grep -q $'^\t4\tsh' "$dir/out"
		lacks "$(cat "$dir/out")" 4449
	}
	in_namespace body
}

@test "what the program prints and its packets, in the order in which they happened" {
	body() {
		"$SONDE" run -i lo -T fields -e udp.dstport -- bash -c 'echo begin; echo a >/dev/udp/127.0.0.1/4444' >"$dir/out"
		is "$(cat "$dir/out")" $'begin\n4444'
		"$SONDE" run -i lo -w "$dir/a.pcapng" -- bash -c 'cat; echo a >/dev/udp/127.0.0.1/4444' <<<"to it" >"$dir/out"
		is "$(cat "$dir/out")" "to it"
		is "$("$SONDE" read -q "$dir/a.pcapng")" "1 packets"
		"$SONDE" run -i lo -o "$dir/packets" --json -- bash -c 'echo own; echo a >/dev/udp/127.0.0.1/4444' >"$dir/out"
		is "$(cat "$dir/out")" own
		has "$(cat "$dir/packets")" '"udp.dstport":4444'
	}
	in_namespace body
}

@test "options behind the program are the program's, with -- or without" {
	body() {
		is "$("$SONDE" run -i lo -q echo -n -w x 2>"$dir/err")" "-w x"
		is "$("$SONDE" run -i lo -q -- echo -n -w x 2>"$dir/err")" "-w x"
	}
	in_namespace body
}

@test "children, threads, executed programs, and who outlives them: all of them are its own" {
	body() {
		cat >"$dir/family.py" <<-'END'
			import os, socket, sys, threading
			def send(port):
			    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
			        udp.sendto(b"x", ("127.0.0.1", port))
			if len(sys.argv) > 1:
			    send(4446)
			    sys.exit()
			send(4444)
			thread = threading.Thread(target=send, args=(4445,))
			thread.start()
			thread.join()
			if os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, "again"]):
			    sys.exit(1)
			read, write = os.pipe()
			if os.fork() == 0:
			    os.setsid()
			    if os.fork() == 0:
			        os.close(write)
			        os.read(read, 1)  # until the others have ended
			        send(4447)
			    os._exit(0)
		END
		"$SONDE" run -i lo -T fields -e udp.dstport -- "$PYTHON" "$dir/family.py" >"$dir/out" 2>"$dir/err"
		is "$(sort "$dir/out")" $'4444\n4445\n4446\n4447'
	}
	in_namespace body
}

@test "a server as the program: connections that its children accept, to the last acknowledgement" {
	body() {
		cat >"$dir/server.py" <<-'END'
			import os, socket
			door = socket.create_server(("127.0.0.1", 4444))
			if os.fork() == 0:
			    peer, _ = door.accept()
			    peer.sendall(peer.recv(10))
			    peer.close()
			    os._exit(0)
			with socket.create_connection(("127.0.0.1", 4444)) as client:
			    client.sendall(b"hi")
			    client.recv(10)
			    client.recv(1)  # its end
			os.wait()
		END
		"$SONDE" run -i lo -T fields -E separator=, -e tcp.flags.syn -e tcp.flags.fin -- "$PYTHON" "$dir/server.py" >"$dir/out" 2>"$dir/err"
		is "$(grep -c 1,0 "$dir/out")" 2
		is "$(grep -c 0,1 "$dir/out")" 2
		is "$(tail -n 1 "$dir/out")" 0,0
	}
	in_namespace body
}

@test "SIGTERM is passed on, and what came of it is ours" {
	body() {
		mkfifo "$dir/there"
		# shellcheck disable=SC2016
		"$SONDE" run -i lo -q -- sh -c 'trap "exit 9" TERM; echo >"$1"; while :; do sleep 0.01; done' sh "$dir/there" 2>"$dir/err" &
		pid=$!
		read -r _ <"$dir/there"
		local status=0
		kill -TERM "$pid"
		wait "$pid" || status=$?
		is "$status" 9
	}
	in_namespace body
}

@test "who ends us does not break the program" {
	body() {
		mkfifo "$dir/there" "$dir/go"
		"$SONDE" run -i lo -q -- bash -c 'trap "" INT; echo >"$1"; read -r _ <"$2"
			echo x >/dev/udp/127.0.0.1/4444 && echo sent >"$3"' bash "$dir/there" "$dir/go" "$dir/sent" 2>"$dir/err" &
		pid=$!
		read -r _ <"$dir/there"
		kill -KILL "$pid"
		wait "$pid" || true
		echo >"$dir/go"
		until [ -s "$dir/sent" ]; do
			:
		done
		is "$(cat "$dir/sent")" sent
	}
	in_namespace body
}

@test "signals and descriptors are the program's as they were ours" {
	body() {
		local alone run
		# shellcheck disable=SC2016
		local what='grep -E "^(SigBlk|SigIgn|NoNewPrivs)" /proc/self/status; ls /proc/self/fd | wc -l; ulimit -n'
		alone=$(bash -c "$what")
		run=$("$SONDE" run -i lo -q -- bash -c "$what" 2>"$dir/err")
		is "$run" "$alone"
	}
	in_namespace body
}

@test "thousands of sockets in one program" {
	body() {
		"$SONDE" run -i lo -q -w "$dir/a.pcapng" -- "$PYTHON" -c '
import socket
for i in range(3000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", ("127.0.0.1", 4444))' 2>"$dir/err"
		is "$("$SONDE" read -q "$dir/a.pcapng")" "3000 packets"
	}
	in_namespace body
}

@test "without seccomp the sockets are looked for, and it is said" {
	body() {
		# It goes on until a packet of its has been found.
		"$SONDE" run -i lo --way poll -l -o "$dir/out" -T fields -e udp.dstport -- "$PYTHON" -c '
import os, socket, sys
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(("127.0.0.1", 4444))
while not os.stat(sys.argv[1]).st_size:
    udp.sendto(b"x", ("127.0.0.1", 4444))
    ear.recv(9)' "$dir/out" 2>"$dir/err"
		has "$(cat "$dir/err")" "(poll)"
		is "$(sort -u "$dir/out")" 4444
	}
	in_namespace body
}

# Where the hierarchy of version 2 shows this process's own cgroup.
own_cgroup() {
	local mount
	mount=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)
	[ -n "$mount" ] || skip "there is no cgroup of version 2"
	CGROUP=$mount$(sed -n 's/^0:://p' /proc/self/cgroup)
	[ -w "$CGROUP" ] || skip "no cgroup may be made in $CGROUP"
	export CGROUP
}

@test "a cgroup of its own: its sockets and its descendants', and none that it inherited" {
	own_cgroup
	body() {
		cat >"$dir/family.py" <<-'END'
			import os, socket, subprocess, sys, time
			def talk(port):
			    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
			    ear.bind(("127.0.0.1", port))
			    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
			    udp.connect(("127.0.0.1", port))
			    for i in range(20):
			        udp.send(b"x")
			        ear.recv(9)
			        time.sleep(0.001)
			talk(int(sys.argv[1]))
			if sys.argv[1] == "4444":
			    subprocess.run([sys.executable, __file__, "4445"], check=True, start_new_session=True)
			    os.write(9, b"inherited")
			    with open("/proc/self/cgroup") as own:
			        print(own.read().split("0::")[1].split()[0].split("/")[-1])
		END
		"$SONDE" run -i lo --way cgroup -o "$dir/packets" -T fields -e udp.dstport -- "$PYTHON" "$dir/family.py" 4444 \
			9>"/dev/udp/127.0.0.1/4442" >"$dir/out" 2>"$dir/err"
		has "$(cat "$dir/err")" "(cgroup)"
		has "$(cat "$dir/out")" sonde-
		is "$(grep -v 4442 "$dir/packets" | sort -u)" $'4444\n4445'
		[ ! -e "$CGROUP/$(cat "$dir/out")" ]
	}
	in_namespace body
}

@test "under another supervisor, which the kernel allows once, the cgroup is taken" {
	own_cgroup
	body() {
		"$SONDE" run -i lo -q -- "$SONDE" run -i lo -q -- true 2>"$dir/err"
		has "$(cat "$dir/err")" "(seccomp)"
		has "$(cat "$dir/err")" "(cgroup)"
	}
	in_namespace body
}

@test "without a cgroup of version 2 that way is refused, and another is taken" {
	own_cgroup
	body() {
		local status=0
		# shellcheck disable=SC2016
		unshare -m bash -c 'umount -l $(findmnt -n -o TARGET -t cgroup2) && "$@"' bash \
			"$SONDE" run -i lo -q --way cgroup -- touch "$dir/started" 2>"$dir/err" || status=$?
		is "$status" 126
		has "$(cat "$dir/err")" "cgroup for the program cannot be made"
		[ ! -e "$dir/started" ]
		# shellcheck disable=SC2016
		unshare -m bash -c 'umount -l $(findmnt -n -o TARGET -t cgroup2) && "$@"' bash \
			"$SONDE" run -i lo -q -- "$SONDE" run -i lo -q -- true 2>"$dir/err"
		has "$(cat "$dir/err")" "(poll)"
	}
	in_namespace body
}

@test "who ends us leaves no cgroup behind the program" {
	own_cgroup
	body() {
		local folder
		mkfifo "$dir/there" "$dir/go"
		# shellcheck disable=SC2016
		"$SONDE" run -i lo -q --way cgroup -- bash -c 'sed -n s/^0:://p /proc/self/cgroup >"$1"; read -r _ <"$2"' \
			bash "$dir/there" "$dir/go" 2>"$dir/err" &
		pid=$!
		read -r folder <"$dir/there"
		folder=$CGROUP/${folder##*/}
		[ -d "$folder" ]
		kill -KILL "$pid"
		wait "$pid" || true
		echo >"$dir/go"
		while [ -e "$folder" ]; do
			:
		done
	}
	in_namespace body
}

@test "what cannot be is refused in words" {
	body() {
		local status=0
		"$SONDE" run -i lo 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "which program?"
		status=0
		"$SONDE" run -w - -- true 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "standard output is the program's"
		status=0
		"$SONDE" run --way magic -- true 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "no such way"
		status=0
		"$SONDE" run --user no-such-user -- touch "$dir/started" 2>"$dir/err" || status=$?
		is "$status" 2
		is "$(wc -l <"$dir/err")" 1
		[ ! -e "$dir/started" ]
		has "$(cat "$dir/err")" "no such user"
	}
	in_namespace body
}

@test "--user: the program is another, and its packets are found" {
	getent passwd nobody >/dev/null || skip "there is no user nobody"
	body() {
		"$SONDE" run -i lo --user nobody -T fields -e udp.dstport -- bash -c 'id -un; echo x >/dev/udp/127.0.0.1/4444' >"$dir/out" 2>"$dir/err"
		is "$(cat "$dir/out")" $'nobody\n4444'
	}
	in_namespace body
}
