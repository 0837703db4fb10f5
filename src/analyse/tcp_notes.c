/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict as fields of the packet. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/tcp.h"
#include "analyse/tcp_flow.h"
#include "analyse/tcp_rows.h"
#include "base/error.h"
#include "base/mem.h"

/* ------------------------------------------------------------------------------------------------ values */

static bool tell_seq(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->seq;
	return true;
}

static bool tell_next(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->next_seq;
	return true;
}

/* Without the flag the number means nothing; as Wireshark, it is shown as it came. */
static bool tell_ack(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->flags & TCP_ACK ? v->ack : v->raw_ack;
	return true;
}

static bool tell_window(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->window;
	return true;
}

static bool tell_scale(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->scale >= 0 ? UINT64_C(1) << v->scale : (uint64_t)(int64_t)v->scale;
	return !(v->flags & TCP_SYN);
}

static bool tell_completeness(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->completeness;
	return true;
}

static bool tell_analysed(const struct tcp_verdict *v, union field_value *value)
{
	(void)value;
	return v->analysed;
}

static bool tell_acks_frame(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->acks_frame;
	return v->acks;
}

static bool tell_ack_rtt(const struct tcp_verdict *v, union field_value *value)
{
	value->time = v->ack_rtt;
	return v->acks && v->ack_rtt;
}

static bool tell_initial_rtt(const struct tcp_verdict *v, union field_value *value)
{
	value->time = v->initial_rtt;
	return v->analysed && v->has_initial_rtt;
}

static bool tell_flight(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->bytes_in_flight;
	return v->bytes_in_flight != 0;
}

static bool tell_push(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->push_octets;
	return v->bytes_in_flight != 0;
}

static bool tell_rto(const struct tcp_verdict *v, union field_value *value)
{
	value->time = v->rto;
	return v->rto_frame && v->rto;
}

static bool tell_rto_frame(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->rto_frame;
	return v->rto_frame && v->rto;
}

static bool tell_duplicate_number(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->duplicate_number;
	return true;
}

static bool tell_duplicate_frame(const struct tcp_verdict *v, union field_value *value)
{
	value->uint = v->duplicate_frame;
	return true;
}

static bool tell_state(const struct tcp_verdict *v, union field_value *value)
{
	value->bytes = (const uint8_t *)tcp_state_name(v->state);
	return true;
}

/* ------------------------------------------------------------------------------------------------ rows */

/* A row says a value, or that there was a trouble of these bits, or both. In the order of the notes. */
struct tcp_told {
	const char *name;
	bool (*value)(const struct tcp_verdict *verdict, union field_value *value);
	uint32_t trouble; /* 0: it does not need any */
};

#define TROUBLE(bit, word) { "tcp.analysis." word, NULL, bit }

static const struct tcp_told all[] = {
	{ "tcp.completeness", tell_completeness, 0 },
	{ "tcp.state", tell_state, 0 },
	{ "tcp.seq", tell_seq, 0 },
	{ "tcp.nxtseq", tell_next, 0 },
	{ "tcp.ack", tell_ack, 0 },
	{ "tcp.window_size", tell_window, 0 },
	{ "tcp.window_size_scalefactor", tell_scale, 0 },
	{ "tcp.analysis", tell_analysed, 0 },
	{ "tcp.analysis.acks_frame", tell_acks_frame, 0 },
	{ "tcp.analysis.ack_rtt", tell_ack_rtt, 0 },
	{ "tcp.analysis.initial_rtt", tell_initial_rtt, 0 },
	{ "tcp.analysis.bytes_in_flight", tell_flight, 0 },
	{ "tcp.analysis.push_bytes_sent", tell_push, 0 },
	TROUBLE(UINT32_MAX, "flags"),
	TROUBLE(TCP_RETRANSMISSION, "retransmission"),
	TROUBLE(TCP_FAST_RETRANSMISSION, "fast_retransmission"),
	TROUBLE(TCP_SPURIOUS_RETRANSMISSION, "spurious_retransmission"),
	{ "tcp.analysis.rto", tell_rto, TCP_RETRANSMISSION },
	{ "tcp.analysis.rto_frame", tell_rto_frame, TCP_RETRANSMISSION },
	TROUBLE(TCP_OUT_OF_ORDER, "out_of_order"),
	TROUBLE(TCP_LOST_SEGMENT, "lost_segment"),
	TROUBLE(TCP_ACK_LOST_SEGMENT, "ack_lost_segment"),
	TROUBLE(TCP_DUPLICATE_ACK, "duplicate_ack"),
	{ "tcp.analysis.duplicate_ack_num", tell_duplicate_number, TCP_DUPLICATE_ACK },
	{ "tcp.analysis.duplicate_ack_frame", tell_duplicate_frame, TCP_DUPLICATE_ACK },
	TROUBLE(TCP_WINDOW_UPDATE, "window_update"),
	TROUBLE(TCP_WINDOW_FULL, "window_full"),
	TROUBLE(TCP_ZERO_WINDOW, "zero_window"),
	TROUBLE(TCP_ZERO_WINDOW_PROBE, "zero_window_probe"),
	TROUBLE(TCP_ZERO_WINDOW_PROBE_ACK, "zero_window_probe_ack"),
	TROUBLE(TCP_KEEP_ALIVE, "keep_alive"),
	TROUBLE(TCP_KEEP_ALIVE_ACK, "keep_alive_ack"),
	TROUBLE(TCP_REUSED_PORTS, "reused_ports"),
};

static_assert(sizeof all / sizeof *all <= TCP_NOTES_MAX, "a verdict has more fields than there is room for notes");

struct tcp_rows *tcp_rows_new(struct protocols *protocols)
{
	struct tcp_rows *rows = mem_new(1, sizeof *rows);
	const struct dissector *tcp;

	rows->length = protocols_field("tcp.len", &tcp);
	if (!rows->length)
		bug("tcp has no row for the length of its data");
	protocols_want_also(protocols, rows->length);
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		const struct field_def *def = protocols_field(all[i].name, &tcp);

		if (!def)
			bug("no row %s", all[i].name);
		if (!protocols_wants(protocols, def))
			continue;
		rows->wanted[rows->count++] = (struct tcp_row){ def, &all[i] };
		if (!all[i].trouble)
			rows->quiet[rows->quiet_count++] = (struct tcp_row){ def, &all[i] };
	}
	return rows;
}

void tcp_rows_free(struct tcp_rows *rows)
{
	free(rows);
}

unsigned tcp_notes(const struct tcp_rows *rows, const struct tcp_verdict *verdict, struct note *notes)
{
	const struct tcp_row *row = verdict->trouble ? rows->wanted : rows->quiet;
	const struct tcp_row *end = row + (verdict->trouble ? rows->count : rows->quiet_count);
	unsigned count = 0;

	for (; row < end; row++) {
		const struct tcp_told *told = row->told;
		struct note *note = &notes[count];

		note->value.uint = 0;
		if ((told->trouble && !(verdict->trouble & told->trouble)) ||
		    (told->value && !told->value(verdict, &note->value)))
			continue;
		note->def = row->def;
		note->length = 0;
		if (row->def->type == FIELD_STRING)
			note->length = (uint32_t)strlen((const char *)note->value.bytes);
		count++;
	}
	return count;
}
