#ifndef FLOOR_MODES_H
#define FLOOR_MODES_H

#include "forwarder.h"

struct options {
  const struct srtp_crypto *crypto;
  enum srtp_profile profile;
  int receivers;      /* hot only: served is told them */
  int batch;          /* packets in that go out together */
  long packets;       /* hot only: how many to forward */
  long gather_micros; /* served only: how long the first packet of a batch may wait for the last */
};

/* Prints one JSON object: the median of all batches of this thread's CPU time per forwarded packet. */
void run_hot(const struct options *options);

/* Forwards what comes until it is killed. */
void run_served(const struct options *options);

/* A UDP socket on a free port of loopback. buffer_bytes: for what arrives, 0 for the kernel's default. */
int open_socket(struct sockaddr_in *address, int buffer_bytes);

#endif
