/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What went wrong, told from the numbers of both directions. The rules are those that Wireshark 4.0 shows from outside,
 * in its order, because several of them exclude what comes after; docs/tcp-analysis.md has them in words.
 */
#include "analyse/tcp_flow.h"
#include "base/clock.h"

#define FAST_WITHIN (20 * NS_PER_MS) /* after the duplicate ACK that asked for it */
#define REORDERED_WITHIN (3 * NS_PER_MS) /* behind the highest segment, while no round trip is known */
#define DUPLICATES_FAST 2 /* RFC 5681 says 3; one of them may not have been captured */

#define FLIGHT_MAX (1u << 30) /* RFC 7323 section 2.3: no window is greater */

#define TCP_CONTROL (TCP_SYN | TCP_FIN | TCP_RST)

struct judging {
	struct tcp_flow *tcp;
	struct tcp_side *own, *other;
	const struct tcp_segment *segment;
	struct tcp_verdict *verdict;
};

/* ------------------------------------------------------------------------------------------------ windows, probes */

/* Nothing but an ACK, where the next segment of its sender would stand. */
static bool is_bare_ack(const struct judging *j)
{
	return !j->segment->length && j->own->seen && j->segment->seq == j->own->next &&
	       !(j->segment->flags & TCP_CONTROL);
}

static bool fills_window(const struct judging *j)
{
	const struct tcp_side *other = j->other;
	uint32_t window = (uint32_t)other->window << (other->scale > 0 && !other->window_of_syn ? other->scale : 0);

	return j->segment->length && other->scale != SCALE_UNKNOWN && !(j->segment->flags & TCP_CONTROL) &&
	       j->segment->seq + j->segment->length == other->last_ack + window;
}

static bool is_keep_alive(const struct judging *j)
{
	return j->segment->length <= 1 && j->own->seen && j->segment->seq == j->own->next - 1 &&
	       !(j->segment->flags & TCP_CONTROL);
}

static bool is_zero_window_probe(const struct judging *j)
{
	return j->segment->length == 1 && j->own->seen && j->segment->seq == j->own->next && j->other->seen &&
	       j->other->window == 0;
}

static bool is_lost(const struct judging *j)
{
	return j->own->seen && seq_before(j->own->next, j->segment->seq) && !(j->segment->flags & TCP_RST);
}

static void judge_window(struct judging *j)
{
	if (!j->segment->window && !(j->segment->flags & TCP_CONTROL))
		j->verdict->trouble |= TCP_ZERO_WINDOW;
	if (is_lost(j)) {
		j->verdict->trouble |= TCP_LOST_SEGMENT;
		j->own->flight_known = false;
	}
	if (is_keep_alive(j))
		j->verdict->trouble |= TCP_KEEP_ALIVE;
	if (fills_window(j))
		j->verdict->trouble |= TCP_WINDOW_FULL;
}

/* A bare ACK: of the same number or window as the one before, or a new one. */
static void judge_bare_ack(struct judging *j)
{
	struct tcp_side *own = j->own;
	bool same_ack = j->segment->ack == own->last_ack, same_window = j->segment->window == own->window;

	if (!same_ack)
		return;
	if (!same_window) {
		if (j->segment->window)
			j->verdict->trouble |= TCP_WINDOW_UPDATE;
	} else if (!j->segment->window) {
		if (j->other->trouble & TCP_ZERO_WINDOW_PROBE)
			j->verdict->trouble |= TCP_ZERO_WINDOW_PROBE_ACK;
	} else if (j->other->trouble & TCP_KEEP_ALIVE) {
		j->verdict->trouble |= TCP_KEEP_ALIVE_ACK;
	} else {
		own->duplicates++;
		own->passed = false;
		j->verdict->trouble |= TCP_DUPLICATE_ACK;
		j->verdict->duplicate_number = own->duplicates;
		j->verdict->duplicate_frame = own->ack_frame;
	}
}

/* ------------------------------------------------------------------------------------------------ not captured */

static void judge_ack(struct judging *j)
{
	struct tcp_side *other = j->other;
	bool hole = other->contiguous != other->next;

	if (!(j->segment->flags & TCP_ACK) || !other->known_contiguous ||
	    !seq_before(other->contiguous, j->segment->ack))
		return;
	j->verdict->analysed = true;
	/* Beyond all that was seen of it, once for each number that it acknowledges itself. */
	if (hole || (!other->passed && !other->duplicates))
		j->verdict->trouble |= TCP_ACK_LOST_SEGMENT;
	other->contiguous = other->next;
	if (hole)
		return;
	other->passed = true;
	other->duplicates = 0;
}

/* ------------------------------------------------------------------------------------------------ what came again */

static bool within(int64_t later, int64_t earlier, int64_t limit)
{
	return later >= earlier && limit > 0 && (uint64_t)later - (uint64_t)earlier < (uint64_t)limit;
}

static uint32_t kind_of_repeat(const struct judging *j)
{
	const struct tcp_side *own = j->own, *other = j->other;
	const struct tcp_segment *segment = j->segment;
	int64_t reordered = j->tcp->has_initial_rtt ? j->tcp->initial_rtt : REORDERED_WITHIN;

	if ((other->duplicates >= DUPLICATES_FAST || other->passed) && other->last_ack == segment->seq &&
	    within(segment->time, other->ack_time, FAST_WITHIN))
		return TCP_RETRANSMISSION | TCP_FAST_RETRANSMISSION;
	if (within(segment->time, own->next_time, reordered) && segment->next != own->next)
		return TCP_OUT_OF_ORDER;
	return TCP_RETRANSMISSION;
}

/* How long the sender waited: since the oldest segment that nobody acknowledged. */
static void time_out(struct judging *j)
{
	const struct unacked_list *list = j->own->unacked;
	uint64_t frame = list ? list->entries[list->first].frame : j->own->next_frame;
	int64_t since = list ? list->entries[list->first].time : j->own->next_time;

	j->verdict->rto_frame = frame;
	j->verdict->rto = time_between(since, j->segment->time);
}

static void judge_repeat(struct judging *j)
{
	const struct tcp_side *own = j->own, *other = j->other;
	const struct tcp_segment *segment = j->segment;
	uint32_t kind;

	if ((!segment->length && !(segment->flags & (TCP_SYN | TCP_FIN))) || j->verdict->trouble & TCP_KEEP_ALIVE)
		return;
	if (segment->length && other->last_ack && !seq_before(other->last_ack, segment->seq + segment->length)) {
		j->verdict->trouble |= TCP_RETRANSMISSION | TCP_SPURIOUS_RETRANSMISSION;
		return;
	}
	if (!own->seen || !seq_before(segment->seq, own->next))
		return;
	/* The octet before may have been a probe that was not taken. */
	if (segment->length > 1 && segment->seq == own->next - 1)
		return;
	kind = kind_of_repeat(j);
	j->verdict->trouble |= kind;
	if (kind == TCP_RETRANSMISSION)
		time_out(j);
}

/* ------------------------------------------------------------------------------------------------ remembering */

static void remember_end(struct judging *j)
{
	struct tcp_side *own = j->own;
	const struct tcp_segment *segment = j->segment;

	if (segment->length || segment->flags & (TCP_SYN | TCP_FIN))
		unacked_add(&own->unacked, j->tcp->held, &(struct unacked){
			.frame = segment->frame, .time = segment->time, .seq = segment->seq, .next = segment->next,
		});
	/* A refusal has the number 0, which is none of its sender's. */
	if (j->verdict->trouble & TCP_ZERO_WINDOW_PROBE || (segment->flags & TCP_RST && !segment->next))
		return;
	if (!own->seen || seq_before(own->next, segment->next)) {
		own->next = segment->next;
		own->next_frame = segment->frame;
		own->next_time = segment->time;
		own->seen = true;
	}
	if (!own->known_contiguous || segment->seq == own->contiguous) {
		own->contiguous = own->next;
		own->known_contiguous = true;
	}
}

static void remember_ack(struct judging *j)
{
	struct tcp_side *own = j->own;
	const struct tcp_segment *segment = j->segment;

	if (segment->ack != own->last_ack) {
		own->ack_frame = segment->frame;
		own->duplicates = 0;
		own->passed = false;
	}
	own->window = segment->window;
	own->window_of_syn = (segment->flags & TCP_SYN) != 0;
	own->last_ack = segment->ack;
	own->ack_time = segment->time;
	own->trouble = j->verdict->trouble;
}

static void match_ack(struct judging *j)
{
	struct unacked first;

	if (!unacked_acked(&j->other->unacked, j->tcp->held, j->segment->ack, &first))
		return;
	j->verdict->acks = true;
	j->verdict->acks_frame = first.frame;
	j->verdict->ack_rtt = time_between(first.time, j->segment->time);
}

/* Data since the segment before the one that had PSH. */
static void count_flight(struct judging *j)
{
	struct tcp_side *own = j->own;
	uint32_t octets;

	if (!j->segment->length || !own->unacked || !own->flight_known)
		return;
	octets = own->unacked->high - own->unacked->low - ((j->segment->flags & (TCP_SYN | TCP_FIN)) != 0);
	j->verdict->bytes_in_flight = octets <= FLIGHT_MAX ? octets : 0;
	own->push_octets = own->pushed ? j->segment->length : own->push_octets + j->segment->length;
	own->pushed = (j->segment->flags & TCP_PSH) != 0;
	j->verdict->push_octets = own->push_octets;
}

/* A SYN that is sent again begins anew, whatever a reset with numbers of its own has left. */
static void begin_again(struct tcp_side *own, const struct tcp_segment *segment)
{
	if ((segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && own->known_contiguous)
		own->next = own->contiguous;
}

static void judge_all(struct judging *j)
{
	begin_again(j->own, j->segment);
	if (is_zero_window_probe(j)) {
		j->verdict->trouble |= TCP_ZERO_WINDOW_PROBE;
	} else {
		judge_window(j);
		if (is_bare_ack(j))
			judge_bare_ack(j);
	}
	judge_ack(j);
	judge_repeat(j);
}

void tcp_judge(struct tcp_flow *tcp, unsigned side, const struct tcp_segment *segment, struct tcp_verdict *verdict)
{
	struct judging j = {
		.tcp = tcp, .own = &tcp->sides[side], .other = &tcp->sides[!side],
		.segment = segment, .verdict = verdict,
	};

	if (segment->flags & TCP_ACK)
		j.other->flight_known = true;
	judge_all(&j);
	remember_end(&j);
	remember_ack(&j);
	match_ack(&j);
	count_flight(&j);
	verdict->analysed = verdict->analysed || verdict->trouble || verdict->acks || verdict->bytes_in_flight;
}
