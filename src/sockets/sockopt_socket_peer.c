/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of SOL_SOCKET: who is at the other end, and what is let in. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

/* The headers may be older than the kernel. */
#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#define SO_PEERPIDFD 77
#endif
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

static void show_credentials(const void *value, size_t length, struct text *out)
{
	struct ucred peer;

	if (length != sizeof peer)
		return;
	memcpy(&peer, value, sizeof peer);
	if (peer.pid)
		text_format(out, "process %d, user %u, group %u", peer.pid, peer.uid, peer.gid);
	else
		text_string(out, "nobody");
}

static void show_groups(const void *value, size_t length, struct text *out)
{
	gid_t group;

	if (length < sizeof group)
		text_string(out, "none");
	for (size_t at = 0; at + sizeof group <= length; at += sizeof group) {
		memcpy(&group, (const uint8_t *)value + at, sizeof group);
		text_format(out, "%s%u", at ? " " : "", group);
	}
}

static void show_filter(const void *value, size_t count, struct text *out)
{
	(void)value;
	if (count)
		text_format(out, "%zu instructions", count);
	else
		text_string(out, "no filter");
}

const struct sockopt sockopt_socket_peer_rows[] = {
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PASSCRED),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UNIX,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.2",
		.summary = "tell which process sent each message",
		.meaning =
			"recvmsg() gives a control message SCM_CREDENTIALS with the process id, user and group of the "
			"sender, checked by the kernel: only root can claim to be somebody else. A daemon on a unix "
			"socket so knows whom it serves. On sockets of other families it fails with EOPNOTSUPP.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: struct ucred */",
		.also = "SO_PEERCRED SO_PASSPIDFD",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEERCRED),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct ucred",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.2",
		.summary = "process, user and group at the other end",
		.meaning = "Who called connect(), listen() or socketpair() on the other end of a unix socket, as it "
			   "was at that moment. A server on a unix socket can decide by it whom it obeys. On other "
			   "sockets, and on unix ones that are not connected, the process is 0 and the user and group "
			   "are -1: TCP does not know who is at the other end.",
		.use = "struct ucred peer; socklen_t length = sizeof peer;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length);\n"
		       "printf(\"process %d, user %u\\n\", peer.pid, peer.uid);",
		.also = "SO_PASSCRED SO_PEERPIDFD SO_PEERGROUPS",
		.show = show_credentials,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEERGROUPS),
		.type = SOCKOPT_BYTES,
		.type_name = "gid_t[]",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.on = ON_UNIX,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 4.13",
		.summary = "all groups of the process at the other end",
		.meaning = "What SO_PEERCRED leaves out: the supplementary groups of the peer of a unix socket, at the "
			   "time it connected. ENODATA when nobody is connected; ERANGE when there is not enough room, "
			   "and then the length says how much is needed.",
		.use = "gid_t groups[64]; socklen_t length = sizeof groups;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length);\n"
		       "printf(\"%zu groups\\n\", length / sizeof *groups);",
		.also = "SO_PEERCRED",
		.show = show_groups,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PASSPIDFD),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UNIX,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 6.5",
		.lacking = "Linux 6.5",
		.summary = "give a pidfd of the sender with each message",
		.meaning = "recvmsg() gives a control message SCM_PIDFD: a descriptor of the process that sent the "
			   "message. A process id may be given to another process later; a pidfd stays that of the one "
			   "that sent.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PASSPIDFD, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* CMSG_DATA: int pidfd */",
		.also = "SO_PASSCRED SO_PEERPIDFD",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEERPIDFD),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_EFFECT | SOCKOPT_STATE,
		.on = ON_UNIX,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 6.5",
		.lacking = "Linux 6.5",
		.summary = "a pidfd of the process at the other end",
		.meaning = "Opens a descriptor that stands for the process that connected to this unix socket: it can "
			   "be waited for with poll(), and a signal sent through it never reaches another process that "
			   "was given the same id later. Each call makes a new descriptor, which must be closed. "
			   "ENODATA when nobody is connected.",
		.use = "int pidfd; socklen_t length = sizeof pidfd;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length);\n"
		       "close(pidfd);",
		.also = "SO_PEERCRED SO_PASSPIDFD",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PASSRIGHTS),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UNIX,
		.initial = "1",
		.who = "anybody",
		.since = "Linux 6.16",
		.lacking = "Linux 6.16",
		.summary = "take descriptors that others send over a unix socket",
		.meaning = "Anybody who may send to a unix socket can send open descriptors along (SCM_RIGHTS). "
			   "Switched off, a sender who tries gets EPERM, so that a server that wants none need not "
			   "close those that it did not ask for.",
		.use = "int off = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &off, sizeof off);\n"
		       "recvmsg(fd, &message, 0); /* never brings descriptors */",
		.also = "SO_PASSCRED",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PASSSEC),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.on = ON_UNIX,
		.initial = "0",
		.who = "anybody",
		.since = "Linux 2.6.18",
		.lacking = "CONFIG_SECURITY_NETWORK",
		.summary = "tell the sender's security label with each message",
		.meaning = "recvmsg() gives a control message SCM_SECURITY with the label that SELinux or another "
			   "security module has given to the sender. On a kernel without security modules for the "
			   "network it cannot be set.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_PASSSEC, &on, sizeof on);\n"
		       "recvmsg(fd, &message, 0); /* cmsg_type SCM_SECURITY */",
		.also = "SO_PEERSEC SO_PASSCRED",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_PEERSEC),
		.type = SOCKOPT_TEXT,
		.type_name = "char[]",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 2.6.2",
		.lacking = "a security module that labels sockets (SELinux, AppArmor, Smack)",
		.summary = "the security label of the other end",
		.meaning = "The label (context) that SELinux or another security module has given to the peer, as a "
			   "text. For unix sockets it is the peer's; for TCP it needs labelled networking. ENOPROTOOPT "
			   "when no module labels sockets.",
		.use = "char label[256]; socklen_t length = sizeof label;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_PEERSEC, label, &length);\n"
		       "printf(\"%.*s\\n\", (int)length, label);",
		.also = "SO_PASSSEC SO_PEERCRED",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ATTACH_FILTER),
		.alias = "SO_GET_FILTER",
		.type = SOCKOPT_BYTES,
		.type_name = "struct sock_fprog",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.flags = SOCKOPT_COUNT,
		.initial = "no filter",
		.who = "anybody; on TCP CAP_NET_ADMIN (older kernels ask for no right)",
		.since = "Linux 2.2; may be read since Linux 3.8",
		.summary = "a program of BPF decides which packets come in",
		.meaning = "The kernel runs the program (struct sock_fprog: an array of struct sock_filter) on each "
			   "packet, and drops what it does not let pass before it takes memory of the socket. tcpdump "
			   "and sonde capture put their filters there: tcpdump -dd prints such a program. Reading it "
			   "(SO_GET_FILTER) gives the instructions back; the length counts instructions, not octets. "
			   "One that was attached as SO_ATTACH_BPF cannot be read.",
		.use = "struct sock_fprog filter = { .len = 1, .filter = &(struct sock_filter){ 0x6, 0, 0, 96 } };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);\n"
		       "recv(fd, data, sizeof data, 0); /* 96 octets of each packet */",
		.also = "SO_DETACH_FILTER SO_LOCK_FILTER SO_ATTACH_BPF",
		.show = show_filter,
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DETACH_FILTER),
		.alias = "SO_DETACH_BPF",
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "anybody, unless SO_LOCK_FILTER is set",
		.since = "Linux 2.2",
		.summary = "take the filter away again",
		.meaning = "Removes what SO_ATTACH_FILTER or SO_ATTACH_BPF has attached; the value does not matter. "
			   "ENOENT when there is none.",
		.use = "int none = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);\n"
		       "recv(fd, data, sizeof data, 0); /* everything again */",
		.also = "SO_ATTACH_FILTER SO_LOCK_FILTER",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ATTACH_BPF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_SET,
		.initial = "none",
		.who = "whoever may load the program (CAP_BPF)",
		.since = "Linux 3.19",
		.summary = "as SO_ATTACH_FILTER, with a program of eBPF",
		.meaning = "The value is the descriptor of a program that bpf() has loaded, of the type "
			   "BPF_PROG_TYPE_SOCKET_FILTER. It decides about each packet as a classic filter does, and "
			   "can count in maps besides.",
		.use = "int program = bpf_prog_load(...);\n"
		       "setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof program);\n"
		       "close(program); /* the socket keeps it */",
		.also = "SO_ATTACH_FILTER SO_DETACH_FILTER",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_LOCK_FILTER),
		.type = SOCKOPT_BOOL,
		.type_name = "int",
		.access = SOCKOPT_GET | SOCKOPT_SET,
		.initial = "0",
		.who = "anybody to set it; nobody may clear it",
		.since = "Linux 3.9",
		.summary = "nobody may change the filter of this socket any more",
		.meaning = "After it was set, attaching and detaching filters and clearing the option itself fail with "
			   "EPERM. A program with rights opens a raw socket, attaches a filter that lets little pass, "
			   "locks it, and gives the descriptor to a program without rights.",
		.use = "int on = 1;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on);\n"
		       "setuid(nobody);",
		.also = "SO_ATTACH_FILTER SO_DETACH_FILTER",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_BPF_EXTENSIONS),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_GET,
		.flags = SOCKOPT_STATE,
		.initial = "none",
		.who = "nobody",
		.since = "Linux 3.14",
		.summary = "how many extensions of BPF the kernel knows",
		.meaning = "Classic BPF reads octets of the packet; Linux adds places beyond it where the interface, "
			   "the VLAN and other facts are found. This is the end of these places: libpcap looks here "
			   "whether it may let the kernel check VLANs.",
		.use = "int most; socklen_t length = sizeof most;\n"
		       "getsockopt(fd, SOL_SOCKET, SO_BPF_EXTENSIONS, &most, &length);\n"
		       "if (most > SKF_AD_VLAN_TAG_PRESENT) puts(\"knows VLANs\");",
		.also = "SO_ATTACH_FILTER",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF),
		.type = SOCKOPT_STRUCT,
		.type_name = "struct sock_fprog",
		.access = SOCKOPT_SET,
		.on = ON_TCP | ON_UDP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 4.5; TCP since Linux 4.6",
		.summary = "a program of BPF chooses among sockets of one port",
		.meaning = "For sockets that share a port by SO_REUSEPORT: the number that the program returns for a "
			   "packet is the place, in the order of bind(), of the socket that gets it. Otherwise the "
			   "kernel chooses by a hash. The usual program returns the number of the processor.",
		.use = "struct sock_fprog choose = { .len = 2, .filter = by_processor };\n"
		       "setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &choose, sizeof choose);\n"
		       "listen(fd, 128);",
		.also = "SO_REUSEPORT SO_DETACH_REUSEPORT_BPF SO_INCOMING_CPU",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_SET,
		.on = ON_TCP | ON_UDP,
		.initial = "none",
		.who = "whoever may load the program (CAP_BPF)",
		.since = "Linux 4.5; TCP since Linux 4.6",
		.summary = "the same with a program of eBPF",
		.meaning = "As SO_ATTACH_REUSEPORT_CBPF; the value is the descriptor of a program of the type "
			   "BPF_PROG_TYPE_SK_REUSEPORT or BPF_PROG_TYPE_SOCKET_FILTER. Such a program can look into "
			   "maps and choose a socket by its key there.",
		.use = "int program = bpf_prog_load(...);\n"
		       "setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof program);\n"
		       "listen(fd, 128);",
		.also = "SO_ATTACH_REUSEPORT_CBPF SO_REUSEPORT",
	},
	{
		SOCKOPT_NAMED(SOL_SOCKET, SO_DETACH_REUSEPORT_BPF),
		.type = SOCKOPT_INT,
		.type_name = "int",
		.access = SOCKOPT_SET,
		.on = ON_TCP | ON_UDP,
		.initial = "none",
		.who = "anybody",
		.since = "Linux 5.3",
		.summary = "choose by the hash again",
		.meaning = "Takes away the program that SO_ATTACH_REUSEPORT_CBPF or _EBPF has attached to the sockets "
			   "of a port; the value does not matter. ENOENT when there is none, EINVAL when the socket "
			   "does not share a port.",
		.use = "int none = 0;\n"
		       "setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &none, sizeof none);\n"
		       "listen(fd, 128);",
		.also = "SO_ATTACH_REUSEPORT_CBPF",
	},
	{ .name = NULL },
};
