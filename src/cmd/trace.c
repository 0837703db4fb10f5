/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde trace: the path to a host. */
#include "cmd/command.h"
#include "cmd/tracing.h"

static int trace_run(void *arguments, const struct words *words, struct error *err)
{
	struct trace_settings settings;
	int status = trace_settings_read(&settings, arguments, words, err);

	if (status == 0)
		status = tracing_run(&settings, err);
	trace_settings_release(&settings);
	return status;
}

static const char *const examples[] = {
	"sudo sonde trace 10.0.3.2",
	"the routers on the way to a host, three probes each, all of one flow",
	"sonde trace --unprivileged 10.0.3.2",
	"the same as an ordinary user, and what cannot be seen then",
	"sudo sonde trace -T -p 80 -n www.example.org",
	"by TCP, as a browser's packets go",
	"sudo sonde trace --mda 95 10.0.3.2",
	"every path of a load balancer, 95 % certain",
	"sudo sonde trace --mtu 10.0.3.2",
	"how large packets may be, hop by hop",
	"sudo sonde trace --live 10.0.3.2",
	"loss and times, until q",
	"sudo sonde trace -w trace.pcapng --json 10.0.3.2",
	"for programs; sonde read trace.pcapng shows the packets",
	"sudo sonde trace --explain 10.0.3.2",
	"what is sent, which socket options are used, why each hop answers",
	NULL,
};

const struct command trace_command = {
	.name = "trace",
	.summary = "find the path to a host, hop by hop (traceroute)",
	.synopsis = "HOST [OCTETS]",
	.description =
		"Sends probes to HOST whose time to live (TTL) ends after 1, 2, 3... routers; each router that drops "
		"one "
		"says so with an ICMP message, and so the path becomes known. OCTETS is the length of a probe with its "
		"IP "
		"header (60, with IPv6 80).\n\n"
		"All probes look alike to routers that spread flows over several ways (Paris traceroute): what is "
		"shown is "
		"one path, not a mixture of many. Up to 16 are on their way at once. Times are taken by the kernel "
		"when a "
		"packet leaves and when its answer arrives; whose answer it is, is told by what the answer quotes.\n\n"
		"Behind the path stands what is remarkable: routers that pass packets on but do not answer, that limit "
		"their answers, loss, translated addresses. Without CAP_NET_RAW ordinary sockets do what they can, and "
		"the "
		"command says what cannot be seen. Exit status: 0 the host was reached, 1 it was not.",
	.examples = examples,
	.complete = "host",
	.groups = trace_groups,
	.size = sizeof(struct trace_arguments),
	.run = trace_run,
};
