/* SPDX-License-Identifier: BSD-2-Clause */
/* Saving frames, whatever the format. */
#include "io/sink.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/pcapng_owners.h"
#include "io/sink_file.h"

static char *copy(const char *text)
{
	return text ? mem_copy_string(text) : NULL;
}

static void sink_free(struct sink *sink)
{
	sink_interfaces_release(sink);
	text_release(&sink->section);
	owner_writer_free(sink->owners);
	free(sink->path);
	free(sink->comment);
	free(sink->application);
	free(sink->capture_filter);
	free(sink->base);
	free(sink);
}

static struct sink *sink_new(const char *path, struct source *source, const struct sink_options *options)
{
	struct sink *sink = mem_new(1, sizeof *sink);

	sink->ops = options->format == SINK_PCAP ? &sink_pcap_ops : &sink_pcapng_ops;
	sink->source = source;
	sink->live = !source->from_file;
	sink->options = *options;
	sink->path = mem_copy_string(path);
	sink->comment = copy(options->comment);
	sink->application = copy(options->application);
	sink->capture_filter = copy(options->capture_filter);
	sink->started = sink->now = clock_utc();
	return sink;
}

static int begin(struct sink *sink, const struct frame *frame, struct error *err)
{
	sink->begun = true;
	return sink->ops->begin(sink, frame, err);
}

struct sink *sink_open(const char *path, struct source *source, const struct sink_options *options, struct error *err)
{
	struct sink *sink = sink_new(path, source, options);

	source->want_blocks = options->format == SINK_PCAPNG;
	if (rotate_open(sink, err)) {
		sink_free(sink);
		return NULL;
	}
	/* Whoever reads along shall see at once what is being captured. */
	if (sink->live && (begin(sink, NULL, err) || output_flush(&sink->output, err))) {
		struct error again;

		output_close(&sink->output, &again);
		sink_free(sink);
		return NULL;
	}
	return sink;
}

static bool is_block(const struct frame *frame)
{
	return frame->block && !frame->data;
}

int sink_write(struct sink *sink, const struct frame *frame, struct error *err)
{
	bool block = is_block(frame);

	if (block && !sink->ops->block)
		return 0;
	if (sink->options.rotate_bytes && !block && sink->output.octets > sink->options.rotate_bytes &&
	    sink->output.packets && rotate_by_size(sink, err))
		return -1;
	if (!sink->begun && begin(sink, frame, err))
		return -1;
	if (block ? sink->ops->block(sink, frame, err) : sink->ops->packet(sink, frame, err))
		return -1;
	return sink->options.unbuffered ? output_flush(&sink->output, err) : 0;
}

int sink_tick(struct sink *sink, int64_t now, struct error *err)
{
	sink->now = now;
	return rotate_by_time(sink, err);
}

int64_t sink_deadline(const struct sink *sink)
{
	return sink->deadline;
}

uint64_t sink_bytes(const struct sink *sink)
{
	return sink->past_octets + sink->output.octets;
}

uint64_t sink_processes_lost(const struct sink *sink)
{
	return sink->owned;
}

uint64_t sink_packets(const struct sink *sink)
{
	return sink->past_packets + sink->output.packets;
}

int sink_flush(struct sink *sink, struct error *err)
{
	return output_flush(&sink->output, err);
}

int sink_finish_file(struct sink *sink, struct error *err)
{
	struct error again;
	int status = sink->output.failed ? -1 : 0;

	if (!status && !sink->begun)
		status = begin(sink, NULL, err);
	if (!status && sink->ops->finish)
		status = sink->ops->finish(sink, err);
	if (!status)
		status = output_flush(&sink->output, err);
	sink->past_octets += sink->output.octets;
	sink->past_packets += sink->output.packets;
	/* When writing has failed, closing only says so again. */
	if (output_close(&sink->output, status ? &again : err))
		status = -1;
	sink->begun = false;
	return status;
}

int sink_close(struct sink *sink, struct error *err)
{
	int status;

	if (!sink)
		return 0;
	if (sink->output.failed)
		*err = sink->output.error;
	status = sink_finish_file(sink, err);
	sink_free(sink);
	return status;
}
