package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Packets of AES128_CM_HMAC_SHA1_80 that are encrypted already and whose tags are made together, for ipsec-mb hashes as
 * many packets side by side as the processor's vectors have lanes, and takes as long for one as for all of them. Shared
 * by the ciphers of one worker; used by its thread only.
 */
final class IpsecMbBatch {
  /** As many as AVX-512 has lanes for 32-bit words; what has fewer divides it. */
  static final int LANES = 16;

  /** Packets gathered at most. Whole rounds, so that only the last of a turn goes with lanes unused. */
  static final int CAPACITY = 4 * LANES;

  /** Below this many, hashing one after the other by libcrypto is as fast as a round of all lanes. */
  static final int FEWEST_TOGETHER = 4;

  private static final int CODE_STRIDE = 16;

  private final MemorySegment manager = IpsecMb.newManager();
  private final MemorySegment area =
      Arena.ofAuto().allocate((CAPACITY + 1L) * IpsecMb.JOB_BYTES + CAPACITY * CODE_STRIDE + CmIv.BYTES, 64);
  private final long codes = area.address();
  private final long iv = codes + CAPACITY * CODE_STRIDE;
  private final long counterJob = iv + CmIv.BYTES;
  private final long hashJobs = counterJob + IpsecMb.JOB_BYTES;
  private final long[] tags = new long[CAPACITY];
  private final IpsecMbCmCipher[] ciphers = new IpsecMbCmCipher[CAPACITY];
  private int pending;

  IpsecMbBatch() {
    IpsecMbJobs.prepareCounterMode(counterJob, iv);
    for (int i = 0; i < CAPACITY; i++) {
      IpsecMbJobs.prepareHmacSha1(hashJob(i), codes + i * CODE_STRIDE);
    }
  }

  /** Where the next packet's initial counter block is to be written. */
  long iv() {
    return iv;
  }

  /** Encrypts at once, so that the plaintext may change afterwards. */
  void addKeyStream(long roundKeys, long output, long input, int bytes) {
    if (bytes > 0) {
      IpsecMbJobs.counterMode(counterJob, roundKeys, output, input, bytes);
      IpsecMb.encryptCounterMode(manager.address(), counterJob);
    }
  }

  /**
   * Takes an encrypted packet whose tag is still to be made; its memory must stay until {@link #complete}.
   *
   * @param coveredBytes what the tag covers, the rollover counter included, which stands where the tag will
   */
  void add(IpsecMbCmCipher cipher, long packet, int coveredBytes) {
    ciphers[pending] = cipher;
    tags[pending] = packet + coveredBytes - Integer.BYTES;
    IpsecMbJobs.hmacSha1(hashJob(pending), cipher.innerHash(), cipher.outerHash(), packet, coveredBytes);
    if (++pending == CAPACITY) {
      complete();
    }
  }

  /** Writes the tags of all packets taken. */
  void complete() {
    int rest = pending % LANES;
    int together = rest < FEWEST_TOGETHER ? pending - rest : pending;
    if (together > 0) {
      IpsecMb.hmacSha1(manager.address(), hashJobs, together);
      for (int i = 0; i < together; i++) {
        MemorySegment.copy(NATIVE, codes + i * CODE_STRIDE, NATIVE, tags[i], IpsecMbCmCipher.TAG_BYTES);
      }
    }
    for (int i = together; i < pending; i++) {
      ciphers[i].writeTag(packet(i), tags[i]);
    }
    pending = 0;
  }

  private long packet(int number) {
    return IpsecMbJobs.input(hashJob(number));
  }

  private long hashJob(int number) {
    return hashJobs + (long) number * IpsecMb.JOB_BYTES;
  }
}
