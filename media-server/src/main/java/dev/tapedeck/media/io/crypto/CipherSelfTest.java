package dev.tapedeck.media.io.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Compares a native back end, byte for byte, with the portable one before it may touch a call: a library of another
 * version or build must be found out at the start. Takes some ten milliseconds.
 */
final class CipherSelfTest {
  private static final int PACKETS = 64;

  /** More than any back end takes at once, and no round number. */
  private static final int GATHERED = 73;

  private static final int MAX_PAYLOAD_BYTES = 1400;
  private static final int HEADER_BYTES = 20;
  private static final int AREA_BYTES = 2048;
  private static final long SEED = 3711;

  private final SrtpCipherFactory candidate;
  private final SrtpCipherFactory reference;
  private final SplittableRandom random = new SplittableRandom(SEED);

  private CipherSelfTest(SrtpCipherFactory candidate, SrtpCipherFactory reference) {
    this.candidate = candidate;
    this.reference = reference;
  }

  /** What the candidate does differently, or empty if nothing. */
  static Optional<String> difference(SrtpCipherFactory candidate, SrtpCipherFactory reference) {
    CipherSelfTest test = new CipherSelfTest(candidate, reference);
    for (SrtpProfile profile : SrtpProfile.values()) {
      Optional<String> difference = test.compare(profile).or(() -> test.compareGathered(profile));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> compare(SrtpProfile profile) {
    byte[] key = randomBytes(profile.keyBytes);
    byte[] salt = randomBytes(profile.saltBytes);
    try (Arena arena = Arena.ofConfined();
        SrtpCipher tested = candidate.create(profile, key, salt);
        SrtpCipher trusted = reference.create(profile, key, salt)) {
      Areas areas = new Areas(arena);
      for (int i = 0; i < PACKETS; i++) {
        int payloadBytes = random.nextInt(MAX_PAYLOAD_BYTES + 1);
        if (!isSameForRtp(areas, tested, trusted, payloadBytes)
            || !isSameForRtcp(areas, tested, trusted, payloadBytes)) {
          return Optional.of(profile + " differs for a payload of " + payloadBytes + " bytes");
        }
      }
      return Optional.empty();
    }
  }

  /** Packets as a worker writes them: one behind the other, completed together. */
  private Optional<String> compareGathered(SrtpProfile profile) {
    byte[] key = randomBytes(profile.keyBytes);
    byte[] salt = randomBytes(profile.saltBytes);
    SrtpCipherFactory worker = candidate.forWorker();
    try (Arena arena = Arena.ofConfined();
        SrtpCipher tested = worker.create(profile, key, salt);
        SrtpCipher trusted = reference.create(profile, key, salt)) {
      worker.takeOver(tested);
      MemorySegment memory = arena.allocate((2L * GATHERED + 1) * AREA_BYTES);
      long plain = 0;
      MemorySegment.copy(randomBytes(AREA_BYTES), 0, memory, JAVA_BYTE, plain, AREA_BYTES);
      long expected = AREA_BYTES;
      long actual = expected + (long) GATHERED * AREA_BYTES;
      long written = 0;
      for (int i = 0; i < GATHERED; i++) {
        int payloadBytes = random.nextInt(MAX_PAYLOAD_BYTES + 1);
        long payload = plain + HEADER_BYTES;
        trusted.protectRtp(memory, plain, HEADER_BYTES, payload, payloadBytes, expected + written, i, i);
        written += tested.protectRtp(memory, plain, HEADER_BYTES, payload, payloadBytes, actual + written, i, i);
      }
      worker.completePackets();
      return MemorySegment.mismatch(memory, expected, expected + written, memory, actual, actual + written) < 0
          ? Optional.empty()
          : Optional.of(profile + " differs for packets protected together");
    }
  }

  private boolean isSameForRtp(Areas areas, SrtpCipher tested, SrtpCipher trusted, int payloadBytes) {
    int plainBytes = HEADER_BYTES + payloadBytes;
    int ssrc = random.nextInt();
    long index = random.nextLong(1L << 48);
    areas.write(Areas.PLAIN, randomBytes(plainBytes));
    int expected =
        trusted.protectRtp(areas.all, Areas.PLAIN, HEADER_BYTES, Areas.PLAIN + HEADER_BYTES, payloadBytes,
            Areas.EXPECTED, ssrc, index);
    int actual =
        tested.protectRtp(areas.all, Areas.PLAIN, HEADER_BYTES, Areas.PLAIN + HEADER_BYTES, payloadBytes,
            Areas.ACTUAL, ssrc, index);
    return actual == expected
        && areas.isSame(Areas.ACTUAL, Areas.EXPECTED, expected)
        && tested.unprotectRtp(areas.all, Areas.ACTUAL, HEADER_BYTES, actual, ssrc, index) == plainBytes
        && areas.isSame(Areas.ACTUAL, Areas.PLAIN, plainBytes)
        && refusesChangedByte(areas, expected, tested, ssrc, index);
  }

  private boolean refusesChangedByte(Areas areas, int length, SrtpCipher tested, int ssrc, long index) {
    areas.changeByte(Areas.EXPECTED + random.nextInt(length));
    return tested.unprotectRtp(areas.all, Areas.EXPECTED, HEADER_BYTES, length, ssrc, index)
        == SrtpCipher.AUTHENTICATION_FAILED;
  }

  private boolean isSameForRtcp(Areas areas, SrtpCipher tested, SrtpCipher trusted, int payloadBytes) {
    int plainBytes = SrtcpTrailer.CLEAR_BYTES + payloadBytes;
    int ssrc = random.nextInt();
    int index = random.nextInt(Integer.MAX_VALUE);
    byte[] plain = randomBytes(plainBytes);
    areas.write(Areas.PLAIN, plain);
    areas.write(Areas.EXPECTED, plain);
    areas.write(Areas.ACTUAL, plain);
    int expected = trusted.protectRtcp(areas.all, Areas.EXPECTED, plainBytes, ssrc, index);
    int actual = tested.protectRtcp(areas.all, Areas.ACTUAL, plainBytes, ssrc, index);
    return actual == expected
        && areas.isSame(Areas.ACTUAL, Areas.EXPECTED, expected)
        && tested.unprotectRtcp(areas.all, Areas.ACTUAL, actual, ssrc, index) == plainBytes
        && areas.isSame(Areas.ACTUAL, Areas.PLAIN, plainBytes);
  }

  private byte[] randomBytes(int bytes) {
    byte[] result = new byte[bytes];
    random.nextBytes(result);
    return result;
  }

  /** Plaintext, and what each back end makes of it. */
  private static final class Areas {
    static final long PLAIN = 0;
    static final long EXPECTED = AREA_BYTES;
    static final long ACTUAL = 2 * AREA_BYTES;

    final MemorySegment all;

    Areas(Arena arena) {
      all = arena.allocate(3 * AREA_BYTES);
    }

    void write(long area, byte[] bytes) {
      MemorySegment.copy(bytes, 0, all, JAVA_BYTE, area, bytes.length);
    }

    boolean isSame(long one, long other, int bytes) {
      return MemorySegment.mismatch(all, one, one + bytes, all, other, other + bytes) < 0;
    }

    void changeByte(long offset) {
      all.set(JAVA_BYTE, offset, (byte) (all.get(JAVA_BYTE, offset) ^ 0x40));
    }
  }
}
