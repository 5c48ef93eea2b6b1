/*
 * The forwarder under a load that comes in its own time, as a server has it: between frames it sleeps and others use
 * the caches. Its CPU time is read from outside, as that of the server it is compared with.
 */
#define _GNU_SOURCE
#include "modes.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SOCKET_BUFFER_BYTES = 4 * 1024 * 1024 };

static void parse_hex(const char *text, uint8_t *out, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    unsigned value;
    if (sscanf(text + 2 * i, "%2x", &value) != 1) {
      die("a key is key and salt in hexadecimal");
    }
    out[i] = (uint8_t) value;
  }
}

static void add_receiver(struct forwarder *forwarder, const struct options *options, const char *host, int port,
                         const char *key) {
  uint8_t master[SRTP_KEY_BYTES + SRTP_CM_SALT_BYTES];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    die("a receiver has an IPv4 address");
  }
  parse_hex(key, master, SRTP_KEY_BYTES + srtp_salt_bytes(options->profile));
  forwarder_add_receiver(forwarder, &address, master);
}

static long now_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

/* From the first packet on, waits for the rest of its burst, but no longer than the window. */
static void gather(struct forwarder *forwarder, int fd, const struct options *options) {
  int waiting = forwarder_receive(forwarder, options->batch, 1);
  long end = now_micros() + options->gather_micros;
  while (waiting > 0 && waiting < options->batch) {
    long left = end - now_micros();
    struct timespec timeout = {0, left * 1000};
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (left <= 0 || ppoll(&readable, 1, &timeout, NULL) <= 0) {
      return;
    }
    waiting = forwarder_receive(forwarder, options->batch, 0);
  }
}

/* Standard input: the publisher's master key in hexadecimal; a line for each receiver, "address port key"; "go". */
void run_served(const struct options *options) {
  uint8_t master[SRTP_KEY_BYTES + SRTP_CM_SALT_BYTES];
  char line[256];
  char host[64];
  char key[128];
  int port;
  struct sockaddr_in address;
  int fd = open_socket(&address, SOCKET_BUFFER_BYTES);
  if (scanf("%127s\n", key) != 1) {
    die("the first line of standard input is the publisher's key");
  }
  parse_hex(key, master, SRTP_KEY_BYTES + srtp_salt_bytes(options->profile));
  struct forwarder *forwarder = forwarder_open(fd, options->crypto, options->profile, master);
  while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "go\n") != 0) {
    if (sscanf(line, "%63s %d %127s", host, &port, key) != 3) {
      die("a receiver is a line \"address port key\"");
    }
    add_receiver(forwarder, options, host, port, key);
  }
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    gather(forwarder, fd, options);
    forwarder_send(forwarder);
  }
}
