package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Writes {@code IMB_JOB}, the description of one packet's work in {@link IpsecMb#JOB_BYTES} bytes.
 *
 * <pre>
 *   0  round keys        48  bytes to encrypt     96  bytes of code written
 *  16  key bytes         64  bytes to hash       104  hash of inner key
 *  24  input             72  IV                  112  hash of outer key
 *  32  output            80  IV bytes            140  hash algorithm (int)
 *                        88  where the code goes
 * </pre>
 */
final class IpsecMbJobs {
  /** The shortest code of HMAC-SHA1 the library makes; SRTP takes 10 of them. */
  static final int CODE_BYTES = 12;

  private static final int ROUND_KEYS = 0;
  private static final int KEY_BYTES = 16;
  private static final int INPUT = 24;
  private static final int OUTPUT = 32;
  private static final int BYTES_TO_ENCRYPT = 48;
  private static final int BYTES_TO_HASH = 64;
  private static final int IV = 72;
  private static final int IV_BYTES = 80;
  private static final int CODE = 88;
  private static final int CODE_LENGTH = 96;
  private static final int INNER = 104;
  private static final int OUTER = 112;
  private static final int HASH_ALGORITHM = 140;

  private static final int AES_128_KEY_BYTES = 16;
  private static final int HMAC_SHA1 = 1;

  private IpsecMbJobs() {}

  /** Fixes in a zeroed job what all packets in counter mode share. */
  static void prepareCounterMode(long job, long iv) {
    NATIVE.set(JAVA_LONG, job + KEY_BYTES, AES_128_KEY_BYTES);
    NATIVE.set(JAVA_LONG, job + IV, iv);
    NATIVE.set(JAVA_LONG, job + IV_BYTES, CmIv.BYTES);
  }

  static void counterMode(long job, long roundKeys, long output, long input, int bytes) {
    NATIVE.set(JAVA_LONG, job + ROUND_KEYS, roundKeys);
    NATIVE.set(JAVA_LONG, job + INPUT, input);
    NATIVE.set(JAVA_LONG, job + OUTPUT, output);
    NATIVE.set(JAVA_LONG, job + BYTES_TO_ENCRYPT, bytes);
  }

  /** Fixes in a zeroed job what all codes have in common but for where {@link #CODE_BYTES} bytes of them go. */
  static void prepareHmacSha1(long job, long code) {
    NATIVE.set(JAVA_LONG, job + CODE, code);
    NATIVE.set(JAVA_LONG, job + CODE_LENGTH, CODE_BYTES);
    NATIVE.set(JAVA_INT, job + HASH_ALGORITHM, HMAC_SHA1);
  }

  /**
   * @param inner state of SHA-1 after the key with the inner padding (RFC 2104)
   * @param outer the same with the outer one
   */
  static void hmacSha1(long job, long inner, long outer, long input, int bytes) {
    NATIVE.set(JAVA_LONG, job + INPUT, input);
    NATIVE.set(JAVA_LONG, job + BYTES_TO_HASH, bytes);
    NATIVE.set(JAVA_LONG, job + INNER, inner);
    NATIVE.set(JAVA_LONG, job + OUTER, outer);
  }

  /** What the job hashes. */
  static long input(long job) {
    return NATIVE.get(JAVA_LONG, job + INPUT);
  }
}
