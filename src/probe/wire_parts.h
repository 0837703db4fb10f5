/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ways of sending probes share; for wire*.c only. */
#pragma once

#include <linux/errqueue.h>
#include <sys/uio.h>

#include "packet/dissect.h"
#include "probe/wire.h"

/* How a way was opened. */
enum wire_opened {
	WIRE_FAILED = -1,
	WIRE_NO_RIGHT = 0, /* err says which; another way may be open */
	WIRE_OPEN = 1
};

/* A way: const, one a file. wire.c has made sure that the route is known before open() is called. */
struct wire_way {
	struct wire_limits limits;
	size_t size;         /* of its own struct, which begins with struct wire and is zero otherwise */
	enum wire_opened (*open)(struct wire *wire, struct error *err);
	int (*send)(struct wire *wire, struct probe *probe);
	int (*receive)(struct wire *wire, struct answer *answer, wire_left *left, void *context, struct error *err);
	struct source *(*source)(struct wire *wire); /* NULL: it has none */
	void (*close)(struct wire *wire);            /* also after open() has failed */
};
extern const struct wire_way wire_raw, wire_errors, wire_ping, wire_connect;

struct wire {
	const struct wire_way *way;
	const struct narrator *narrator;
	struct wire_options options;
	struct probe_base base;  /* complete: source, identifier, sequence */
	uint16_t source_port;    /* UDP, TCP: wished for (0: any), then what it became; ICMP: 0 */
	uint32_t mtu;
	int epoll;
	char device[16];         /* the interface that everything is to go by; "": any */
	struct protocols *protocols; /* with the packet: see wire_dissect() */
	struct packet *packet;
};

/* Makes ready for the following, which else takes its time with the first frame. */
void wire_can_dissect(struct wire *wire);
/* Dissects a frame for answer_read(), into wire->packet. */
void wire_dissect(struct wire *wire, const struct frame *frame);

/* Wakes whoever waits for the wire when there is something to be read; errors wake always. */
int wire_watch(struct wire *wire, int fd, uint32_t events, const char *why, struct error *err);
/* SO_BINDTODEVICE, where the user or the target's link asks for it. */
int wire_bind_device(const struct wire *wire, int fd, struct error *err);
/* A socket of that type, bound to the source address and the port (0: any, which then is in *port). -1 with errno. */
int wire_reserve(const struct wire *wire, int type, uint16_t *port, const char *why);
/* "UDP probes", "TCP probes"...: for error messages. */
const char *wire_method_name(enum probe_method method);

/* ------------------------------------------------------------------------------------------------ what comes in */

#define WIRE_DATA 2048u    /* octets of a message that are looked at */

struct wire_message {
	uint8_t data[WIRE_DATA];
	size_t length;
	struct address name;   /* of an error: where the probe went to; else: who sent this */
	bool has_error;
	struct sock_extended_err error;
	struct address offender; /* who says so; length 0: nobody else */
	int64_t time;          /* ns since 1970; 0: not stamped */
	uint8_t ttl;           /* 0: not known */
};

/* flags: MSG_ERRQUEUE or 0. False with errno: there is none. */
bool wire_take(const struct wire *wire, int fd, int flags, struct wire_message *message, const char *why);

/* ------------------------------------------------------------------------------------------------ when probes left */

#define WIRE_STAMPS 1024u /* packets whose stamps may be on their way */

/* The kernel numbers the packets of a socket and stamps them by number. Whose number is whose: */
struct wire_stamps {
	bool on;
	uint32_t next;
	struct {
		uint32_t number;
		uint16_t key;
		int64_t begun; /* by the clock of the stamps, just before it was sent */
	} list[WIRE_STAMPS];
};
/*
 * Has the kernel tell when packets of the socket leave, numbered from 0, and when they come in. Also when a send has
 * failed: kernels differ in whether that took a number.
 */
int wire_stamps_begin(const struct wire *wire, int fd, struct wire_stamps *stamps);
/* Waits until the kernel stamps what comes in; of sockets that have asked for it. */
void wire_await_clock(const struct wire *wire);
/* To be called just before a send, and behind it when it went well. */
void wire_stamps_sending(struct wire_stamps *stamps, uint16_t key);
static inline void wire_stamps_sent(struct wire_stamps *stamps)
{
	stamps->next++;
}
/* Tells the message, if it is a stamp. False: it is none. */
bool wire_stamps_tell(const struct wire_stamps *stamps, const struct wire_message *message, wire_left *left,
		      void *context);

/* ------------------------------------------------------------------------------------------------ without rights */

/* Sets the options of a socket that probes leave by as ordinary packets: source of errors, DSCP, fragments. */
int wire_ordinary(const struct wire *wire, int fd, struct error *err);
/*
 * Sends what the probe carries (behind the IP header of a ping socket, behind the header of UDP) with the probe's TTL,
 * and sets `sent`. -1 with errno.
 */
int wire_send_ordinary(struct wire *wire, int fd, struct wire_stamps *stamps, struct probe *probe,
		       const struct iovec *octets, const struct address *to);
/*
 * What an ICMP error that came by the error queue says, of the probe with that key and those ports. False: it is no
 * answer (the kernel of this machine says it, or the error's type is none).
 */
bool wire_answer_error(struct wire *wire, const struct wire_message *message, const struct probe_packet *packet,
		       struct answer *answer);
/* ICMP extensions (RFC 4884) of the same: labels and interfaces. */
void wire_answer_extension(struct wire *wire, const struct wire_message *message, const struct probe_packet *packet,
			   struct answer *answer);
