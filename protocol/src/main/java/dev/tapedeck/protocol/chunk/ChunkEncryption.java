package dev.tapedeck.protocol.chunk;

import com.google.protobuf.ByteString;

/**
 * How the payloads are encrypted. v1 writes {@link #NONE}; the fields are there so that a reader of v1 can tell that it
 * lacks the key instead of reading noise.
 *
 * @param cipher     0 none, 1 reserved for AES-256-GCM
 * @param keyId      which key of the app wrapped the chunk's key
 * @param wrappedKey the chunk's key, wrapped
 * @param nonceBase  what nonces are counted up from
 */
public record ChunkEncryption(int cipher, String keyId, ByteString wrappedKey, ByteString nonceBase) {
  public static final ChunkEncryption NONE = new ChunkEncryption(0, "", ByteString.EMPTY, ByteString.EMPTY);
}
