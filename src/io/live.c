/* SPDX-License-Identifier: BSD-2-Clause */
/* Live capture through libpcap: for systems and adapters that the ring engine does not know. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/interfaces.h"
#include "io/pcap_library.h"
#include "io/source.h"
#include "io/tap.h"

#define SETTLE_TURNS 3 /* the kernel hands over an open block after two of its time-outs at most */

struct live {
	struct source head;
	pcap_t *handle;
	unsigned index;          /* 0: "any" */
	int64_t wait;            /* ns that the kernel may hold a packet back */
	int64_t stopped;         /* when it was told to; 0: not yet */
	bool shut;
	bool micro;              /* the time stamps are in microseconds */
	uint64_t received, dropped;
	uint32_t seen_received, seen_dropped; /* libpcap's counters have 32 bits */
	uint64_t missed_before;
};

static enum source_answer drained(struct live *live)
{
	int64_t passed = tap_clock() - live->stopped;

	if (!live->stopped)
		return SOURCE_AGAIN;
	if (!live->shut && passed >= live->wait) {
		live->shut = true;
		if (!tap_shut(pcap.fileno(live->handle)))
			return SOURCE_END;
	}
	return passed >= (1 + SETTLE_TURNS) * live->wait ? SOURCE_END : SOURCE_AGAIN;
}

static void fill(struct live *live, const struct pcap_pkthdr *header, const u_char *data, struct frame *frame)
{
	const struct interface *interface = live->head.interfaces[0];

	*frame = (struct frame){
		.number = ++live->head.frames,
		.time = header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec * (live->micro ? 1000 : 1),
		.has_time = true,
		.data = data,
		.cap_length = header->caplen,
		.wire_length = header->len,
		.link = interface->link,
		.interface = interface,
	};
}

static enum source_answer live_next(struct source *source, struct frame *frame, struct error *err)
{
	struct live *live = (struct live *)source;
	struct pcap_pkthdr *header;
	const u_char *data;

	if (live->stopped && !live->shut)
		drained(live);
	switch (pcap.next_ex(live->handle, &header, &data)) {
	case 1:
		fill(live, header, data, frame);
		return SOURCE_FRAME;
	case 0:
		return drained(live);
	default:
		return error_set(err, "%s: the capture broke off: %s", source->interfaces[0]->name,
				 pcap.geterr(live->handle));
	}
}

static int live_fd(const struct source *source)
{
	return pcap.get_selectable_fd(((const struct live *)source)->handle);
}

static void live_stop(struct source *source)
{
	struct live *live = (struct live *)source;

	if (!live->stopped)
		live->stopped = tap_clock();
}

static void live_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	struct live *live = (struct live *)source;
	uint64_t missed = live->index ? interface_missed(live->index) : COUNTER_UNKNOWN;
	struct pcap_stat now;

	if (interface || pcap.stats(live->handle, &now) < 0)
		return;
	live->received += now.ps_recv - live->seen_received;
	live->dropped += now.ps_drop - live->seen_dropped;
	live->seen_received = now.ps_recv;
	live->seen_dropped = now.ps_drop;
	out->received = live->received;
	out->dropped = live->dropped;
	if (missed != COUNTER_UNKNOWN && live->missed_before != COUNTER_UNKNOWN)
		out->interface_dropped = missed - live->missed_before;
}

static void live_close(struct source *source)
{
	struct live *live = (struct live *)source;

	if (live->handle)
		pcap.close(live->handle);
	free(live);
}

static const struct source_ops live_ops = {
	.name = "pcap",
	.next = live_next,
	.fd = live_fd,
	.stop = live_stop,
	.counters = live_counters,
	.close = live_close,
};

static int refused(struct live *live, const char *name, int answer, struct error *err)
{
	errno = EPERM;
	if (answer == PCAP_ERROR_PERM_DENIED || answer == PCAP_ERROR_PROMISC_PERM_DENIED)
		return tap_refused(err, name);
	if (answer == PCAP_ERROR_IFACE_NOT_UP)
		return error_set(err, "%s: the interface is down; bring it up, or use --engine ring, which waits",
				 name);
	return error_set(err, "%s: cannot capture: %s", name,
			 *pcap.geterr(live->handle) ? pcap.geterr(live->handle) : pcap.statustostr(answer));
}

static int activate(struct live *live, const char *name, const struct source_live_options *options, struct error *err)
{
	char problem[PCAP_ERRBUF_SIZE];
	int answer;

	live->handle = pcap.create(name, problem);
	if (!live->handle)
		return error_set(err, "%s: cannot capture: %s", name, problem);
	pcap.set_snaplen(live->handle, options->snaplen && options->snaplen < TAP_SNAPLEN ? (int)options->snaplen
											  : TAP_SNAPLEN);
	pcap.set_promisc(live->handle, live->index && !options->no_promiscuous);
	pcap.set_timeout(live->handle, (int)(live->wait / 1000000));
	pcap.set_buffer_size(live->handle, options->buffer_bytes ? (int)options->buffer_bytes : TAP_BUFFER);
	pcap.set_tstamp_precision(live->handle, PCAP_TSTAMP_PRECISION_NANO);
	answer = pcap.activate(live->handle);
	if (answer < 0)
		return refused(live, name, answer, err);
	live->micro = pcap.get_tstamp_precision(live->handle) != PCAP_TSTAMP_PRECISION_NANO;
	if (!live->index && pcap.set_datalink(live->handle, DLT_LINUX_SLL2) < 0)
		return error_set(err, "%s: %s", name, pcap.geterr(live->handle));
	return 0;
}

static int set_filter(struct live *live, const char *name, const struct source_live_options *options, struct error *err)
{
	static const pcap_direction_t directions[] = {
		[CAPTURE_INOUT] = PCAP_D_INOUT, [CAPTURE_IN] = PCAP_D_IN, [CAPTURE_OUT] = PCAP_D_OUT,
	};
	struct bpf_program program;
	int answer;

	if (pcap.setdirection(live->handle, directions[options->direction]) < 0)
		return error_set(err, "%s: %s", name, pcap.geterr(live->handle));
	if (!options->filter || !*options->filter)
		return 0;
	if (pcap.compile(live->handle, &program, options->filter, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return error_set(err, "capture filter '%s': %s; see pcap-filter(7)", options->filter,
				 pcap.geterr(live->handle));
	answer = pcap.setfilter(live->handle, &program);
	pcap.freecode(&program);
	return answer < 0 ? error_set(err, "%s: %s", name, pcap.geterr(live->handle)) : 0;
}

/* libpcap says DLT_, frames say LINKTYPE_; of what Linux interfaces deliver these differ. */
static uint16_t link_of(int dlt)
{
	return dlt == DLT_RAW ? 101 : (uint16_t)dlt;
}

static int open_live(struct live *live, const char *name, const struct source_live_options *options, struct error *err)
{
	char problem[PCAP_ERRBUF_SIZE] = "";
	struct interface *interface;

	if (pcap_load(err) < 0 || activate(live, name, options, err) < 0 || set_filter(live, name, options, err) < 0)
		return -1;
	if (pcap.setnonblock(live->handle, 1, problem) < 0)
		return error_set(err, "%s: %s", name, problem);
	live->missed_before = live->index ? interface_missed(live->index) : COUNTER_UNKNOWN;
	live->head.nanoseconds = !live->micro;
	interface = source_add_interface(&live->head);
	interface->name = mem_copy_string(name);
	interface->filter = options->filter && *options->filter ? mem_copy_string(options->filter) : NULL;
	interface->link = link_of(pcap.datalink(live->handle));
	interface->snaplen = (uint32_t)pcap.snapshot(live->handle);
	interface->tsresol = live->micro ? 6 : 9;
	return 0;
}

struct source *source_live_open(const char *name, const struct source_live_options *options, struct error *err)
{
	struct live *live = mem_new(1, sizeof *live);
	const struct interface_info *info;
	struct interfaces interfaces;

	live->head.ops = &live_ops;
	live->wait = (options->wait_ms ? options->wait_ms : TAP_WAIT_MS) * INT64_C(1000000);
	if (interfaces_read(&interfaces, err) < 0) {
		free(live);
		return NULL;
	}
	info = interfaces_find(&interfaces, name, err);
	live->index = info ? info->index : 0;
	if (!info || open_live(live, name, options, err) < 0) {
		source_close(&live->head);
		interfaces_release(&interfaces);
		return NULL;
	}
	interfaces_release(&interfaces);
	return &live->head;
}
