/* SPDX-License-Identifier: BSD-2-Clause */
/* The packets of `read` and `capture`: followed in order, chosen and rendered, by one thread or by two in turns. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/command.h"
#include "cmd/show.h"

#define WRITE_AT 65536 /* octets of output that come together before they are written */
#define WRITE_SOLE 8192 /* from so many on, those of a batch are written from where they are */

/* ------------------------------------------------------------------------------------------------ the start */

/* More than one interface, and names to tell them apart. */
static bool several_names(const struct source *source)
{
	for (uint32_t i = 0; source->interface_count > 1 && i < source->interface_count; i++)
		if (source->interfaces[i]->name)
			return true;
	return false;
}

/* Numbers of conversations must be right for as long as can be when somebody asks for them by name. */
static unsigned parts(const struct show *show)
{
	bool asked = show->filter && filter_reads(show->filter, FIELD_FOLLOWED);

	for (size_t i = 0; i < show->options.field_count; i++)
		asked |= (show->options.fields[i]->flags & FIELD_FOLLOWED) != 0;
	return asked ? TRACK_ALL : TRACK_ALL | TRACK_SHORT;
}

static void start_following(struct show *show)
{
	show->stamps = show->filter &&
		       (show->options.time == TIME_DELTA_SHOWN || protocols_wants(show->protocols, show->since_shown));
	show->track = track_new(show->protocols, parts(show), show->foresight);
	show->foresight = NULL;
}

/* Each thread renders with a state of its own; what stands at the beginning of the output is written once. */
static void start_rendering(struct show *show)
{
	const struct renderer *renderer = show->renderer;
	struct text again = { 0 };

	show->started = true;
	if (show->source && show->source->nanoseconds)
		show->options.time_digits = 9;
	if (show->source && several_names(show->source))
		show->options.interfaces = true;
	for (unsigned i = 0; renderer && i < show->threads; i++) {
		struct show_hands *hands = &show->hands[i];

		hands->state = mem_new(1, renderer->state_size);
		hands->before = mem_new(1, renderer->carried);
		if (renderer->start)
			renderer->start(hands->state, &show->options, i ? &again : &show->out);
	}
	text_release(&again);
	if (!renderer)
		return;
	show->carried = mem_new(1, renderer->carried);
	memcpy(show->carried, show->hands[0].state, renderer->carried);
}

static int write_out(struct show *show, struct error *err)
{
	int status = show->out.length ? command_print(&show->out, err) : 0;

	text_clear(&show->out);
	return status;
}

/* ------------------------------------------------------------------------------------------------ in order */

/* What the packet follows among those shown is known only here, when the filter has judged those before it. */
static void stamp(struct show *show, struct packet *packet)
{
	show->frame = *packet->frame;
	show->frame.displayed_time = show->any_shown ? show->shown_time : show->frame.time;
	packet->frame = &show->frame;
	for (unsigned i = 0; i < packet->layers[0].field_count; i++)
		if (packet->fields[i].def == show->since_shown)
			packet->fields[i].value.time = time_between(show->frame.displayed_time, show->frame.time);
}

/* All packets that were followed come here, in order. */
static bool passes(struct show *show, struct filter *filter, struct packet *packet)
{
	if (show->stamps)
		stamp(show, packet);
	if (filter && !filter_run(filter, packet))
		return false;
	show->shown++;
	if (packet->frame->has_time) {
		show->any_shown = true;
		show->shown_time = packet->frame->time;
	}
	return true;
}

/* 1: enough was shown. */
static int render(struct show *show, struct show_hands *hands, struct packet *packet)
{
	if (!passes(show, hands->filter, packet))
		return 0;
	if (show->renderer)
		show->renderer->packet(hands->state, &show->options, packet, &show->out);
	return show->shown == show->stop_shown;
}

static int show_here(struct show *show, const struct frame *frame, struct error *err)
{
	int status;

	dissect(show->protocols, frame, show->packet);
	track_packet(show->track, show->packet);
	status = render(show, &show->hands[0], show->packet);
	if ((show->line_buffered || show->out.length >= WRITE_AT) && write_out(show, err) < 0)
		return -1;
	return status;
}

/* ------------------------------------------------------------------------------------------------ in batches */

/* The context of a relay. */
struct showing {
	struct show *show;
	struct capture *capture;
	struct frame_times times;
};

static void dissect_batch(void *context, struct relay_batch *batch)
{
	const struct show *show = ((struct showing *)context)->show;

	for (unsigned i = 0; i < batch->count; i++) {
		dissect(show->protocols, &batch->frames[i], &batch->packets[i]);
		track_prepare(show->track, batch->packets, i);
	}
}

static int follow_batch(void *context, struct relay_batch *batch, struct error *err)
{
	struct show *show = ((struct showing *)context)->show;

	(void)err;
	for (unsigned i = 0; i < batch->count; i++) {
		track_packet(show->track, &batch->packets[i]);
		packet_keep(&batch->packets[i], &batch->keep);
	}
	return 0;
}

/* Where a packet's look, or whether it is shown, hangs on when the one shown before came. */
static bool needs_order(const struct show *show)
{
	return show->stamps;
}

/* What the packets before hand on to those of the batch. */
static void take_carried(struct show *show, struct show_hands *hands)
{
	memcpy(hands->before, show->carried, show->renderer->carried);
	memcpy(hands->state, hands->before, show->renderer->carried);
}

static void render_packets(const struct show *show, struct show_hands *hands, struct relay_batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		const struct packet *packet = &batch->packets[i];

		if (hands->filter && !filter_run(hands->filter, packet))
			continue;
		batch->chosen++;
		if (show->renderer)
			show->renderer->packet(hands->state, &show->options, packet, &batch->out);
	}
}

/* The packets before may not be rendered yet: it is taken for granted that they hand on what is known now. */
static void render_batch(void *context, struct relay_batch *batch)
{
	struct show *show = ((struct showing *)context)->show;
	struct show_hands *hands = &show->hands[batch->thread];

	if (needs_order(show))
		return;
	if (show->renderer) {
		pthread_mutex_lock(&show->lock);
		take_carried(show, hands);
		pthread_mutex_unlock(&show->lock);
	}
	render_packets(show, hands, batch);
}

/* Columns that grew in between are seldom: then all is rendered once more. */
static void hand_on(struct show *show, struct show_hands *hands, struct relay_batch *batch)
{
	size_t carried = show->renderer->carried;

	if (memcmp(hands->before, show->carried, carried) != 0) {
		text_clear(&batch->out);
		batch->chosen = 0;
		take_carried(show, hands);
		render_packets(show, hands, batch);
	}
	pthread_mutex_lock(&show->lock);
	memcpy(show->carried, hands->state, carried);
	pthread_mutex_unlock(&show->lock);
}

static void end_in_order(struct show *show, struct show_hands *hands, struct relay_batch *batch)
{
	if (show->renderer)
		take_carried(show, hands);
	for (unsigned i = 0; i < batch->count; i++)
		render(show, hands, &batch->packets[i]);
	if (show->renderer)
		memcpy(show->carried, hands->state, show->renderer->carried);
}

/* To put it behind what waits already would cost more than the write that it saves. */
static int write_batch(struct show *show, const struct relay_batch *batch, struct error *err)
{
	if (write_out(show, err) < 0)
		return -1;
	return command_print(&batch->out, err);
}

static int end_batch(void *context, struct relay_batch *batch, struct error *err)
{
	struct show *show = ((struct showing *)context)->show;
	struct show_hands *hands = &show->hands[batch->thread];

	if (needs_order(show)) {
		end_in_order(show, hands, batch);
	} else {
		if (show->renderer)
			hand_on(show, hands, batch);
		show->shown += batch->chosen;
		if (batch->out.length >= WRITE_SOLE)
			return write_batch(show, batch, err);
		if (batch->out.length)
			text_add(&show->out, batch->out.data, batch->out.length);
	}
	if (show->out.length >= WRITE_AT && write_out(show, err) < 0)
		return -1;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ from outside */

/* At the first frame the source knows how fine its times are. */
static int start(struct show *show, const struct frame *frame, struct error *err)
{
	if (show->started)
		return 0;
	if (!protocols_know_link(show->protocols, frame->link))
		return error_set(err,
				 "link type %u is not known here; -w copies the packets, -q counts them, -d "
				 "linktype==%u,eth takes them for Ethernet",
				 frame->link, frame->link);
	start_following(show);
	start_rendering(show);
	return 0;
}

int show_packet(void *context, const struct frame *frame, struct error *err)
{
	struct show *show = context;
	int status;

	if (!show->renderer && !show->filter)
		return 0;
	if (start(show, frame, err) < 0)
		return -1;
	status = show_here(show, frame, err);
	return status < 0 ? -1 : 1 + status;
}

bool show_would(struct show *show, const struct frame *frame)
{
	if (!show->track)
		start_following(show);
	dissect(show->protocols, frame, show->packet);
	track_packet(show->track, show->packet);
	return passes(show, show->filter, show->packet);
}

int show_flush(void *context, struct error *err)
{
	return write_out(context, err);
}

static int next_frame(void *context, struct frame *frame, struct error *err)
{
	struct showing *showing = context;
	struct capture *capture = showing->capture;
	int status;

	if (capture->stop_packets && capture->packets == capture->stop_packets)
		return 0;
	status = source_next_frame(capture->source, frame, err);
	if (status <= 0)
		return status;
	capture->packets++;
	frame_times_stamp(&showing->times, frame);
	frame->displayed_time = frame->previous_time;
	return start(showing->show, frame, err) < 0 ? -1 : 1;
}

bool show_may_wait(const struct show *show)
{
	return !show->line_buffered && !show->stop_shown;
}

int show_file(struct show *show, struct capture *capture, struct error *err)
{
	struct showing showing = { .show = show, .capture = capture };
	const struct relay_work work = {
		.next = next_frame,
		.begin = dissect_batch,
		.turn = follow_batch,
		.middle = render_batch,
		.end = end_batch,
		.context = &showing,
	};

	show->threads = RELAY_THREADS;
	return relay_run(&work, err);
}

static void finish_rendering(struct show *show, const struct render_totals *totals)
{
	struct text again = { 0 };

	if (!show->started)
		start_rendering(show);
	for (unsigned i = 0; i < RELAY_THREADS && show->hands[i].state; i++)
		show->renderer->finish(show->hands[i].state, &show->options, totals, i ? &again : &show->out);
	text_release(&again);
}

int show_finish(struct show *show, const struct capture *capture, struct error *err)
{
	struct source_counters counters;
	struct render_totals totals = { .packets = capture->packets, .shown = show->shown };

	source_counters_all(capture->source, &counters);
	totals.received = counters.received;
	totals.dropped = counters.dropped;
	totals.interface_dropped = counters.interface_dropped;
	if (show->renderer && show->renderer->finish)
		finish_rendering(show, &totals);
	return write_out(show, err);
}
