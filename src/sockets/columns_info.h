/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members of struct tcp_info, in its order: their names are the kernel's without tcpi_. For columns.c, which makes
 * rows of them, and columns_fill.c, which reads them.
 */
#pragma once

#include <linux/tcp.h>

/* BITS: of less than an octet. */
#define SOCKET_INFO(MEMBER, BITS)                                                                                      \
	MEMBER(state, "State of TCP", "state of the connection, as the kernel numbers it")                             \
	MEMBER(ca_state, "Congestion state",                                                                           \
	       "0 open, 1 disorder, 2 window reduced (CWR), 3 recovery after a loss, 4 loss after a timeout")          \
	MEMBER(retransmits, "Timeouts", "retransmission timeouts in a row without answer")                             \
	MEMBER(probes, "Probes", "probes of a closed window or keepalives in a row without answer")                    \
	MEMBER(backoff, "Backoff", "times that the timeout was doubled")                                               \
	MEMBER(options, "Options",                                                                                     \
	       "agreed on in the handshake, bits: 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 16 ECN seen, "          \
	       "32 data in the SYN")                                                                                   \
	BITS(snd_wscale, "Peer's window scale", "bits by which the window that the peer tells is shifted")             \
	BITS(rcv_wscale, "Own window scale", "bits by which the window that we tell is shifted")                       \
	BITS(delivery_rate_app_limited, "Limited by the program",                                                      \
	     "1: delivery_rate was measured while the program had nothing to send")                                    \
	MEMBER(rto, "Timeout", "microseconds until what is not acknowledged is sent again (retransmission timeout)")   \
	MEMBER(ato, "Delayed ACK", "microseconds that an acknowledgement may be delayed")                              \
	MEMBER(snd_mss, "MSS", "octets of data that a segment to the peer may have")                                   \
	MEMBER(rcv_mss, "Peer's MSS", "octets of data that segments of the peer seem to have at most")                 \
	MEMBER(unacked, "Unacknowledged", "segments on their way; of a listener: connections that wait for accept()")  \
	MEMBER(sacked, "Acknowledged aside",                                                                           \
	       "segments behind a gap that the peer has (SACK); of a listener: its "                                   \
	       "backlog")                                                                                              \
	MEMBER(lost, "Lost", "segments that are taken for lost at the moment")                                         \
	MEMBER(retrans, "Sent again", "segments that were sent again and are not acknowledged yet")                    \
	MEMBER(fackets, "FACK", "not used by kernels since 4.15")                                                      \
	MEMBER(last_data_sent, "Since data was sent", "milliseconds since data was sent")                              \
	MEMBER(last_ack_sent, "Since an ACK was sent", "not kept by the kernel: 0")                                    \
	MEMBER(last_data_recv, "Since data came", "milliseconds since data was received")                              \
	MEMBER(last_ack_recv, "Since an ACK came", "milliseconds since an acknowledgement was received")               \
	MEMBER(pmtu, "Path MTU", "octets of the largest packet that the path takes, as far as known")                  \
	MEMBER(rcv_ssthresh, "Window to tell", "octets that the window told to the peer may grow to at the moment")    \
	MEMBER(rtt, "Round trip time", "microseconds from a segment to its acknowledgement, smoothed")                 \
	MEMBER(rttvar, "Deviation", "microseconds that the round trip time deviates")                                  \
	MEMBER(snd_ssthresh, "Slow start threshold",                                                                   \
	       "segments: below it the congestion window doubles each round trip, above it grows slowly")              \
	MEMBER(snd_cwnd, "Congestion window", "segments that may be on their way at once")                             \
	MEMBER(advmss, "Own MSS", "octets of data that we told the peer to put into a segment at most")                \
	MEMBER(reordering, "Reordering", "segments by which others may come late before one is taken for lost")        \
	MEMBER(rcv_rtt, "Receiver's round trip", "microseconds, as estimated by the receiver")                         \
	MEMBER(rcv_space, "Receive space", "octets that the receive buffer is tuned to hold")                          \
	MEMBER(total_retrans, "Sent again in all", "segments that were sent again since the beginning")                \
	MEMBER(pacing_rate, "Pacing rate", "octets a second at which segments are spread out")                         \
	MEMBER(max_pacing_rate, "Highest pacing rate", "octets a second; all bits set: without limit")                 \
	MEMBER(bytes_acked, "Acknowledged", "octets that the peer has acknowledged")                                   \
	MEMBER(bytes_received, "Received", "octets that were received and acknowledged")                               \
	MEMBER(segs_out, "Segments out", "segments sent, repeated ones too")                                           \
	MEMBER(segs_in, "Segments in", "segments received")                                                            \
	MEMBER(notsent_bytes, "Not sent", "octets that wait for room in the window")                                   \
	MEMBER(min_rtt, "Shortest round trip", "microseconds of the shortest round trip of late")                      \
	MEMBER(data_segs_in, "Data segments in", "segments with data received")                                        \
	MEMBER(data_segs_out, "Data segments out", "segments with data sent")                                          \
	MEMBER(delivery_rate, "Delivery rate", "octets a second that arrived at the peer of late")                     \
	MEMBER(busy_time, "Busy", "microseconds that there was something to send")                                     \
	MEMBER(rwnd_limited, "Held by the peer", "microseconds that the peer's window was full")                       \
	MEMBER(sndbuf_limited, "Held by the buffer", "microseconds that the send buffer was too small")                \
	MEMBER(delivered, "Delivered", "segments that arrived, repeated ones too")                                     \
	MEMBER(delivered_ce, "Delivered, marked", "segments that arrived with the mark of congestion (ECN)")           \
	MEMBER(bytes_sent, "Sent", "octets sent, repeated ones too")                                                   \
	MEMBER(bytes_retrans, "Repeated", "octets sent again")                                                         \
	MEMBER(dsack_dups, "Needless", "segments that the peer says it got twice (DSACK)")                             \
	MEMBER(reord_seen, "Reordering seen", "times that segments were seen to be out of order")                      \
	MEMBER(rcv_ooopack, "Out of order", "segments that came out of order")                                         \
	MEMBER(snd_wnd, "Peer's window", "octets that the peer has room for, as it said last")
