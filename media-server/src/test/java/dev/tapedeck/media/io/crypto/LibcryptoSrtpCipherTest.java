package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LibcryptoSrtpCipherTest {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int HEADER_BYTES = 12;
  private static final int PAYLOAD_BYTES = 1188;
  private static final long PLAIN = 0;
  private static final long PACKET = 2048;
  private static final int MEMORY_BYTES = 4096;

  private final LibcryptoSrtpCipherFactory ciphers = new LibcryptoSrtpCipherFactory();

  private SrtpCipher cipher(SrtpProfile profile) {
    return ciphers.create(profile, new byte[profile.keyBytes], new byte[profile.saltBytes]);
  }

  @ParameterizedTest
  @EnumSource
  void protectsAndUnprotectsWithoutAllocating(SrtpProfile profile) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int packets = 100_000;
    try (Arena arena = Arena.ofConfined();
        SrtpSender sender = new SrtpSender(cipher(profile), 1);
        SrtpReceiver receiver = new SrtpReceiver(profile, cipher(profile), 1)) {
      MemorySegment memory = arena.allocate(MEMORY_BYTES);
      memory.set(ValueLayout.JAVA_BYTE, PLAIN, (byte) 0x80);
      run(memory, sender, receiver, 0, packets); // compiles it

      long before = threads.getCurrentThreadAllocatedBytes();
      run(memory, sender, receiver, packets, packets);
      long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

      System.out.printf("%s: %d bytes allocated for %d packets both ways%n", profile, allocatedBytes, packets);
      assertThat(allocatedBytes).isLessThan(packets);
    }
  }

  private static void run(MemorySegment memory, SrtpSender sender, SrtpReceiver receiver, int first, int packets) {
    for (int i = first; i < first + packets; i++) {
      memory.set(SHORT, PLAIN + 2, (short) i);
      int sent = sender.protectRtp(memory, PLAIN, HEADER_BYTES, PLAIN + HEADER_BYTES, PAYLOAD_BYTES, PACKET);
      int received = receiver.unprotectRtp(memory, PACKET, sent);
      if (received != HEADER_BYTES + PAYLOAD_BYTES) {
        throw new AssertionError("packet " + i + ": " + received);
      }
      if (i % 50 == 0) {
        int report = sender.protectRtcp(memory, PLAIN, 64);
        if (receiver.unprotectRtcp(memory, PLAIN, report) != 64) {
          throw new AssertionError("report " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesPositionsOutsideTheMemory(SrtpProfile profile) {
    try (Arena arena = Arena.ofConfined();
        SrtpCipher cipher = cipher(profile)) {
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

  @Test
  void refusesUseAfterClose() {
    SrtpCipher cipher = cipher(SrtpProfile.AEAD_AES_128_GCM);
    cipher.close();
    cipher.close();

    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(100);
      assertThatThrownBy(() -> cipher.protectRtcp(memory, 0, 8, 1, 1)).isInstanceOf(IllegalStateException.class);
    }
  }
}
