/* The forwarder at full speed: it is fed by this thread, batch after batch, and its receivers are not read. */
#define _GNU_SOURCE
#include "modes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  PACKET_BYTES = 1200,
  FEED_SSRC = 1001,
  /* Of the receivers: what is not read is thrown away early, where memory that was never touched would be slow. */
  SMALL_BUFFER_BYTES = 16 * 1024,
};

static long thread_cpu_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static int compare(const void *a, const void *b) {
  double difference = *(const double *) a - *(const double *) b;
  return (difference > 0) - (difference < 0);
}

static void made_up_master(uint8_t *master, int number) {
  for (int i = 0; i < SRTP_KEY_BYTES + SRTP_CM_SALT_BYTES; i++) {
    master[i] = (uint8_t) (number * 31 + i * 7 + 1);
  }
}

/* Encrypts the next batch of the stream and puts it into the forwarder's socket. */
static void feed(int fd, const struct sockaddr_in *to, void *stream, long first_index, int batch,
                 enum srtp_profile profile) {
  static uint8_t payload[PACKET_BYTES];
  for (int i = 0; i < batch; i++) {
    uint8_t packet[PACKET_BYTES + SRTP_MAX_TAG_BYTES] = {0x80, 96};
    uint64_t index = (uint64_t) (first_index + i);
    packet[2] = (uint8_t) (index >> 8), packet[3] = (uint8_t) index;
    packet[10] = FEED_SSRC >> 8, packet[11] = FEED_SSRC & 0xff;
    struct srtp_packet plain = {packet, RTP_FIXED_HEADER_BYTES, payload, PACKET_BYTES - RTP_FIXED_HEADER_BYTES,
                                FEED_SSRC, index};
    srtp_libcrypto.protect(stream, &plain);
    sendto(fd, packet, PACKET_BYTES + srtp_tag_bytes(profile), 0, (const struct sockaddr *) to, sizeof *to);
  }
}

void run_hot(const struct options *options) {
  uint8_t master[SRTP_KEY_BYTES + SRTP_CM_SALT_BYTES];
  struct sockaddr_in address;
  int fd = open_socket(&address, 0);
  int feeder = open_socket(&(struct sockaddr_in) {0}, 0);
  made_up_master(master, 0);
  struct srtp_session_keys keys = srtp_derive(options->profile, master);
  void *stream = srtp_libcrypto.open_stream(options->profile, &keys);
  struct forwarder *forwarder = forwarder_open(fd, options->crypto, options->profile, master);
  for (int i = 0; i < options->receivers; i++) {
    struct sockaddr_in sink;
    open_socket(&sink, SMALL_BUFFER_BYTES);
    made_up_master(master, i + 1);
    forwarder_add_receiver(forwarder, &sink, master);
  }
  long batches = options->packets / ((long) options->batch * options->receivers) + 1;
  double *micros = calloc((size_t) batches, sizeof *micros);
  long forwarded = 0;
  for (long i = 0; i < batches; i++) {
    feed(feeder, &address, stream, i * options->batch + 1, options->batch, options->profile);
    long before = thread_cpu_nanos();
    while (forwarder_receive(forwarder, options->batch, 1) < options->batch) {
    }
    long sent = forwarder_send(forwarder);
    micros[i] = (double) (thread_cpu_nanos() - before) / 1000 / (double) sent;
    forwarded += sent;
  }
  qsort(micros, (size_t) batches, sizeof *micros, compare);
  printf("{\"crypto\":\"%s\",\"receivers\":%d,\"batch\":%d,\"forwarded\":%ld,\"cpu_us_per_packet\":%.4f}\n",
         options->crypto->name, options->receivers, options->batch, forwarded, micros[batches / 2]);
}
