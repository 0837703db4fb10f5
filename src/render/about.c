/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/about.h"

#include "packet/dissector.h"

static const char *link_name(uint16_t link)
{
	const char *name = value_name(link_type_names, link);

	return name ? name : "unknown";
}

void about_words(const struct packet *packet, unsigned layer, struct text *out)
{
	size_t start = out->length;

	for (unsigned i = layer; out->length == start && i >= packet->first_layer; i--)
		if (packet->layers[i].dissector->summary)
			packet->layers[i].dissector->summary(packet, &packet->layers[i], out);
	if (!layer)
		text_format(out, "link type %u (%s) is not decoded", packet->frame->link,
			    link_name(packet->frame->link));
}
