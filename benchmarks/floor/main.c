/*
 * The floor: the least a forwarder of one stream can do on this machine.
 *
 *   floor hot    [options]   feeds itself and measures its own thread
 *   floor served [options]   forwards what a load generator sends
 */
#include "modes.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct option LONG_OPTIONS[] = {
    {"crypto", required_argument, NULL, 'c'},  {"profile", required_argument, NULL, 'p'},
    {"receivers", required_argument, NULL, 'r'}, {"batch", required_argument, NULL, 'b'},
    {"packets", required_argument, NULL, 'n'}, {"gather-us", required_argument, NULL, 'g'},
    {NULL, 0, NULL, 0},
};

int open_socket(struct sockaddr_in *address, int buffer_bytes) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  socklen_t bytes = sizeof *address;
  *address = (struct sockaddr_in) {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (buffer_bytes > 0) {
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  }
  if (fd < 0 || bind(fd, (struct sockaddr *) address, bytes) != 0
      || getsockname(fd, (struct sockaddr *) address, &bytes) != 0) {
    die("no UDP socket");
  }
  return fd;
}

static const struct srtp_crypto *crypto_of(const char *name) {
  if (strcmp(name, srtp_libcrypto.name) == 0) {
    return &srtp_libcrypto;
  }
#ifdef HAVE_IPSEC_MB
  if (strcmp(name, srtp_ipsec_mb.name) == 0) {
    return &srtp_ipsec_mb;
  }
#endif
  die("--crypto is libcrypto, or ipsec-mb where its header was there at build time");
}

static enum srtp_profile profile_of(const char *name) {
  if (strcmp(name, "gcm") == 0) {
    return SRTP_GCM;
  }
  if (strcmp(name, "cm") == 0) {
    return SRTP_CM;
  }
  die("--profile is gcm or cm");
}

static long number_of(const char *text, long lowest, long highest) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end != '\0' || value < lowest || value > highest) {
    fprintf(stderr, "floor: %s is not in %ld..%ld\n", text, lowest, highest);
    exit(1);
  }
  return value;
}

static struct options parse(int argc, char **argv) {
  struct options options = {&srtp_libcrypto, SRTP_GCM, 50, 8, 250000, 1000};
  for (int option; (option = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1;) {
    switch (option) {
      case 'c': options.crypto = crypto_of(optarg); break;
      case 'p': options.profile = profile_of(optarg); break;
      case 'r': options.receivers = (int) number_of(optarg, 1, MAX_RECEIVERS); break;
      case 'b': options.batch = (int) number_of(optarg, 1, MAX_BATCH); break;
      case 'n': options.packets = number_of(optarg, 1, 1000000000); break;
      case 'g': options.gather_micros = number_of(optarg, 0, 100000); break;
      default: die("options: --crypto --profile --receivers --batch --packets --gather-us");
    }
  }
  return options;
}

int main(int argc, char **argv) {
  struct options options = parse(argc, argv);
  const char *mode = optind < argc ? argv[optind] : "";
  if (strcmp(mode, "hot") == 0) {
    run_hot(&options);
  } else if (strcmp(mode, "served") == 0) {
    run_served(&options);
  } else {
    die("say hot or served");
  }
  return 0;
}
