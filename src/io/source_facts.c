/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/source_facts.h"

#include "io/pcap.h"
#include "io/source_file.h"
#include "io/unpack.h"

void source_file_facts(const struct source *source, struct source_facts *out)
{
	const struct file_source *file = (const struct file_source *)source;

	*out = (struct source_facts){
		.format = source->ops->name,
		.packing = file->input.unpack ? unpack_name(file->input.unpack) : NULL,
		.swapped = file->pcap.swapped,
		.modified = file->pcap.record_header == PCAP_RECORD_HEADER_MODIFIED,
		.major = file->pcap.major,
		.minor = file->pcap.minor,
		.octets = input_offset(&file->input),
	};
}
