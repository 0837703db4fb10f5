/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "io/pcap_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct pcap_library pcap;

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define PCAP_ROW(name) { "pcap_" #name, offsetof(struct pcap_library, name) },
	PCAP_FUNCTIONS(PCAP_ROW)
#undef PCAP_ROW
	{ "bpf_filter", offsetof(struct pcap_library, bpf_filter) },
};

static struct error problem;
static bool loaded;

static int find_functions(void *library)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		void *found = dlsym(library, functions[i].name);

		if (!found)
			return error_set(&problem, "%s has no %s; sonde was built with a newer one", LIBPCAP_SONAME,
					 functions[i].name);
		memcpy((char *)&pcap + functions[i].offset, &found, sizeof found);
	}
	return 0;
}

/* It stays to the end. */
static void load(void)
{
	void *library = dlopen(LIBPCAP_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		error_set(&problem, "libpcap cannot be loaded: %s", dlerror());
	else
		loaded = find_functions(library) == 0;
}

int pcap_load(struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return loaded ? 0 : error_set(err, "%s", problem.text);
}
