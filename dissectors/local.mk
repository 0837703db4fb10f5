# SPDX-License-Identifier: BSD-2-Clause
# A protocol is one file here and one line in this list; dissectors/NAME.c defines NAME_dissector.
DISSECTORS = \
	dissectors/frame.c \
	dissectors/proc.c \
	dissectors/data.c \
	dissectors/padding.c \
	dissectors/eth.c \
	dissectors/vlan.c \
	dissectors/ieee8021ad.c \
	dissectors/llc.c \
	dissectors/sll.c \
	dissectors/null.c \
	dissectors/ppp.c \
	dissectors/chdlc.c \
	dissectors/fr.c \
	dissectors/mpls.c \
	dissectors/gre.c \
	dissectors/erspan.c \
	dissectors/raw.c \
	dissectors/arp.c \
	dissectors/ip.c \
	dissectors/ipv6.c \
	dissectors/ipv6_opts.c \
	dissectors/ipv6_routing.c \
	dissectors/ipv6_fraghdr.c \
	dissectors/ah.c \
	dissectors/esp.c \
	dissectors/icmp.c \
	dissectors/icmpv6.c \
	dissectors/icmp_extension.c \
	dissectors/igmp.c \
	dissectors/udp.c \
	dissectors/tcp.c \
	dissectors/date.c \
	dissectors/echo.c \
	dissectors/chat.c

libsonde_a_SOURCES += $(DISSECTORS)
nodist_libsonde_a_SOURCES = dissectors/list.c
BUILT_SOURCES += dissectors/list.c
CLEANFILES += dissectors/list.c

dissectors/list.c: $(srcdir)/dissectors/local.mk
	$(AM_V_GEN)$(MKDIR_P) dissectors && { \
		echo '/* Made from dissectors/local.mk. */'; \
		echo '#include "packet/dissect.h"'; \
		echo '#include "packet/dissector.h"'; \
		for f in $(DISSECTORS); do n=$${f##*/}; echo "extern const struct dissector $${n%.c}_dissector;"; done; \
		echo 'const struct dissector *const dissector_list[] = {'; \
		for f in $(DISSECTORS); do n=$${f##*/}; echo "	&$${n%.c}_dissector,"; done; \
		echo '	NULL,'; echo '};'; \
	} > $@.tmp && mv $@.tmp $@
