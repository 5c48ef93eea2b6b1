package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.srtp.RtpSamples;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of many receivers, written one behind the other and completed together, as a worker does. */
class GatheredPacketsTest {
  private static final long SEED = 20261122;
  private static final int RECEIVERS = 7;
  private static final int MAX_PAYLOAD_BYTES = 1500;
  private static final int ROOM_BYTES = 400 * 1700;
  private static final long PLAIN = 0;
  private static final long ACTUAL = 4096;
  private static final long EXPECTED = ACTUAL + ROOM_BYTES;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(EXPECTED + ROOM_BYTES);
  private final List<SrtpCipher> tested = new ArrayList<>();
  private final List<SrtpCipher> trusted = new ArrayList<>();
  private long written;

  private SrtpCipherFactory worker(BackEnds backEnd, SrtpProfile profile) {
    SrtpCipherFactory worker = backEnd.factory().forWorker();
    for (int i = 0; i < RECEIVERS; i++) {
      byte[] key = bytes(profile.keyBytes);
      byte[] salt = bytes(profile.saltBytes);
      tested.add(worker.create(profile, key, salt));
      trusted.add(BackEnds.PORTABLE.factory().create(profile, key, salt));
      worker.takeOver(tested.getLast());
    }
    return worker;
  }

  @AfterEach
  void close() {
    tested.forEach(SrtpCipher::close);
    trusted.forEach(SrtpCipher::close);
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({
    "LIBCRYPTO, AEAD_AES_128_GCM", "LIBCRYPTO, AES128_CM_HMAC_SHA1_80",
    "IPSEC_MB, AEAD_AES_128_GCM", "IPSEC_MB, AES128_CM_HMAC_SHA1_80"})
  void areThoseOfThePortableBackEnd(BackEnds backEnd, SrtpProfile profile) {
    System.out.println("seed " + SEED);
    SrtpCipherFactory worker = worker(backEnd, profile);

    for (int round = 0; round < 60; round++) {
      int packets = round < 40 ? round : random.nextInt(350);
      for (int i = 0; i < packets; i++) {
        protect(i % RECEIVERS, round * 1000 + i);
      }
      worker.completePackets();

      assertThat(memory.asSlice(ACTUAL, written).mismatch(memory.asSlice(EXPECTED, written)))
          .as("%d packets, round %d", packets, round).isEqualTo(-1);
      written = 0;
    }
  }

  /** All packets of a room are as long, and the last is shorter; a change of the plaintext after the write is late. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 16, 19, 20, 63, 64, 65, 400})
  void doNotReadTheirPayloadAgain(int packets) {
    SrtpCipherFactory worker = worker(BackEnds.IPSEC_MB, SrtpProfile.AES128_CM_HMAC_SHA1_80);
    for (int i = 0; i < packets; i++) {
      protect(i % RECEIVERS, i, i < packets - 1 ? 1188 : 700);
      memory.asSlice(PLAIN, ACTUAL).fill((byte) 0x55);
    }
    worker.completePackets();

    assertThat(memory.asSlice(ACTUAL, written).mismatch(memory.asSlice(EXPECTED, written))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void areCompleteWhenACipherCloses(SrtpProfile profile) {
    worker(BackEnds.IPSEC_MB, profile);
    for (int i = 0; i < 10; i++) {
      protect(i % RECEIVERS, i);
    }
    tested.get(3).close();

    assertThat(memory.asSlice(ACTUAL, written).mismatch(memory.asSlice(EXPECTED, written))).isEqualTo(-1);
  }

  /** A guest goes from worker to worker with what it has sent, and between them it belongs to none. */
  @ParameterizedTest
  @EnumSource
  void followTheirCipherToAnotherWorker(SrtpProfile profile) {
    SrtpCipherFactory first = worker(BackEnds.IPSEC_MB, profile);
    protect(0, 1);
    first.letGo(tested.getFirst());
    protect(0, 2);
    assertThat(memory.asSlice(ACTUAL, written).mismatch(memory.asSlice(EXPECTED, written))).isEqualTo(-1);

    SrtpCipherFactory second = BackEnds.IPSEC_MB.factory().forWorker();
    second.takeOver(tested.getFirst());
    protect(0, 3);
    second.completePackets();

    assertThat(memory.asSlice(ACTUAL, written).mismatch(memory.asSlice(EXPECTED, written))).isEqualTo(-1);
  }

  private void protect(int receiver, long index) {
    protect(receiver, index, random.nextInt(MAX_PAYLOAD_BYTES + 1));
  }

  /** Half of the packets are written from elsewhere, half where they stand. */
  private void protect(int receiver, long index, int payloadBytes) {
    byte[] plain = RtpSamples.rtp(random, receiver, (int) index, random.nextInt(16), random.nextInt(21) - 1,
        payloadBytes);
    int headerBytes = plain.length - payloadBytes;
    boolean inPlace = random.nextBoolean();
    long from = inPlace ? ACTUAL + written : PLAIN;
    MemorySegment.copy(plain, 0, memory, ValueLayout.JAVA_BYTE, from, plain.length);
    MemorySegment.copy(plain, 0, memory, ValueLayout.JAVA_BYTE, EXPECTED + written, plain.length);
    int bytes = tested.get(receiver)
        .protectRtp(memory, from, headerBytes, from + headerBytes, payloadBytes, ACTUAL + written, receiver, index);
    int expected = trusted.get(receiver).protectRtp(memory, EXPECTED + written, headerBytes,
        EXPECTED + written + headerBytes, payloadBytes, EXPECTED + written, receiver, index);
    assertThat(bytes).isEqualTo(expected);
    written += bytes;
  }

  private byte[] bytes(int count) {
    byte[] result = new byte[count];
    random.nextBytes(result);
    return result;
  }
}
