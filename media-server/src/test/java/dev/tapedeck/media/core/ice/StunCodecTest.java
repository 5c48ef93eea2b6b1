package dev.tapedeck.media.core.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StunCodecTest {
  private static final IceCredentials LOCAL = new IceCredentials("LocalFra", "LocalPasswordOf24Charact");

  @Test
  void findsSessionByNumberOfItsFragment() {
    byte[] check = TestStun.check("LocalFra:remote").integrity(LOCAL.pwd()).bytes();
    assertThat(peek(check)).isEqualTo(LOCAL.ufragKey());
    for (int length = 0; length < check.length; length++) {
      assertThat(peek(Arrays.copyOf(check, length))).as("cut to %d", length).isEqualTo(StunCodec.NO_UFRAG);
    }
  }

  @Test
  void findsNoFragmentThatIsNotOurs() {
    assertThat(peek(TestStun.check("short:remote").bytes())).isEqualTo(StunCodec.NO_UFRAG);
    assertThat(peek(TestStun.check("LocalFra").bytes())).isEqualTo(StunCodec.NO_UFRAG);
    assertThat(peek(TestStun.check("LocalFrag:remote").bytes())).isEqualTo(StunCodec.NO_UFRAG);
    assertThat(peek(TestStun.request().bytes())).isEqualTo(StunCodec.NO_UFRAG);
    assertThat(peek(TestStun.check("LocalFra:remote").type(0x0101).bytes())).isEqualTo(StunCodec.NO_UFRAG);
  }

  @Test
  void allocatesNothing() {
    byte[] check = TestStun.check("LocalFra:remote").integrity(LOCAL.pwd()).bytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, check);
      peekOften(memory, check.length); // compiled before it is measured
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThat(peekOften(memory, check.length)).isEqualTo(100_000);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes by 100,000 reads").isLessThan(10_000);
    }
  }

  private static int peekOften(MemorySegment memory, int length) {
    int found = 0;
    for (int i = 0; i < 100_000; i++) {
      if (StunCodec.peekLocalUfrag(memory, 0, length) != StunCodec.NO_UFRAG) {
        found++;
      }
    }
    return found;
  }

  private static long peek(byte[] bytes) {
    return StunCodec.peekLocalUfrag(TestStun.at(3, bytes), 3, bytes.length);
  }
}
