/* SRTP by libcrypto: contexts are expanded once per stream, a packet sets the nonce only. */
#include "srtp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

struct stream {
  enum srtp_profile profile;
  EVP_CIPHER_CTX *cipher;
  /* AES_CM only: SHA-1 after the key's blocks of HMAC's inner and outer hash (RFC 2104). */
  SHA_CTX inner;
  SHA_CTX outer;
  struct srtp_session_keys keys;
};

static void start_hash(SHA_CTX *hash, const uint8_t *key, uint8_t pad) {
  uint8_t block[SHA_CBLOCK];
  memset(block, pad, sizeof block);
  for (int i = 0; i < SRTP_AUTH_KEY_BYTES; i++) {
    block[i] ^= key[i];
  }
  SHA1_Init(hash);
  SHA1_Update(hash, block, sizeof block);
}

static struct stream *open_stream(enum srtp_profile profile, const struct srtp_session_keys *keys, int encrypts) {
  struct stream *stream = calloc(1, sizeof *stream);
  stream->profile = profile;
  stream->keys = *keys;
  stream->cipher = EVP_CIPHER_CTX_new();
  const EVP_CIPHER *cipher = profile == SRTP_GCM ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
  if (!EVP_CipherInit_ex(stream->cipher, cipher, NULL, keys->key, NULL, encrypts)) {
    die("libcrypto refuses the cipher");
  }
  if (profile == SRTP_CM) {
    start_hash(&stream->inner, keys->auth_key, 0x36);
    start_hash(&stream->outer, keys->auth_key, 0x5c);
  }
  return stream;
}

static void *open_sender(enum srtp_profile profile, const struct srtp_session_keys *keys) {
  return open_stream(profile, keys, 1);
}

void *srtp_open_receiver(enum srtp_profile profile, const struct srtp_session_keys *keys) {
  return open_stream(profile, keys, 0);
}

/* HMAC over the packet and the rollover counter (RFC 3711 section 4.2). */
static void authenticate(const struct stream *stream, const uint8_t *packet, size_t bytes, uint64_t index,
                         uint8_t tag[SHA_DIGEST_LENGTH]) {
  uint32_t rollover = (uint32_t) (index >> 16);
  uint8_t counter[4] = {rollover >> 24, rollover >> 16, rollover >> 8, rollover};
  SHA_CTX hash = stream->inner;
  SHA1_Update(&hash, packet, bytes);
  SHA1_Update(&hash, counter, sizeof counter);
  SHA1_Final(tag, &hash);
  hash = stream->outer;
  SHA1_Update(&hash, tag, SHA_DIGEST_LENGTH);
  SHA1_Final(tag, &hash);
}

static void protect(void *opened, const struct srtp_packet *packet) {
  struct stream *stream = opened;
  uint8_t *body = packet->header + packet->header_bytes;
  uint8_t *tag = body + packet->payload_bytes;
  uint8_t nonce[16];
  int written;
  if (stream->profile == SRTP_GCM) {
    srtp_gcm_nonce(stream->keys.salt, packet->ssrc, packet->index, nonce);
    EVP_EncryptInit_ex(stream->cipher, NULL, NULL, NULL, nonce);
    EVP_EncryptUpdate(stream->cipher, NULL, &written, packet->header, (int) packet->header_bytes);
    EVP_EncryptUpdate(stream->cipher, body, &written, packet->payload, (int) packet->payload_bytes);
    EVP_EncryptFinal_ex(stream->cipher, tag, &written);
    EVP_CIPHER_CTX_ctrl(stream->cipher, EVP_CTRL_AEAD_GET_TAG, SRTP_GCM_TAG_BYTES, tag);
    return;
  }
  uint8_t whole[SHA_DIGEST_LENGTH];
  srtp_cm_counter(stream->keys.salt, packet->ssrc, packet->index, nonce);
  EVP_EncryptInit_ex(stream->cipher, NULL, NULL, NULL, nonce);
  EVP_EncryptUpdate(stream->cipher, body, &written, packet->payload, (int) packet->payload_bytes);
  authenticate(stream, packet->header, packet->header_bytes + packet->payload_bytes, packet->index, whole);
  memcpy(tag, whole, SRTP_CM_TAG_BYTES);
}

static void nothing_left(void) {}

const struct srtp_crypto srtp_libcrypto = {"libcrypto", open_sender, protect, nothing_left};

int srtp_unprotect(void *receiver, const uint8_t *packet, size_t packet_bytes, size_t header_bytes, uint32_t ssrc,
                   uint64_t index, uint8_t *plain) {
  struct stream *stream = receiver;
  size_t tag_bytes = srtp_tag_bytes(stream->profile);
  if (packet_bytes < header_bytes + tag_bytes) {
    return -1;
  }
  int body_bytes = (int) (packet_bytes - header_bytes - tag_bytes);
  const uint8_t *tag = packet + packet_bytes - tag_bytes;
  uint8_t nonce[16];
  int written;
  if (stream->profile == SRTP_GCM) {
    srtp_gcm_nonce(stream->keys.salt, ssrc, index, nonce);
    EVP_DecryptInit_ex(stream->cipher, NULL, NULL, NULL, nonce);
    EVP_DecryptUpdate(stream->cipher, NULL, &written, packet, (int) header_bytes);
    EVP_DecryptUpdate(stream->cipher, plain, &written, packet + header_bytes, body_bytes);
    EVP_CIPHER_CTX_ctrl(stream->cipher, EVP_CTRL_AEAD_SET_TAG, SRTP_GCM_TAG_BYTES, (void *) tag);
    return EVP_DecryptFinal_ex(stream->cipher, plain + body_bytes, &written) == 1 ? body_bytes : -1;
  }
  uint8_t expected[SHA_DIGEST_LENGTH];
  authenticate(stream, packet, packet_bytes - tag_bytes, index, expected);
  if (CRYPTO_memcmp(expected, tag, tag_bytes) != 0) {
    return -1;
  }
  srtp_cm_counter(stream->keys.salt, ssrc, index, nonce);
  EVP_DecryptInit_ex(stream->cipher, NULL, NULL, NULL, nonce);
  EVP_DecryptUpdate(stream->cipher, plain, &written, packet + header_bytes, body_bytes);
  return body_bytes;
}
