/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/local_date.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"


int local_date_zone(int64_t time_ns, char name[16])
{
	time_t seconds = (time_t)(time_ns / NS_PER_S - (time_ns % NS_PER_S < 0));
	struct tm local;
	bool known = localtime_r(&seconds, &local) != NULL;

	if (name)
		snprintf(name, 16, "%s", known ? local.tm_zone : "UTC");
	return known ? (int)local.tm_gmtoff : 0;
}

size_t local_date_build(enum date_format format, int64_t time_ns, uint8_t *buf, size_t size)
{
	char name[16];
	int offset = local_date_zone(time_ns, name);
	size_t length = date_build(format, time_ns, offset, name, buf, size);

	return length ? length : date_build(format, time_ns, offset, NULL, buf, size);
}
