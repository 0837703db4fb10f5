/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmission Control Protocol (RFC 9293; options of RFC 7323, 2018, 2385, 5482, 5925, 6994, 7413, 8684).
 *
 *    0       2       4               8              12  13  14      16      18      20
 *   +-------+-------+---------------+---------------+---+---+-------+-------+-------+-----------
 *   | from  | to    | sequence      | acknowledged  |o r|flg| window| check | urgent| options, data
 *   +-------+-------+---------------+---------------+---+---+-------+-------+-------+-----------
 *                                                    o: where the data begins, in words of 4 octets
 */
#include "packet/dissector.h"

enum {
	TCP_SRCPORT, TCP_DSTPORT, TCP_PORT, TCP_SEQ, TCP_ACK, TCP_HDR_LEN, TCP_FLAGS, TCP_RES, TCP_AE, TCP_CWR,
	TCP_ECE, TCP_URG, TCP_ACKFLAG, TCP_PUSH, TCP_RESET, TCP_SYN, TCP_FIN, TCP_LEN, TCP_WINDOW, TCP_CHECKSUM,
	TCP_STATUS, TCP_URGENT, TCP_OPTIONS, TCP_KIND, TCP_OPT_LEN, TCP_MSS, TCP_SHIFT, TCP_MULTIPLIER, TCP_SACK_LE,
	TCP_SACK_RE, TCP_TSVAL, TCP_TSECR, TCP_MD5, TCP_TIMEOUT, TCP_TIMEOUT_UNIT, TCP_TIMEOUT_VALUE, TCP_AO_KEY,
	TCP_AO_NEXT, TCP_AO_MAC, TCP_COOKIE, TCP_EXID, TCP_EXPERIMENT, TCP_UNKNOWN, TCP_PAYLOAD,

	/* What the connection says: the rows are filled by those who follow it. */
	TCP_STREAM, TCP_RELATIVE, TCP_DELTA, TCP_COMPLETENESS, TCP_STATE, TCP_SEQ_RELATIVE, TCP_NXTSEQ,
	TCP_ACK_RELATIVE, TCP_WINDOW_SCALED, TCP_SCALE, TCP_ANALYSIS, TCP_ACKS_FRAME, TCP_ACK_RTT, TCP_INITIAL_RTT,
	TCP_IN_FLIGHT, TCP_PUSH_SENT, TCP_TROUBLE, TCP_RETRANSMISSION, TCP_FAST_RETRANSMISSION,
	TCP_SPURIOUS_RETRANSMISSION, TCP_RTO, TCP_RTO_FRAME, TCP_OUT_OF_ORDER, TCP_LOST_SEGMENT,
	TCP_ACK_LOST_SEGMENT, TCP_DUPLICATE_ACK, TCP_DUPLICATE_NUM, TCP_DUPLICATE_FRAME, TCP_WINDOW_UPDATE,
	TCP_WINDOW_FULL, TCP_ZERO_WINDOW, TCP_ZERO_WINDOW_PROBE, TCP_ZERO_WINDOW_PROBE_ACK, TCP_KEEP_ALIVE,
	TCP_KEEP_ALIVE_ACK, TCP_REUSED_PORTS, TCP_SEGMENT_DATA, TCP_REASSEMBLED, TCP_ROWS,
	TCP_OWNERS = TCP_ROWS
};

static const uint8_t either_port[] = { TCP_SRCPORT, TCP_DSTPORT, 0xff };

static const struct value_name option_names[] = {
	{ 0, "end of options" },   { 1, "no operation" },   { 2, "maximum segment size" }, { 3, "window scale" },
	{ 4, "SACK permitted" },   { 5, "SACK" },           { 8, "timestamps" },           { 19, "MD5 signature" },
	{ 28, "user timeout" },    { 29, "authentication" }, { 30, "multipath TCP" },      { 34, "fast open cookie" },
	{ 253, "experiment 1" },   { 254, "experiment 2" }, { 0, NULL },
};

static const struct value_name unit_names[] = { { 0, "seconds" }, { 1, "minutes" }, { 0, NULL } };

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)
/* What went wrong: said at the end of the line. */
#define TROUBLE(name, label, text)                                                                       \
	{                                                                                                \
		"tcp.analysis." name, label, FIELD_NONE, 0, .depth = 2, .flags = FOLLOWED | FIELD_BRIEF, \
			.help = text                                                                     \
	}

static const struct field_def fields[] = {
	[TCP_SRCPORT] = { "tcp.srcport", "Source Port", FIELD_UINT, 2, .role = ROLE_SRC_PORT, .flags = FIELD_BRIEF },
	[TCP_DSTPORT] = { "tcp.dstport", "Destination Port", FIELD_UINT, 2, .role = ROLE_DST_PORT,
			  .flags = FIELD_BRIEF },
	[TCP_PORT] = { "tcp.port", "Source or Destination Port", FIELD_UINT, 2, .flags = FIELD_EITHER,
		       .either = either_port },
	[TCP_SEQ] = { "tcp.seq_raw", "Sequence Number", FIELD_UINT, 4, .flags = FIELD_BRIEF, .help = "As sent" },
	[TCP_ACK] = { "tcp.ack_raw", "Acknowledgment Number", FIELD_UINT, 4, .flags = FIELD_BRIEF, .help = "As sent" },
	[TCP_HDR_LEN] = { "tcp.hdr_len", "Header Length", FIELD_UINT, 0, .help = "Octets, options included" },
	[TCP_FLAGS] = { "tcp.flags", "Flags", FIELD_HEX, 2, .flags = FIELD_BRIEF,
			.help = "12 bits, reserved ones too" },
	[TCP_RES] = { "tcp.flags.res", "Reserved", FIELD_UINT, 2, .depth = 1, .mask = 0xe00 },
	[TCP_AE] = { "tcp.flags.ae", "Accurate ECN", FIELD_BOOL, 2, .depth = 1, .mask = 0x100 },
	[TCP_CWR] = { "tcp.flags.cwr", "Congestion Window Reduced", FIELD_BOOL, 2, .depth = 1, .mask = 0x80 },
	[TCP_ECE] = { "tcp.flags.ece", "ECN-Echo", FIELD_BOOL, 2, .depth = 1, .mask = 0x40 },
	[TCP_URG] = { "tcp.flags.urg", "Urgent", FIELD_BOOL, 2, .depth = 1, .mask = 0x20 },
	[TCP_ACKFLAG] = { "tcp.flags.ack", "Acknowledgment", FIELD_BOOL, 2, .depth = 1, .mask = 0x10 },
	[TCP_PUSH] = { "tcp.flags.push", "Push", FIELD_BOOL, 2, .depth = 1, .mask = 0x08 },
	[TCP_RESET] = { "tcp.flags.reset", "Reset", FIELD_BOOL, 2, .depth = 1, .mask = 0x04 },
	[TCP_SYN] = { "tcp.flags.syn", "Syn", FIELD_BOOL, 2, .depth = 1, .mask = 0x02 },
	[TCP_FIN] = { "tcp.flags.fin", "Fin", FIELD_BOOL, 2, .depth = 1, .mask = 0x01 },
	[TCP_LEN] = { "tcp.len", "Segment Length", FIELD_UINT, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
		      .help = "Octets of data" },
	[TCP_WINDOW] = { "tcp.window_size_value", "Window", FIELD_UINT, 2, .flags = FIELD_BRIEF, .help = "Not scaled" },
	[TCP_CHECKSUM] = { "tcp.checksum", "Checksum", FIELD_HEX, 2 },
	[TCP_STATUS] = { "tcp.checksum.status", "Checksum Status", FIELD_UINT, 0, .depth = 1,
			 .flags = FIELD_BRIEF | FIELD_GENERATED, .names = checksum_status_names },
	[TCP_URGENT] = { "tcp.urgent_pointer", "Urgent Pointer", FIELD_UINT, 2 },
	[TCP_OPTIONS] = { "tcp.options", "Options", FIELD_BYTES, 0 },
	[TCP_KIND] = { "tcp.option_kind", "Option", FIELD_UINT, 1, .depth = 1, .names = option_names },
	[TCP_OPT_LEN] = { "tcp.option_len", "Length", FIELD_UINT, 1, .depth = 2 },
	[TCP_MSS] = { "tcp.options.mss_val", "Maximum Segment Size", FIELD_UINT, 2, .depth = 2 },
	[TCP_SHIFT] = { "tcp.options.wscale.shift", "Shift Count", FIELD_UINT, 1, .depth = 2 },
	[TCP_MULTIPLIER] = { "tcp.options.wscale.multiplier", "Multiplier", FIELD_UINT, 0, .depth = 2,
			     .flags = FIELD_GENERATED },
	[TCP_SACK_LE] = { "tcp.options.sack_le", "Left Edge", FIELD_UINT, 4, .depth = 2, .help = "As sent" },
	[TCP_SACK_RE] = { "tcp.options.sack_re", "Right Edge", FIELD_UINT, 4, .depth = 2, .help = "As sent" },
	[TCP_TSVAL] = { "tcp.options.timestamp.tsval", "Timestamp Value", FIELD_UINT, 4, .depth = 2 },
	[TCP_TSECR] = { "tcp.options.timestamp.tsecr", "Timestamp Echo Reply", FIELD_UINT, 4, .depth = 2 },
	[TCP_MD5] = { "tcp.options.md5.digest", "Digest", FIELD_BYTES, 16, .depth = 2 },
	[TCP_TIMEOUT] = { "tcp.options.user_to", "User Timeout", FIELD_HEX, 2, .depth = 2 },
	[TCP_TIMEOUT_UNIT] = { "tcp.options.user_to_granularity", "Granularity", FIELD_UINT, 2, .depth = 3,
			       .mask = 0x8000, .names = unit_names },
	[TCP_TIMEOUT_VALUE] = { "tcp.options.user_to_val", "User Timeout", FIELD_UINT, 2, .depth = 3, .mask = 0x7fff },
	[TCP_AO_KEY] = { "tcp.options.ao.keyid", "Key ID", FIELD_UINT, 1, .depth = 2 },
	[TCP_AO_NEXT] = { "tcp.options.ao.rnextkeyid", "Receive Next Key ID", FIELD_UINT, 1, .depth = 2 },
	[TCP_AO_MAC] = { "tcp.options.ao.mac", "Message Authentication Code", FIELD_BYTES, 0, .depth = 2 },
	[TCP_COOKIE] = { "tcp.options.tfo.cookie", "Cookie", FIELD_BYTES, 0, .depth = 2,
			 .help = "Absent where a cookie is asked for" },
	[TCP_EXID] = { "tcp.options.experimental.exid", "Experiment Identifier", FIELD_HEX, 2, .depth = 2 },
	[TCP_EXPERIMENT] = { "tcp.options.experimental.data", "Data", FIELD_BYTES, 0, .depth = 2 },
	[TCP_UNKNOWN] = { "tcp.options.unknown.payload", "Content", FIELD_BYTES, 0, .depth = 2,
			  .help = "Of an option that is not decoded, or of the wrong length" },
	[TCP_PAYLOAD] = { "tcp.payload", "Payload", FIELD_BYTES, 0 },
	[TCP_STREAM] = { "tcp.stream", "Stream", FIELD_UINT, 0, .flags = FOLLOWED,
			 .help = "Of the connection, from 0, in the order of their first packets" },
	[TCP_RELATIVE] = { "tcp.time_relative", "Time since the first packet of the stream", FIELD_DURATION, 0,
			   .flags = FOLLOWED },
	[TCP_DELTA] = { "tcp.time_delta", "Time since the packet before in the stream", FIELD_DURATION, 0,
			.flags = FOLLOWED },
	[TCP_COMPLETENESS] = { "tcp.completeness", "Completeness", FIELD_UINT, 0, .flags = FOLLOWED,
			       .help = "Seen so far: 1 SYN, 2 SYN ACK, 4 ACK, 8 data, 16 FIN, 32 RST, added up" },
	[TCP_STATE] = { "tcp.state", "State", FIELD_STRING, 0, .flags = FOLLOWED,
			.help = "Of the connection, after this segment" },
	[TCP_SEQ_RELATIVE] = { "tcp.seq", "Sequence Number (relative)", FIELD_UINT, 0, .flags = FOLLOWED | FIELD_BRIEF,
			       .help = "Counted from the SYN; without one, the first octet that was seen is 1" },
	[TCP_NXTSEQ] = { "tcp.nxtseq", "Next Sequence Number (relative)", FIELD_UINT, 0, .flags = FOLLOWED },
	[TCP_ACK_RELATIVE] = { "tcp.ack", "Acknowledgment Number (relative)", FIELD_UINT, 0,
			       .flags = FOLLOWED | FIELD_BRIEF, .help = "As sent where the flag is not set" },
	[TCP_WINDOW_SCALED] = { "tcp.window_size", "Window (scaled)", FIELD_UINT, 0, .flags = FOLLOWED },
	[TCP_SCALE] = { "tcp.window_size_scalefactor", "Window Scale Factor", FIELD_INT, 0, .flags = FOLLOWED,
			.help = "-1: the SYNs were not captured; -2: windows are not scaled" },
	[TCP_ANALYSIS] = { "tcp.analysis", "Analysis", FIELD_NONE, 0, .flags = FOLLOWED,
			   .help = "There is something to say about the segment" },
	[TCP_ACKS_FRAME] = { "tcp.analysis.acks_frame", "Acknowledges the segment in frame", FIELD_UINT, 0, .depth = 1,
			     .flags = FOLLOWED },
	[TCP_ACK_RTT] = { "tcp.analysis.ack_rtt", "Time from that segment to this ACK", FIELD_DURATION, 0, .depth = 1,
			  .flags = FOLLOWED },
	[TCP_INITIAL_RTT] = { "tcp.analysis.initial_rtt", "Time from the SYN to the end of the handshake",
			      FIELD_DURATION, 0, .depth = 1, .flags = FOLLOWED },
	[TCP_IN_FLIGHT] = { "tcp.analysis.bytes_in_flight", "Octets in flight", FIELD_UINT, 0, .depth = 1,
			    .flags = FOLLOWED, .help = "Sent and not acknowledged, with this segment" },
	[TCP_PUSH_SENT] = { "tcp.analysis.push_bytes_sent", "Octets sent since the last PSH", FIELD_UINT, 0, .depth = 1,
			    .flags = FOLLOWED },
	[TCP_TROUBLE] = { "tcp.analysis.flags", "Something is not as it should be", FIELD_NONE, 0, .depth = 1,
			  .flags = FOLLOWED },
	[TCP_RETRANSMISSION] = TROUBLE("retransmission", "Retransmission", "Octets that were sent before"),
	[TCP_FAST_RETRANSMISSION] = TROUBLE("fast_retransmission", "Fast retransmission",
					    "Sent again because duplicate ACKs asked for it"),
	[TCP_SPURIOUS_RETRANSMISSION] = TROUBLE("spurious_retransmission", "Spurious retransmission",
						"Sent again although it was acknowledged"),
	[TCP_RTO] = { "tcp.analysis.rto", "Time since the oldest segment not acknowledged", FIELD_DURATION, 0,
		      .depth = 2, .flags = FOLLOWED, .help = "How long the sender waited before it sent again" },
	[TCP_RTO_FRAME] = { "tcp.analysis.rto_frame", "That segment is in frame", FIELD_UINT, 0, .depth = 2,
			    .flags = FOLLOWED },
	[TCP_OUT_OF_ORDER] = TROUBLE("out_of_order", "Out of order", "Came later than what was sent after it"),
	[TCP_LOST_SEGMENT] = TROUBLE("lost_segment", "A segment before this one was not captured", NULL),
	[TCP_ACK_LOST_SEGMENT] = TROUBLE("ack_lost_segment", "Acknowledges octets that were not captured", NULL),
	[TCP_DUPLICATE_ACK] = TROUBLE("duplicate_ack", "Duplicate ACK",
				      "The receiver misses something: it repeats what it waits for"),
	[TCP_DUPLICATE_NUM] = { "tcp.analysis.duplicate_ack_num", "Number of the duplicate", FIELD_UINT, 0, .depth = 2,
				.flags = FOLLOWED | FIELD_BRIEF },
	[TCP_DUPLICATE_FRAME] = { "tcp.analysis.duplicate_ack_frame", "Repeats the ACK in frame", FIELD_UINT, 0,
				  .depth = 2, .flags = FOLLOWED },
	[TCP_WINDOW_UPDATE] = TROUBLE("window_update", "Window update", "Only the window is another one"),
	[TCP_WINDOW_FULL] = TROUBLE("window_full", "Window full", "The receiver's window is used up with this segment"),
	[TCP_ZERO_WINDOW] = TROUBLE("zero_window", "Zero window", "The receiver takes nothing more for now"),
	[TCP_ZERO_WINDOW_PROBE] = TROUBLE("zero_window_probe", "Zero window probe",
					  "Asks with one octet whether the window is open again"),
	[TCP_ZERO_WINDOW_PROBE_ACK] = TROUBLE("zero_window_probe_ack", "Answer to a zero window probe",
					      "It is still closed"),
	[TCP_KEEP_ALIVE] = TROUBLE("keep_alive", "Keep-alive", "Asks whether the other side is still there"),
	[TCP_KEEP_ALIVE_ACK] = TROUBLE("keep_alive_ack", "Answer to a keep-alive", NULL),
	[TCP_REUSED_PORTS] = TROUBLE("reused_ports", "Ports of an earlier connection, used again", NULL),
	[TCP_SEGMENT_DATA] = { "tcp.segment_data", "Part of a message that goes on in a later packet", FIELD_BYTES, 0,
			       .flags = FOLLOWED | FIELD_BRIEF },
	[TCP_REASSEMBLED] = { "tcp.reassembled.length", "Length of the message that ends here", FIELD_UINT, 0,
			      .flags = FOLLOWED, .help = "Of one that began in an earlier packet" },
	OWNER_ROWS(TCP_OWNERS, "tcp"),
};

/* ------------------------------------------------------------------------------------------------ options */

static void window_scale(struct parse *p)
{
	uint64_t shift = parse_uint(p, TCP_SHIFT);

	/* RFC 7323 section 2.3: a greater count is used as 14. */
	parse_add(p, TCP_MULTIPLIER, 1u << (shift < 14 ? shift : 14), p->position - 1, 1);
}

static const struct parse_step mss[] = { { TCP_MSS, 0 }, PARSE_END };
static const struct parse_step nothing[] = { PARSE_END };
static const struct parse_step sack[] = { { TCP_SACK_LE, 0 }, { TCP_SACK_RE, 0 }, PARSE_END };
static const struct parse_step timestamps[] = { { TCP_TSVAL, 0 }, { TCP_TSECR, 0 }, PARSE_END };
static const struct parse_step md5[] = { { TCP_MD5, 0 }, PARSE_END };
static const struct parse_step timeout[] = { { TCP_TIMEOUT, 0 }, PARSE_END };
static const struct parse_step authentication[] = {
	{ TCP_AO_KEY, 0 }, { TCP_AO_NEXT, 0 }, { TCP_AO_MAC, 0 }, PARSE_END,
};
static const struct parse_step fast_open[] = { { TCP_COOKIE, 0 }, PARSE_END };
static const struct parse_step experiment[] = { { TCP_EXID, 0 }, { TCP_EXPERIMENT, 0 }, PARSE_END };
static const struct parse_step unknown[] = { { TCP_UNKNOWN, 0 }, PARSE_END };

/* least and most count the whole option; `every` is the size of what repeats. */
static const struct option {
	uint8_t kind, least, most, every;
	const struct parse_step *steps;
	void (*read)(struct parse *p);
} option_table[] = {
	{ 2, 4, 4, 0, mss, NULL },
	{ 3, 3, 3, 0, NULL, window_scale },
	{ 4, 2, 2, 0, nothing, NULL },
	{ 5, 10, 34, 8, sack, NULL },
	{ 8, 10, 10, 0, timestamps, NULL },
	{ 19, 18, 18, 0, md5, NULL },
	{ 28, 4, 4, 0, timeout, NULL },
	{ 29, 4, 40, 0, authentication, NULL },
	{ 34, 2, 18, 0, fast_open, NULL },
	{ 253, 4, 40, 0, experiment, NULL },
	{ 254, 4, 40, 0, experiment, NULL },
};

static const struct option unknown_option = { 0, 2, 255, 0, unknown, NULL };

static const struct option *option_of(uint64_t kind)
{
	for (unsigned i = 0; i < sizeof option_table / sizeof *option_table; i++)
		if (option_table[i].kind == kind)
			return &option_table[i];
	return &unknown_option;
}

static void content(struct parse *p, const struct option *option, uint32_t length)
{
	if (length < option->least || length > option->most || (option->every && (length - 2) % option->every)) {
		parse_malformed(p, "a TCP option of the wrong length");
		option = &unknown_option;
	}
	if (option->read)
		option->read(p);
	else
		parse_steps(p, option->steps);
	while (option->every && parse_more(p))
		parse_steps(p, option->steps);
}

static void one_option(struct parse *p)
{
	uint64_t kind = parse_uint(p, TCP_KIND);
	struct parse_part part;
	uint32_t length;

	if (kind == 0)
		parse_skip(p, parse_left(p));
	if (kind <= 1)
		return;
	length = (uint32_t)parse_uint(p, TCP_OPT_LEN);
	if (length < 2) {
		parse_malformed(p, "a TCP option shorter than its own header");
		parse_skip(p, parse_left(p));
		return;
	}
	part = parse_enter(p, length - 2);
	content(p, option_of(kind), length);
	parse_leave(p, part);
}

/* Two no-operations and timestamps, as in nearly every segment: that cannot be wrong, and the line shows none of it. */
static bool usual_and_unwanted(const struct parse *p, uint32_t length)
{
	return length == 12 && parse_left(p) >= length && parse_peek(p, 0, 4) == 0x0101080a &&
	       !parse_wants(p, TCP_OPTIONS) && !parse_wants(p, TCP_KIND) && !parse_wants(p, TCP_OPT_LEN) &&
	       !parse_wants(p, TCP_TSVAL) && !parse_wants(p, TCP_TSECR);
}

static void options(struct parse *p, uint32_t length)
{
	struct parse_part part;

	if (usual_and_unwanted(p, length)) {
		parse_skip(p, length);
		return;
	}
	part = parse_enter(p, length);
	if (parse_more(p))
		parse_add_span(p, TCP_OPTIONS, p->base + p->position, parse_left(p));
	while (parse_more(p))
		one_option(p);
	parse_leave(p, part);
}

/* ------------------------------------------------------------------------------------------------ the segment */

/* Returns the header's length. How much data there is cannot be said of a fragment or of a quoted packet. */
static uint32_t offset_and_flags(struct parse *p, uint32_t segment)
{
	uint32_t at = p->position, word = (uint32_t)parse_peek(p, 0, 2), header = word >> 12 << 2;

	parse_skip(p, 2);
	parse_add(p, TCP_HDR_LEN, header, at, 1);
	if (header < 20)
		return header;
	parse_add(p, TCP_FLAGS, word & 0xfff, at, 2);
	if (header <= segment && !p->quoted && !p->network.fragment)
		parse_add(p, TCP_LEN, segment - header, 0, 0);
	return header;
}

static void checksum(struct parse *p, uint32_t segment)
{
	uint32_t at = p->position;
	uint16_t stored = (uint16_t)parse_uint(p, TCP_CHECKSUM);

	if (parse_wants(p, TCP_STATUS) && !p->failed)
		parse_add(p, TCP_STATUS, parse_checksum(p, p->layer->offset, segment, stored, true), at, 2);
}

static void tcp_dissect(struct parse *p)
{
	uint32_t segment = parse_claimed(p), header;
	uint16_t src = (uint16_t)parse_uint(p, TCP_SRCPORT);
	uint16_t dst = (uint16_t)parse_uint(p, TCP_DSTPORT);

	parse_uint(p, TCP_SEQ);
	parse_uint(p, TCP_ACK);
	header = offset_and_flags(p, segment);
	if (header < 20) {
		parse_malformed(p, "a TCP header length below 20");
		return;
	}
	parse_uint(p, TCP_WINDOW);
	checksum(p, segment);
	parse_uint(p, TCP_URGENT);
	if (header > 20)
		options(p, header - 20);
	if (!parse_more(p))
		return;
	if (parse_wants(p, TCP_PAYLOAD))
		parse_add_span(p, TCP_PAYLOAD, p->base + p->position, parse_left(p));
	p->source_port = src;
	p->destination_port = dst;
	parse_next(p, BY_TCP_PORT, dst, src);
}

/* ------------------------------------------------------------------------------------------------ summary */

#define FLAG_ACK 0x10

static char *put_word(char *at, const char *word, size_t length)
{
	memcpy(at, word, length);
	return at + length;
}

static char *put_flags(char *at, unsigned flags)
{
	static const char names[][6] = {
		"FIN, ", "SYN, ", "RST, ", "PSH, ", "ACK, ", "URG, ", "ECE, ", "CWR, ", "AE, ",
	};

	*at++ = '[';
	for (flags &= 0x1ff; flags; flags &= flags - 1) {
		unsigned bit = (unsigned)__builtin_ctz(flags);

		at = put_word(at, names[bit], bit < 8 ? 5 : 4);
	}
	if (at[-1] == ' ')
		at -= 2;
	*at++ = ']';
	return at;
}

/* In the order they are said. A fast or spurious retransmission is one: the plain word is not said then. */
static const struct {
	uint8_t row;
	const char *text;
} troubles[] = {
	{ TCP_RETRANSMISSION, "retransmission" },
	{ TCP_FAST_RETRANSMISSION, "fast retransmission" },
	{ TCP_SPURIOUS_RETRANSMISSION, "spurious retransmission" },
	{ TCP_OUT_OF_ORDER, "out of order" },
	{ TCP_LOST_SEGMENT, "lost segment" },
	{ TCP_ACK_LOST_SEGMENT, "acks lost segment" },
	{ TCP_DUPLICATE_ACK, "duplicate ack" },
	{ TCP_WINDOW_UPDATE, "window update" },
	{ TCP_WINDOW_FULL, "window full" },
	{ TCP_ZERO_WINDOW, "zero window" },
	{ TCP_ZERO_WINDOW_PROBE, "zero window probe" },
	{ TCP_ZERO_WINDOW_PROBE_ACK, "zero window probe ack" },
	{ TCP_KEEP_ALIVE, "keep alive" },
	{ TCP_KEEP_ALIVE_ACK, "keep alive ack" },
	{ TCP_REUSED_PORTS, "reused ports" },
	{ TCP_SEGMENT_DATA, "part of a message" },
};

#define BIT(row) (UINT64_C(1) << ((row) - TCP_STREAM))
_Static_assert(TCP_ROWS - TCP_STREAM <= 64, "a word has a bit for each row that follows the connection");

static __attribute__((noinline)) void say_troubles(uint64_t there, uint64_t number, struct text *out)
{
	if (there & (BIT(TCP_FAST_RETRANSMISSION) | BIT(TCP_SPURIOUS_RETRANSMISSION)))
		there &= ~BIT(TCP_RETRANSMISSION);
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
		if (!(there & BIT(troubles[i].row)))
			continue;
		text_format(out, " [%s", troubles[i].text);
		if (troubles[i].row == TCP_DUPLICATE_ACK && number)
			text_format(out, " #%u", (unsigned)number);
		text_char(out, ']');
	}
}

/* What the line reads. */
struct said {
	uint64_t value[TCP_WINDOW + 1];
	uint64_t there, followed;  /* bits: of the rows up to TCP_WINDOW, of those from TCP_STREAM on */
	uint64_t duplicate;
};

static void read_said(const struct packet *packet, const struct layer *layer, struct said *said)
{
	const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

	for (; field < end; field++) {
		size_t row = (size_t)(field->def - fields);

		if (row <= TCP_WINDOW) {
			said->value[row] = field->value.uint;
			said->there |= UINT64_C(1) << row;
		} else if (row >= TCP_STREAM && row < TCP_ROWS) {
			said->followed |= BIT(row);
			if (row == TCP_SEQ_RELATIVE)
				said->value[TCP_SEQ] = field->value.uint;
			else if (row == TCP_ACK_RELATIVE)
				said->value[TCP_ACK] = field->value.uint;
			else if (row == TCP_DUPLICATE_NUM)
				said->duplicate = field->value.uint;
		}
	}
}

static void tcp_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	struct said said = { .there = 0 };
	char *at;

	read_said(packet, layer, &said);
	if (!(said.there & 1ull << TCP_FLAGS))
		return;
	at = put_flags(text_room(out, 160), (unsigned)said.value[TCP_FLAGS]);
	at = put_uint(put_word(at, " Seq=", 5), said.value[TCP_SEQ]);
	if (said.value[TCP_FLAGS] & FLAG_ACK)
		at = put_uint(put_word(at, " Ack=", 5), said.value[TCP_ACK]);
	if (said.there & 1ull << TCP_WINDOW)
		at = put_uint(put_word(at, " Win=", 5), said.value[TCP_WINDOW]);
	if (said.there & 1ull << TCP_LEN)
		at = put_uint(put_word(at, " Len=", 5), said.value[TCP_LEN]);
	text_wrote(out, at);
	if (said.followed & ~(BIT(TCP_SEQ_RELATIVE) | BIT(TCP_ACK_RELATIVE)))
		say_troubles(said.followed, said.duplicate, out);
}

static const struct bind binds[] = { { BY_IP_PROTO, 6 }, { BY_NONE, 0 } };

const struct dissector tcp_dissector = {
	.name = "tcp",
	.title = "TCP",
	.full_name = "Transmission Control Protocol",
	.reference = "RFC 9293",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.owner_rows = TCP_OWNERS,
	.dissect = tcp_dissect,
	.summary = tcp_summary,
};
