package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One keyed cipher context of libcrypto with its scratch memory. The key is expanded once; a packet sets only its IV.
 *
 * <p>Tags are passed by a list of parameters that is kept: libcrypto's older {@code EVP_CIPHER_CTX_ctrl} makes such a
 * list for each call, and looks up in it by names, once more than is done here.
 */
final class EvpCipher {
  private static final int IV_OFFSET = 0;
  private static final int WRITTEN_OFFSET = 16;
  private static final int UNUSED_OUTPUT_OFFSET = 32;

  /** One {@code OSSL_PARAM} for the tag, and a zeroed one that ends the list. */
  private static final int TAG_PARAMETER_OFFSET = 64;

  private static final int PARAMETER_BYTES = 40;
  private static final int PARAMETER_TYPE = 8;
  private static final int PARAMETER_DATA = 16;
  private static final int PARAMETER_DATA_BYTES = 24;
  private static final int OCTET_STRING = 5;
  private static final int SCRATCH_BYTES = TAG_PARAMETER_OFFSET + 2 * PARAMETER_BYTES;

  private static final long TAG_NAME = Arena.global().allocateFrom("tag").address();

  private final long context;
  private final long scratch;

  /** @param algorithm {@link Libcrypto#AES_128_CTR} or {@link Libcrypto#AES_128_GCM} */
  EvpCipher(long algorithm, byte[] key) {
    context = Libcrypto.newContext();
    scratch = Libcrypto.allocate(SCRATCH_BYTES);
    MemorySegment.copy(key, 0, NATIVE, ValueLayout.JAVA_BYTE, scratch, key.length);
    Libcrypto.setKey(context, algorithm, scratch);
    NATIVE.asSlice(scratch, SCRATCH_BYTES).fill((byte) 0);
    NATIVE.set(ValueLayout.JAVA_LONG, tagParameter(), TAG_NAME);
    NATIVE.set(ValueLayout.JAVA_INT, tagParameter() + PARAMETER_TYPE, OCTET_STRING);
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
    describeTag(tag, tagBytes);
    Libcrypto.getParameters(context, tagParameter());
  }

  /** Ends decryption; false if the tag does not match. */
  boolean verify(long tag, int tagBytes) {
    describeTag(tag, tagBytes);
    Libcrypto.setParameters(context, tagParameter());
    return end();
  }

  private void describeTag(long tag, int tagBytes) {
    NATIVE.set(ValueLayout.JAVA_LONG, tagParameter() + PARAMETER_DATA, tag);
    NATIVE.set(ValueLayout.JAVA_LONG, tagParameter() + PARAMETER_DATA_BYTES, tagBytes);
  }

  private long tagParameter() {
    return scratch + TAG_PARAMETER_OFFSET;
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
