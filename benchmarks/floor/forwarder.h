/*
 * One stream in, the same stream to many receivers: each packet is decrypted once, and for every receiver gets a new
 * header and that receiver's encryption. Packets for one receiver leave together (UDP_SEGMENT), messages of many
 * receivers in one call (sendmmsg). One thread, one socket, no timers, no feedback, no sessions.
 */
#ifndef FLOOR_FORWARDER_H
#define FLOOR_FORWARDER_H

#include <netinet/in.h>

#include "srtp.h"

enum { MAX_RECEIVERS = 1000, MAX_BATCH = 40, MAX_PACKET_BYTES = 1500 };

struct forwarder;

/* fd: a bound UDP socket, which packets come in by and leave by. publisher_master: see srtp_derive. */
struct forwarder *forwarder_open(int fd, const struct srtp_crypto *crypto, enum srtp_profile profile,
                                 const uint8_t *publisher_master);

void forwarder_add_receiver(struct forwarder *forwarder, const struct sockaddr_in *address, const uint8_t *master);

/*
 * Takes packets that have arrived, up to a batch; returns how many are waiting to be sent now. With wait it blocks
 * until at least one datagram has come. Datagrams that are no genuine RTP (RFC 5761 section 4 tells RTCP) are dropped.
 */
int forwarder_receive(struct forwarder *forwarder, int batch, int wait);

/* Sends what waits to every receiver. Returns the number of packets sent, over all receivers. */
long forwarder_send(struct forwarder *forwarder);

#endif
