#include "srtp.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Labels of the key derivation (RFC 3711 section 4.3.2). */
enum { LABEL_ENCRYPTION = 0, LABEL_AUTHENTICATION = 1, LABEL_SALT = 2, LABEL_OFFSET = 7 };

void die(const char *what) {
  fprintf(stderr, "floor: %s\n", what);
  exit(1);
}

size_t srtp_salt_bytes(enum srtp_profile profile) {
  return profile == SRTP_GCM ? SRTP_GCM_SALT_BYTES : SRTP_CM_SALT_BYTES;
}

size_t srtp_tag_bytes(enum srtp_profile profile) {
  return profile == SRTP_GCM ? SRTP_GCM_TAG_BYTES : SRTP_CM_TAG_BYTES;
}

/* Key stream of AES in counter mode whose first block is the master salt with the label in it. */
static void derive(const uint8_t *master_key, const uint8_t salt[SRTP_CM_SALT_BYTES], int label, uint8_t *out,
                   int out_bytes) {
  uint8_t block[16] = {0};
  uint8_t zeros[32] = {0};
  int written;
  memcpy(block, salt, SRTP_CM_SALT_BYTES);
  block[LABEL_OFFSET] ^= (uint8_t) label;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (!EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), NULL, master_key, block)
      || !EVP_EncryptUpdate(context, out, &written, zeros, out_bytes)) {
    die("libcrypto has no AES-128-CTR");
  }
  EVP_CIPHER_CTX_free(context);
}

struct srtp_session_keys srtp_derive(enum srtp_profile profile, const uint8_t *master) {
  struct srtp_session_keys keys = {0};
  /* GCM's shorter salt is followed by zeros (RFC 7714 section 11). */
  uint8_t salt[SRTP_CM_SALT_BYTES] = {0};
  memcpy(salt, master + SRTP_KEY_BYTES, srtp_salt_bytes(profile));
  derive(master, salt, LABEL_ENCRYPTION, keys.key, SRTP_KEY_BYTES);
  derive(master, salt, LABEL_AUTHENTICATION, keys.auth_key, SRTP_AUTH_KEY_BYTES);
  derive(master, salt, LABEL_SALT, keys.salt, (int) srtp_salt_bytes(profile));
  return keys;
}

static void xor_big_endian(uint8_t *out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) {
    out[i] ^= (uint8_t) (value >> 8 * (bytes - 1 - i));
  }
}

void srtp_gcm_nonce(const uint8_t *salt, uint32_t ssrc, uint64_t index, uint8_t nonce[12]) {
  memcpy(nonce, salt, 12);
  xor_big_endian(nonce + 2, ssrc, 4);
  xor_big_endian(nonce + 6, index, 6);
}

void srtp_cm_counter(const uint8_t *salt, uint32_t ssrc, uint64_t index, uint8_t block[16]) {
  memcpy(block, salt, SRTP_CM_SALT_BYTES);
  block[14] = block[15] = 0;
  xor_big_endian(block + 4, ssrc, 4);
  xor_big_endian(block + 8, index, 6);
}

uint64_t srtp_guess_index(uint64_t highest, uint16_t sequence_number) {
  int16_t ahead = (int16_t) (sequence_number - (uint16_t) highest);
  return ahead < 0 && highest < (uint64_t) -ahead ? sequence_number : highest + (uint64_t) ahead;
}
