/*
 * As much of SRTP as a forwarder needs: session keys from master keys, and the protection of one packet
 * (RFC 3711 with AES_CM_128_HMAC_SHA1_80, RFC 7714 with AEAD_AES_128_GCM). No SRTCP, no MKI, no key lifetime.
 */
#ifndef FLOOR_SRTP_H
#define FLOOR_SRTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum srtp_profile { SRTP_GCM, SRTP_CM };

enum {
  SRTP_KEY_BYTES = 16,
  SRTP_AUTH_KEY_BYTES = 20,
  SRTP_CM_SALT_BYTES = 14,
  SRTP_GCM_SALT_BYTES = 12,
  SRTP_GCM_TAG_BYTES = 16,
  SRTP_CM_TAG_BYTES = 10,
  SRTP_MAX_TAG_BYTES = 16,
  RTP_FIXED_HEADER_BYTES = 12,
};

/* What the key derivation gives for one direction of one stream (RFC 3711 section 4.3). */
struct srtp_session_keys {
  uint8_t key[SRTP_KEY_BYTES];
  uint8_t salt[SRTP_CM_SALT_BYTES];
  uint8_t auth_key[SRTP_AUTH_KEY_BYTES]; /* AES_CM only */
};

/* Salt bytes behind the 16 key bytes of a master key. */
size_t srtp_salt_bytes(enum srtp_profile profile);

size_t srtp_tag_bytes(enum srtp_profile profile);

/* master: key and salt, one behind the other. */
struct srtp_session_keys srtp_derive(enum srtp_profile profile, const uint8_t *master);

/* The 12 bytes of GCM's nonce (RFC 7714 section 8.1). index: rollover counter and sequence number, 48 bits. */
void srtp_gcm_nonce(const uint8_t *salt, uint32_t ssrc, uint64_t index, uint8_t nonce[12]);

/* The first of AES-CM's counter blocks (RFC 3711 section 4.1.1). */
void srtp_cm_counter(const uint8_t *salt, uint32_t ssrc, uint64_t index, uint8_t block[16]);

/* The index nearest to the highest one so far (RFC 3711 section 3.3.1). */
uint64_t srtp_guess_index(uint64_t highest, uint16_t sequence_number);

/* One packet on its way out: the header is in place, the payload is read from where it was decrypted to. */
struct srtp_packet {
  uint8_t *header;        /* the protected packet is built from here on, with room for the tag */
  size_t header_bytes;
  const uint8_t *payload; /* not overlapping the packet */
  size_t payload_bytes;
  uint32_t ssrc;
  uint64_t index;
};

/* A way to compute it. Streams keep their expanded keys; nothing is allocated per packet. */
struct srtp_crypto {
  const char *name;
  void *(*open_stream)(enum srtp_profile profile, const struct srtp_session_keys *keys);
  /* May leave work until finish, which comes before the packets are used. */
  void (*protect)(void *stream, const struct srtp_packet *packet);
  void (*finish)(void);
};

extern const struct srtp_crypto srtp_libcrypto;
#ifdef HAVE_IPSEC_MB
extern const struct srtp_crypto srtp_ipsec_mb;
#endif

/* Opens a stream of packets that arrive; always libcrypto, since each is decrypted once. */
void *srtp_open_receiver(enum srtp_profile profile, const struct srtp_session_keys *keys);

/* Checks and decrypts; plain gets the payload. Returns its length, or -1 if the packet is not genuine. */
int srtp_unprotect(void *receiver, const uint8_t *packet, size_t packet_bytes, size_t header_bytes, uint32_t ssrc,
                   uint64_t index, uint8_t *plain);

/* Ends the program with a message: a measuring stick has no use for a half-working one. */
_Noreturn void die(const char *what);

#endif
