#define _GNU_SOURCE
#include "forwarder.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum {
  /* Of one message with UDP_SEGMENT, by the kernel's limits. */
  MAX_SEGMENTS = 64,
  MAX_MESSAGE_BYTES = 60000,
  MESSAGES_PER_CALL = 64,
  CONTROL_BYTES = CMSG_SPACE(sizeof(uint16_t)),
};

/* A packet as it came, decrypted, until all receivers have it. */
struct waiting {
  uint8_t header[MAX_PACKET_BYTES];
  size_t header_bytes;
  uint8_t payload[MAX_PACKET_BYTES];
  size_t payload_bytes;
  uint64_t index;
};

struct receiver {
  struct sockaddr_in address;
  void *stream;
  uint32_t ssrc;
  uint16_t sequence_offset;
};

/* One message: a run of packets of one length to one receiver, the last of which may be shorter. */
struct message {
  struct iovec vector;
  _Alignas(struct cmsghdr) uint8_t control[CONTROL_BYTES];
};

struct forwarder {
  int fd;
  enum srtp_profile profile;
  const struct srtp_crypto *crypto;
  void *publisher;
  uint64_t highest_index;
  int has_index;

  uint8_t datagrams[MAX_BATCH][MAX_PACKET_BYTES];
  struct iovec in_vectors[MAX_BATCH];
  struct mmsghdr in[MAX_BATCH];

  struct waiting waiting[MAX_BATCH];
  int waiting_count;

  struct receiver receivers[MAX_RECEIVERS];
  int receiver_count;

  /* Protected packets, one behind the other for each receiver of a call. */
  uint8_t arena[MESSAGES_PER_CALL][MAX_BATCH * (MAX_PACKET_BYTES + SRTP_MAX_TAG_BYTES)];
  struct message messages[MESSAGES_PER_CALL];
  struct mmsghdr out[MESSAGES_PER_CALL];
  int message_count;
};

struct forwarder *forwarder_open(int fd, const struct srtp_crypto *crypto, enum srtp_profile profile,
                                 const uint8_t *publisher_master) {
  struct forwarder *forwarder = calloc(1, sizeof *forwarder);
  struct srtp_session_keys keys = srtp_derive(profile, publisher_master);
  forwarder->fd = fd;
  forwarder->crypto = crypto;
  forwarder->profile = profile;
  forwarder->publisher = srtp_open_receiver(profile, &keys);
  for (int i = 0; i < MAX_BATCH; i++) {
    forwarder->in_vectors[i] = (struct iovec) {forwarder->datagrams[i], MAX_PACKET_BYTES};
    forwarder->in[i].msg_hdr = (struct msghdr) {.msg_iov = &forwarder->in_vectors[i], .msg_iovlen = 1};
  }
  return forwarder;
}

void forwarder_add_receiver(struct forwarder *forwarder, const struct sockaddr_in *address, const uint8_t *master) {
  if (forwarder->receiver_count == MAX_RECEIVERS) {
    die("too many receivers");
  }
  struct receiver *receiver = &forwarder->receivers[forwarder->receiver_count];
  struct srtp_session_keys keys = srtp_derive(forwarder->profile, master);
  receiver->address = *address;
  receiver->stream = forwarder->crypto->open_stream(forwarder->profile, &keys);
  /* Unlike the publisher's, and unlike each other, as a server's would be. */
  receiver->ssrc = 0x10000000u + (uint32_t) forwarder->receiver_count;
  receiver->sequence_offset = (uint16_t) (forwarder->receiver_count * 7);
  forwarder->receiver_count++;
}

static uint32_t read32(const uint8_t *at) {
  return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

static uint16_t read16(const uint8_t *at) {
  return (uint16_t) (at[0] << 8 | at[1]);
}

/* Bytes of the whole header with contributing sources and extension (RFC 3550 section 5), 0 if it is not RTP. */
static size_t rtp_header_bytes(const uint8_t *packet, size_t bytes) {
  if (bytes < RTP_FIXED_HEADER_BYTES || packet[0] >> 6 != 2) {
    return 0;
  }
  int payload_type = packet[1] & 0x7f;
  size_t header = RTP_FIXED_HEADER_BYTES + 4 * (packet[0] & 0x0f);
  if (payload_type >= 64 && payload_type <= 95) {
    return 0; /* RTCP */
  }
  if (packet[0] & 0x10) {
    if (bytes < header + 4) {
      return 0;
    }
    header += 4 + 4 * (size_t) read16(packet + header + 2);
  }
  return header <= bytes ? header : 0;
}

static void take(struct forwarder *forwarder, const uint8_t *packet, size_t bytes) {
  struct waiting *waiting = &forwarder->waiting[forwarder->waiting_count];
  size_t header_bytes = rtp_header_bytes(packet, bytes);
  if (header_bytes == 0) {
    return;
  }
  uint16_t sequence_number = read16(packet + 2);
  uint64_t index =
      forwarder->has_index ? srtp_guess_index(forwarder->highest_index, sequence_number) : sequence_number;
  int payload_bytes = srtp_unprotect(forwarder->publisher, packet, bytes, header_bytes, read32(packet + 8), index,
                                     waiting->payload);
  if (payload_bytes < 0) {
    return;
  }
  if (!forwarder->has_index || index > forwarder->highest_index) {
    forwarder->highest_index = index;
    forwarder->has_index = 1;
  }
  memcpy(waiting->header, packet, header_bytes);
  waiting->header_bytes = header_bytes;
  waiting->payload_bytes = (size_t) payload_bytes;
  waiting->index = index;
  forwarder->waiting_count++;
}

int forwarder_receive(struct forwarder *forwarder, int batch, int wait) {
  int room = batch - forwarder->waiting_count;
  int flags = wait ? MSG_WAITFORONE : MSG_DONTWAIT;
  int received = recvmmsg(forwarder->fd, forwarder->in, (unsigned) room, flags, NULL);
  for (int i = 0; i < received; i++) {
    take(forwarder, forwarder->datagrams[i], forwarder->in[i].msg_len);
  }
  return forwarder->waiting_count;
}

static void send_messages(struct forwarder *forwarder) {
  forwarder->crypto->finish();
  int sent = 0;
  while (sent < forwarder->message_count) {
    int taken = sendmmsg(forwarder->fd, forwarder->out + sent, (unsigned) (forwarder->message_count - sent), 0);
    if (taken < 0 && errno != EINTR && errno != EAGAIN && errno != ECONNREFUSED) {
      die("sendmmsg refuses; does this kernel know UDP_SEGMENT?");
    }
    sent += taken > 0 ? taken : 0;
  }
  forwarder->message_count = 0;
}

static void add_message(struct forwarder *forwarder, struct receiver *receiver, uint8_t *start, size_t bytes,
                        size_t segment_bytes) {
  struct message *message = &forwarder->messages[forwarder->message_count];
  struct msghdr *header = &forwarder->out[forwarder->message_count].msg_hdr;
  message->vector = (struct iovec) {start, bytes};
  *header = (struct msghdr) {.msg_name = &receiver->address, .msg_namelen = sizeof receiver->address,
                             .msg_iov = &message->vector, .msg_iovlen = 1};
  if (bytes > segment_bytes) {
    header->msg_control = message->control;
    header->msg_controllen = CONTROL_BYTES;
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    uint16_t size = (uint16_t) segment_bytes;
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof size);
    memcpy(CMSG_DATA(control), &size, sizeof size);
  }
  forwarder->message_count++;
}

/* The publisher's header under this receiver's numbers, and the payload encrypted behind it. */
static size_t protect_for(struct forwarder *forwarder, struct receiver *receiver, const struct waiting *waiting,
                          uint8_t *out) {
  uint64_t index = waiting->index + receiver->sequence_offset;
  memcpy(out, waiting->header, waiting->header_bytes);
  out[2] = (uint8_t) (index >> 8);
  out[3] = (uint8_t) index;
  out[8] = receiver->ssrc >> 24, out[9] = receiver->ssrc >> 16, out[10] = receiver->ssrc >> 8, out[11] = receiver->ssrc;
  struct srtp_packet packet = {out, waiting->header_bytes, waiting->payload, waiting->payload_bytes, receiver->ssrc,
                               index};
  forwarder->crypto->protect(receiver->stream, &packet);
  return waiting->header_bytes + waiting->payload_bytes + srtp_tag_bytes(forwarder->profile);
}

static void add_receiver_messages(struct forwarder *forwarder, struct receiver *receiver) {
  /* With another message of this receiver the arena's row moves on, since each message has a row of its own. */
  uint8_t *start = forwarder->arena[forwarder->message_count];
  size_t bytes = 0;
  size_t segment_bytes = 0;
  int segments = 0;
  for (int i = 0; i < forwarder->waiting_count; i++) {
    const struct waiting *waiting = &forwarder->waiting[i];
    size_t length = waiting->header_bytes + waiting->payload_bytes + srtp_tag_bytes(forwarder->profile);
    int fits = segments == 0
        || (length == segment_bytes && segments < MAX_SEGMENTS && bytes + length <= MAX_MESSAGE_BYTES);
    if (!fits) {
      add_message(forwarder, receiver, start, bytes, segment_bytes);
      if (forwarder->message_count == MESSAGES_PER_CALL) {
        send_messages(forwarder);
      }
      start = forwarder->arena[forwarder->message_count];
      bytes = 0;
      segments = 0;
    }
    bytes += protect_for(forwarder, receiver, waiting, start + bytes);
    segment_bytes = length;
    segments++;
  }
  add_message(forwarder, receiver, start, bytes, segment_bytes);
}

long forwarder_send(struct forwarder *forwarder) {
  if (forwarder->waiting_count == 0) {
    return 0;
  }
  for (int i = 0; i < forwarder->receiver_count; i++) {
    add_receiver_messages(forwarder, &forwarder->receivers[i]);
    if (forwarder->message_count == MESSAGES_PER_CALL) {
      send_messages(forwarder);
    }
  }
  send_messages(forwarder);
  long sent = (long) forwarder->waiting_count * forwarder->receiver_count;
  forwarder->waiting_count = 0;
  return sent;
}
