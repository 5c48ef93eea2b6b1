package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * HMAC-SHA1 (RFC 2104) over libcrypto's SHA-1. The states after the padded keys are kept and copied for each packet,
 * which saves two of the hash's blocks and all of the generic interface's look-ups and allocations.
 */
final class HmacSha1 {
  static final int DIGEST_BYTES = 20;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int BLOCK_BYTES = 64;

  /** {@code sizeof(SHA_CTX)}: five words of hash, two of length, a block, a count. */
  private static final int STATE_BYTES = 4 * (5 + 2 + 16 + 1);

  private static final int INNER_OFFSET = 0;
  private static final int OUTER_OFFSET = 128;
  private static final int RUNNING_OFFSET = 256;
  private static final int DIGEST_OFFSET = 384;
  private static final int BLOCK_OFFSET = 448;
  private static final int SCRATCH_BYTES = 512;

  private final long scratch;

  /** @param key at most 64 bytes */
  HmacSha1(byte[] key) {
    scratch = Libcrypto.allocate(SCRATCH_BYTES);
    absorb(key, (byte) 0x36, INNER_OFFSET);
    absorb(key, (byte) 0x5C, OUTER_OFFSET);
  }

  private void absorb(byte[] key, byte pad, int stateOffset) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      byte keyByte = i < key.length ? key[i] : 0;
      NATIVE.set(ValueLayout.JAVA_BYTE, scratch + BLOCK_OFFSET + i, (byte) (keyByte ^ pad));
    }
    Libcrypto.sha1Init(scratch + stateOffset);
    Libcrypto.sha1Update(scratch + stateOffset, scratch + BLOCK_OFFSET, BLOCK_BYTES);
    NATIVE.asSlice(scratch + BLOCK_OFFSET, BLOCK_BYTES).fill((byte) 0);
  }

  void start() {
    MemorySegment.copy(NATIVE, scratch + INNER_OFFSET, NATIVE, scratch + RUNNING_OFFSET, STATE_BYTES);
  }

  void update(long input, int bytes) {
    Libcrypto.sha1Update(scratch + RUNNING_OFFSET, input, bytes);
  }

  /** Absorbs the four bytes of {@code word}, big-endian. */
  void update(int word) {
    NATIVE.set(INT, scratch + BLOCK_OFFSET, word);
    update(scratch + BLOCK_OFFSET, Integer.BYTES);
  }

  /** Address of the {@value #DIGEST_BYTES} bytes of the code; valid until the next one is made. */
  long finish() {
    long running = scratch + RUNNING_OFFSET;
    long digest = scratch + DIGEST_OFFSET;
    Libcrypto.sha1Final(digest, running);
    MemorySegment.copy(NATIVE, scratch + OUTER_OFFSET, NATIVE, running, STATE_BYTES);
    Libcrypto.sha1Update(running, digest, DIGEST_BYTES);
    Libcrypto.sha1Final(digest, running);
    return digest;
  }

  /** Once only. */
  void close() {
    Libcrypto.wipeAndFree(scratch, SCRATCH_BYTES);
  }
}
