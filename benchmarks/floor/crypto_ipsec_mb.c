/*
 * SRTP by Intel's multi-buffer library: GCM packet by packet, AES-CM with HMAC-SHA1 many packets at a time, one in each
 * lane of a vector register.
 */
#ifdef HAVE_IPSEC_MB

#include "srtp.h"

#include <intel-ipsec-mb.h>
#include <stdlib.h>
#include <string.h>

enum {
  ALIGNMENT = 64,
  HMAC_BLOCK_BYTES = 64,
  SHA1_DIGEST_BYTES = 20,
  /* The library writes 12 bytes of a tag where SRTP has 10. */
  WRITTEN_TAG_BYTES = 12,
  ROLLOVER_BYTES = 4,
};

/* Expanded keys; vector loads want them aligned. */
struct stream {
  _Alignas(ALIGNMENT) struct gcm_key_data gcm;
  _Alignas(ALIGNMENT) uint32_t enc_keys[4 * 15];
  _Alignas(ALIGNMENT) uint32_t dec_keys[4 * 15];
  _Alignas(ALIGNMENT) uint8_t ipad[SHA1_DIGEST_BYTES];
  _Alignas(ALIGNMENT) uint8_t opad[SHA1_DIGEST_BYTES];
  enum srtp_profile profile;
  struct srtp_session_keys keys;
};

/* What a job needs until it is done; as many as can be under way in the library. */
struct lane {
  uint8_t counter[16];
  uint8_t tag[WRITTEN_TAG_BYTES];
  uint8_t *tag_place;
};

static IMB_MGR *manager;
static struct lane lanes[IMB_MAX_JOBS];
static unsigned next_lane;

static void hmac_pad(const uint8_t *key, uint8_t pad, uint8_t *digest) {
  uint8_t block[HMAC_BLOCK_BYTES];
  memset(block, pad, sizeof block);
  for (int i = 0; i < SRTP_AUTH_KEY_BYTES; i++) {
    block[i] ^= key[i];
  }
  IMB_SHA1_ONE_BLOCK(manager, block, digest);
}

static void *open_stream(enum srtp_profile profile, const struct srtp_session_keys *keys) {
  if (manager == NULL) {
    manager = alloc_mb_mgr(0);
    if (manager == NULL) {
      die("ipsec-mb has no manager");
    }
    init_mb_mgr_auto(manager, NULL);
  }
  struct stream *stream = aligned_alloc(ALIGNMENT, (sizeof *stream + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  stream->profile = profile;
  stream->keys = *keys;
  if (profile == SRTP_GCM) {
    IMB_AES128_GCM_PRE(manager, keys->key, &stream->gcm);
  } else {
    IMB_AES_KEYEXP_128(manager, keys->key, stream->enc_keys, stream->dec_keys);
    hmac_pad(keys->auth_key, 0x36, stream->ipad);
    hmac_pad(keys->auth_key, 0x5c, stream->opad);
  }
  return stream;
}

static void protect_gcm(struct stream *stream, const struct srtp_packet *packet) {
  struct gcm_context_data context;
  uint8_t nonce[12];
  uint8_t *body = packet->header + packet->header_bytes;
  srtp_gcm_nonce(stream->keys.salt, packet->ssrc, packet->index, nonce);
  IMB_AES128_GCM_ENC(manager, &stream->gcm, &context, body, packet->payload, packet->payload_bytes, nonce,
                     packet->header, packet->header_bytes, body + packet->payload_bytes, SRTP_GCM_TAG_BYTES);
}

/* Only here does the tag replace the rollover counter that it was computed over. */
static void take_done(IMB_JOB *done) {
  if (done != NULL) {
    if (done->status != IMB_STATUS_COMPLETED) {
      die("ipsec-mb refuses a job");
    }
    struct lane *lane = done->user_data;
    memcpy(lane->tag_place, lane->tag, SRTP_CM_TAG_BYTES);
  }
}

static void protect_cm(struct stream *stream, const struct srtp_packet *packet) {
  struct lane *lane = &lanes[next_lane++ % IMB_MAX_JOBS];
  uint8_t *body = packet->header + packet->header_bytes;
  uint8_t *end = body + packet->payload_bytes;
  uint32_t rollover = (uint32_t) (packet->index >> 16);
  /* The hash reads what the cipher has written, so both work in place, and the counter to be hashed lies behind. */
  memcpy(body, packet->payload, packet->payload_bytes);
  end[0] = rollover >> 24, end[1] = rollover >> 16, end[2] = rollover >> 8, end[3] = rollover;
  srtp_cm_counter(stream->keys.salt, packet->ssrc, packet->index, lane->counter);
  lane->tag_place = end;
  IMB_JOB *job = IMB_GET_NEXT_JOB(manager);
  job->cipher_direction = IMB_DIR_ENCRYPT;
  job->chain_order = IMB_ORDER_CIPHER_HASH;
  job->cipher_mode = IMB_CIPHER_CNTR;
  job->enc_keys = stream->enc_keys;
  job->dec_keys = stream->dec_keys;
  job->key_len_in_bytes = SRTP_KEY_BYTES;
  job->iv = lane->counter;
  job->iv_len_in_bytes = sizeof lane->counter;
  job->src = packet->header;
  job->dst = body;
  job->cipher_start_src_offset_in_bytes = packet->header_bytes;
  job->msg_len_to_cipher_in_bytes = packet->payload_bytes;
  job->hash_alg = IMB_AUTH_HMAC_SHA_1;
  job->hash_start_src_offset_in_bytes = 0;
  job->msg_len_to_hash_in_bytes = packet->header_bytes + packet->payload_bytes + ROLLOVER_BYTES;
  job->u.HMAC._hashed_auth_key_xor_ipad = stream->ipad;
  job->u.HMAC._hashed_auth_key_xor_opad = stream->opad;
  job->auth_tag_output = lane->tag;
  job->auth_tag_output_len_in_bytes = WRITTEN_TAG_BYTES;
  job->user_data = lane;
  take_done(IMB_SUBMIT_JOB(manager));
  for (IMB_JOB *done = IMB_GET_COMPLETED_JOB(manager); done != NULL; done = IMB_GET_COMPLETED_JOB(manager)) {
    take_done(done);
  }
}

static void protect(void *opened, const struct srtp_packet *packet) {
  struct stream *stream = opened;
  if (stream->profile == SRTP_GCM) {
    protect_gcm(stream, packet);
  } else {
    protect_cm(stream, packet);
  }
}

static void finish(void) {
  for (IMB_JOB *done = IMB_FLUSH_JOB(manager); done != NULL; done = IMB_FLUSH_JOB(manager)) {
    take_done(done);
  }
}

const struct srtp_crypto srtp_ipsec_mb = {"ipsec-mb", open_stream, protect, finish};

#endif
