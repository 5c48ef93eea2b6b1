package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NativeSrtpCipherTest {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int HEADER_BYTES = 12;
  private static final int PAYLOAD_BYTES = 1188;
  private static final long PLAIN = 0;
  private static final long PACKETS = 2048;
  private static final long SLOT_BYTES = 2048;

  /** One round of all lanes and some more, which the back end does one by one. */
  private static final int GATHERED = 18;

  private static final long MEMORY_BYTES = PACKETS + GATHERED * SLOT_BYTES;

  private static SrtpCipher cipher(BackEnds backEnd, SrtpProfile profile) {
    return backEnd.factory().create(profile, new byte[profile.keyBytes], new byte[profile.saltBytes]);
  }

  @ParameterizedTest
  @CsvSource({
    "LIBCRYPTO, AEAD_AES_128_GCM", "LIBCRYPTO, AES128_CM_HMAC_SHA1_80",
    "IPSEC_MB, AEAD_AES_128_GCM", "IPSEC_MB, AES128_CM_HMAC_SHA1_80"})
  void protectsAndUnprotectsWithoutAllocating(BackEnds backEnd, SrtpProfile profile) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int packets = 4000 * GATHERED;
    SrtpCipherFactory worker = backEnd.factory().forWorker();
    try (Arena arena = Arena.ofConfined();
        SrtpSender sender = new SrtpSender(cipher(backEnd, profile), 1);
        SrtpReceiver receiver = new SrtpReceiver(profile, cipher(backEnd, profile), 1)) {
      MemorySegment memory = arena.allocate(MEMORY_BYTES);
      memory.set(ValueLayout.JAVA_BYTE, PLAIN, (byte) 0x80);
      sender.moveIn(worker);
      run(memory, worker, sender, receiver, 0, packets); // compiles it

      long before = threads.getCurrentThreadAllocatedBytes();
      run(memory, worker, sender, receiver, packets, packets);
      long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

      System.out.printf(
          "%s %s: %d bytes allocated for %d packets both ways%n", backEnd, profile, allocatedBytes, packets);
      assertThat(allocatedBytes).isLessThan(packets);
    }
  }

  private static void run(
      MemorySegment memory, SrtpCipherFactory worker, SrtpSender sender, SrtpReceiver receiver, int first, int packets) {
    int sentBytes = 0;
    for (int i = first; i < first + packets; i += GATHERED) {
      for (int slot = 0; slot < GATHERED; slot++) {
        memory.set(SHORT, PLAIN + 2, (short) (i + slot));
        sentBytes = sender.protectRtp(
            memory, PLAIN, HEADER_BYTES, PLAIN + HEADER_BYTES, PAYLOAD_BYTES, PACKETS + slot * SLOT_BYTES);
      }
      worker.completePackets();
      for (int slot = 0; slot < GATHERED; slot++) {
        int received = receiver.unprotectRtp(memory, PACKETS + slot * SLOT_BYTES, sentBytes);
        if (received != HEADER_BYTES + PAYLOAD_BYTES) {
          throw new AssertionError("packet " + (i + slot) + ": " + received);
        }
      }
      int report = sender.protectRtcp(memory, PLAIN, 64);
      if (receiver.unprotectRtcp(memory, PLAIN, report) != 64) {
        throw new AssertionError("report " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LIBCRYPTO, AEAD_AES_128_GCM", "LIBCRYPTO, AES128_CM_HMAC_SHA1_80",
    "IPSEC_MB, AEAD_AES_128_GCM", "IPSEC_MB, AES128_CM_HMAC_SHA1_80"})
  void refusesPositionsOutsideTheMemory(BackEnds backEnd, SrtpProfile profile) {
    try (Arena arena = Arena.ofConfined();
        SrtpCipher cipher = cipher(backEnd, profile)) {
      MemorySegment memory = arena.allocate(100);
      int tag = profile.rtpTagBytes;

      assertThat(cipher.protectRtp(memory, 0, 12, 12, 88 - tag, 0, 1, 1)).isEqualTo(100);
      assertThatThrownBy(() -> cipher.protectRtp(memory, 0, 12, 12, 89 - tag, 0, 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cipher.unprotectRtp(memory, 1, 12, 100, 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cipher.unprotectRtp(memory, 0, 12, 11 + tag, 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cipher.protectRtcp(memory, 0, 97 - profile.rtcpTagBytes, 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cipher.protectRtcp(memory, 0, 7, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> cipher.unprotectRtcp(memory, 0, 11 + profile.rtcpTagBytes, 1, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "PORTABLE", mode = EnumSource.Mode.EXCLUDE)
  void refusesUseAfterClose(BackEnds backEnd) {
    SrtpCipher cipher = cipher(backEnd, SrtpProfile.AEAD_AES_128_GCM);
    cipher.close();
    cipher.close();

    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(100);
      assertThatThrownBy(() -> cipher.protectRtcp(memory, 0, 8, 1, 1)).isInstanceOf(IllegalStateException.class);
    }
  }
}
