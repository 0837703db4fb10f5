/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients: the lab's roles that ask, announce, speak and listen. */
#pragma once

#include "base/error.h"
#include "lab/date.h"
#include "net/sock.h"
#include "play/event.h"

/* What all of them take. */
struct client {
	const char *host;                /* the peer; NULL where a role has none */
	const char *port;                /* a number or a service's name */
	const char *bind;                /* local address; NULL: the kernel's choice */
	int family;                      /* AF_UNSPEC, AF_INET, AF_INET6 */
	int type;                        /* SOCK_DGRAM or SOCK_STREAM, where the role leaves a choice */
	uint64_t count;                  /* requests, announcements or lines; 0: the role's default */
	int64_t every_ns;                /* between two of them */
	int64_t timeout_ns;              /* for an answer; listeners: end when nothing came for so long; 0: for ever */
	const char *terminator;          /* "", "\n", "\r\n"; NULL is "" */
	/*
	 * From process_signals(); -1: signals end the program as usual, as they always do while a name is resolved or
	 * a connection made.
	 */
	int signals;
	int input;                       /* descriptor that lines are read from; -1: none */
	const struct narrator *narrator; /* may be NULL */
	const struct reporter *reporter; /* may be NULL */
};

/*
 * What came of it; a refusal by the network is NO and has been reported as EVENT_TROUBLE. The tally that every role
 * takes is zero at first; it is filled in whatever the answer.
 */
enum client_answer {
	CLIENT_DONE = 0,
	CLIENT_NO = 1,     /* no answer came, or not what it should be */
	CLIENT_ERROR = -1  /* err says why: a name that does not resolve, an address that is not here */
};

/*
 * Where broadcasts go. Another address than 255.255.255.255 goes where the routing table says, unless an interface is
 * named; a group of IPv6 (ff02::1) needs one.
 */
struct broadcast {
	const char *to;         /* NULL: 255.255.255.255 */
	const char *interface;  /* NULL: every interface that is up and can broadcast; lo when there is no other */
};

/* Lines longer than this are cut by the listener of the lab; they are sent, and EVENT_TROUBLE says so. */
#define BROADCAST_SAFE 128u

struct date_client {
	struct client client;
	const char *request;         /* "" is the empty datagram */
	bool pause;                  /* waits for Enter on `input` before the request is sent and before the end */
	const struct broadcast *broadcast; /* NULL: to client.host; else all answers within the timeout are reported */
};
/*
 * Sends the request, waits for the answer; SOCK_STREAM: connects and reads until the server closes. An answer with a
 * date, or to a request for the user, counts as equal, any other as altered; both are answers. Of a stream 65535
 * octets are taken. The terminator goes
 * behind a request that is not empty. NO: a request without answer, or with a broadcast, no answer at all.
 */
enum client_answer date_client_run(const struct date_client *options, struct tally *tally, struct error *err);

struct date_announcer {
	struct client client;
	struct broadcast broadcast;
	enum date_format format;
	const char *user;
	int64_t (*now)(void);        /* NULL: the clock */
};
/* Broadcasts "USER date" every so often, until the count or a signal. NO: some could not be sent. */
enum client_answer date_announce_run(const struct date_announcer *options, struct tally *tally, struct error *err);

struct echo_client {
	struct client client;
	const char *const *texts;    /* ended by NULL; none: lines of `input` */
};
/*
 * DONE: every text came back, equal or as a known variant (upper-cased, prefixed). A count larger than the list of
 * texts begins it again. A connection that the server ends after an answer is made anew.
 */
enum client_answer echo_client_run(const struct echo_client *options, struct tally *tally, struct error *err);

/*
 * Listens for broadcasts (date listen, chat listen): every datagram is EVENT_RECEIVED with its peer, once: what comes
 * from one port of this machine within five seconds with the same octets by another interface is the same broadcast,
 * sent by each interface. One of more than BROADCAST_SAFE octets has a note. The count is of datagrams. NO: the
 * timeout was over and nothing had come.
 */
struct listener_options {
	struct client client;        /* host: the address to listen on, NULL: any */
	bool dates;                  /* date listen: count as equal what has a date in it, the rest as altered */
};
enum client_answer listen_run(const struct listener_options *options, struct tally *tally, struct error *err);

struct chat_speaker {
	struct client client;
	struct broadcast broadcast;
	const char *user;
};
/*
 * Broadcasts "user: line" for each line of `input`; empty ones are left out, what is no text is reported as trouble.
 * The count is of lines that were sent. NO: some could not be sent.
 */
enum client_answer chat_speak_run(const struct chat_speaker *options, struct tally *tally, struct error *err);

/* ------------------------------------------------------------------------------------------------ chat clients */

/* How other people's servers want to be told the name, and a private line: rows of two tables. */
struct chat_handshake {
	const char *name;    /* "nick", "first-line", "prompt", "token" */
	const char *help;
	const char *awaits;  /* what the server says first. NULL: nothing; "": anything; else one of these words */
	const char *format;  /* %u is the name */
	const char *quit;    /* what is sent at the end of input; NULL: the connection is shut down */
};
struct chat_private {
	const char *name;    /* "@", "/msg", "/pm", "MSG", "\\dm" */
	const char *format;  /* %o the receiver, %t the text */
};
extern const struct chat_handshake chat_handshakes[]; /* ended by a row without name; the first is sonde's own */
extern const struct chat_private chat_privates[];     /* the same */

/* Most lab servers take one recv for one message: lines for them leave no faster than this. */
#define CHAT_PAUSE_NS 50000000
/* Octets of a line with its terminator: what one recv of such a server takes. Longer ones are refused. */
#define CHAT_LINE_SAFE 1023u
/* Without a timeout: how long the chat client waits to be asked for its name, and for the server to end. */
#define CHAT_PATIENCE_NS 3000000000

struct chat_peer {
	const struct chat_handshake *handshake;
	const struct chat_private *private;
	const char *quit; /* the handshake's */
	int64_t pause_ns; /* between two lines: 0 for sonde's own server, which parts them itself; else CHAT_PAUSE_NS */
};
/* STYLE: a handshake, a private form, or both parted by a comma: "prompt,/pm". NULL: sonde's own. */
int chat_peer_find(const char *style, struct chat_peer *out, struct error *err);

struct chat_client {
	struct client client;
	const char *user;
	struct chat_peer peer;
};
/*
 * Sends the lines of `input`, one a segment, and reports every line that comes as EVENT_RECEIVED. "@alice hi" is sent
 * in the peer's private form. At the end of input it says goodbye and ends when the server closes. What a server sends
 * without newline is reported when nothing follows for 300 ms. `count`: lines; input -1: it only listens.
 * NO: the connection was refused or lost, the name was refused by sonde's own server (nothing is said before that has
 * taken it), or the server ended while there were lines to send; everything that came before has been reported.
 */
enum client_answer chat_client_run(const struct chat_client *options, struct tally *tally, struct error *err);
