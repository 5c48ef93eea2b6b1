package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One keyed cipher context of libcrypto with its scratch memory. The key is expanded once; a packet sets only its IV.
 */
final class EvpCipher {
  private static final int IV_OFFSET = 0;
  private static final int WRITTEN_OFFSET = 16;
  private static final int UNUSED_OUTPUT_OFFSET = 32;
  private static final int SCRATCH_BYTES = 64;

  private final long context;
  private final long scratch;

  /** @param algorithm {@link Libcrypto#AES_128_CTR} or {@link Libcrypto#AES_128_GCM} */
  EvpCipher(long algorithm, byte[] key) {
    context = Libcrypto.newContext();
    scratch = Libcrypto.allocate(SCRATCH_BYTES);
    MemorySegment.copy(key, 0, NATIVE, ValueLayout.JAVA_BYTE, scratch, key.length);
    Libcrypto.setKey(context, algorithm, scratch);
    NATIVE.asSlice(scratch, SCRATCH_BYTES).fill((byte) 0);
  }

  /** Where the next packet's IV is to be written before {@link #start}. */
  long iv() {
    return scratch + IV_OFFSET;
  }

  /** @param direction {@link Libcrypto#ENCRYPT} or {@link Libcrypto#DECRYPT} */
  void start(int direction) {
    Libcrypto.start(context, iv(), direction);
  }

  void authenticate(long input, int bytes) {
    Libcrypto.update(context, 0, scratch + WRITTEN_OFFSET, input, bytes);
  }

  void transform(long output, long input, int bytes) {
    Libcrypto.update(context, output, scratch + WRITTEN_OFFSET, input, bytes);
  }

  /** Ends encryption and writes the tag. */
  void finish(long tag, int tagBytes) {
    if (!end()) {
      throw new IllegalStateException("libcrypto: encryption did not end");
    }
    Libcrypto.readTag(context, tag, tagBytes);
  }

  /** Ends decryption; false if the tag does not match. */
  boolean verify(long tag, int tagBytes) {
    Libcrypto.expectTag(context, tag, tagBytes);
    return end();
  }

  private boolean end() {
    return Libcrypto.finish(context, scratch + UNUSED_OUTPUT_OFFSET, scratch + WRITTEN_OFFSET);
  }

  /** Once only. */
  void close() {
    Libcrypto.freeContext(context);
    Libcrypto.wipeAndFree(scratch, SCRATCH_BYTES);
  }
}
