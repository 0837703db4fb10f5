/* SPDX-License-Identifier: BSD-2-Clause */
/* Regular expressions: PCRE2, without regard to case, with limits so that no pattern can cost more than a while. */
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "packet/filter_parts.h"

#define MATCH_STEPS 200000 /* of the matcher, for one value */
#define MATCH_MEMORY 4096  /* KiB */

int filter_pattern(struct filter_tree *tree, struct filter_node *node)
{
	const struct filter_node *text = node->right;
	struct filter_span place = { text->span.at, text->span.length };
	PCRE2_UCHAR said[128];
	PCRE2_SIZE at;
	int number;

	if (node->pattern)
		return 0;
	node->pattern =
		pcre2_compile(text->octets, text->octet_count, PCRE2_CASELESS | PCRE2_NEVER_UTF, &number, &at, NULL);
	if (!node->pattern) {
		pcre2_get_error_message(number, said, sizeof said);
		/* With escapes in front of it the place is not where the octet stands. */
		if (text->octet_count + 2 == text->span.length) {
			place.at += 1 + (uint32_t)(at ? at - 1 : 0);
			place.length = 1;
		}
		return filter_fail(&tree->source, place, NULL, "no regular expression: %s", (const char *)said);
	}
	pcre2_jit_compile(node->pattern, PCRE2_JIT_COMPLETE); /* when it cannot, it is slower */
	return 0;
}

void filter_pattern_free(void *pattern)
{
	pcre2_code_free(pattern);
}

void filter_pattern_prepare(struct filter *filter)
{
	bool any = false;

	for (const struct filter_node *node = filter->tree.nodes; node; node = node->made)
		any |= node->pattern != NULL;
	if (!any)
		return;
	filter->match_data = pcre2_match_data_create(1, NULL);
	filter->match_context = pcre2_match_context_create(NULL);
	if (!filter->match_data || !filter->match_context)
		bug("no memory for regular expressions");
	pcre2_set_match_limit(filter->match_context, MATCH_STEPS);
	pcre2_set_heap_limit(filter->match_context, MATCH_MEMORY);
}

void filter_pattern_release(struct filter *filter)
{
	pcre2_match_data_free(filter->match_data);
	pcre2_match_context_free(filter->match_context);
}

bool filter_pattern_found(const struct filter *filter, const struct filter_node *node, const struct filter_value *value)
{
	return pcre2_match(node->pattern, value->at, value->length, 0, 0, filter->match_data, filter->match_context) >=
	       0;
}
