package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AudioLevelTest {
  private static final long MILLIS = 1_000_000L;
  private static final int ID = 1;

  private final MemorySegment memory = Arena.ofAuto().allocate(256, 8);
  private final AudioLevel level = new AudioLevel(ID);
  private int headerBytes;
  private long nowNanos = -5_000 * MILLIS; // a monotonic clock may begin below 0

  /** One-byte form: id 1, one byte of data. */
  private void packet(AudioLevel level, int data) {
    write("90 6f 0001 00000000 00000001 bede 0001 10 %02x 00 00".formatted(data));
    read(level);
  }

  private void write(String hex) {
    byte[] packet = HexFormat.of().parseHex(hex.replace(" ", ""));
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    headerBytes = RtpHeader.headerBytes(memory, 0, packet.length);
    assertThat(headerBytes).isEqualTo(packet.length);
  }

  private void read(AudioLevel level) {
    nowNanos += 20 * MILLIS;
    level.read(nowNanos, memory, 0, headerBytes);
  }

  private void packets(int count, int data) {
    for (int i = 0; i < count; i++) {
      packet(level, data);
    }
  }

  @Test
  void isSilentBeforeTheFirstPacket() {
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
    assertThat(level.decibelsAt(nowNanos)).isEqualTo(AudioLevel.FLOOR_DECIBELS);
  }

  @Test
  void climbsToAVoiceWithin150Millis() {
    packets(7, 25);
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
    assertThat(level.decibelsAt(nowNanos)).isBetween(-27.0, -25.0);
    assertThat(level.isTold()).isTrue();
  }

  @Test
  void oneClickIsNoLoudVoice() {
    packets(50, 60);
    packet(level, 10);
    assertThat(level.decibelsAt(nowNanos)).isLessThan(AudioLevel.VOICE_DECIBELS + 2.0);
  }

  @Test
  void bridgesThePauseBetweenSyllables() {
    packets(20, 25);
    packets(3, 127);
    assertThat(level.decibelsAt(nowNanos)).isGreaterThan(-25 - AudioMixer.LEAD_DECIBELS * 2);
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
    packets(7, 127);
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
  }

  @Test
  void whoSendsNothingIsSilent() {
    packets(20, 25);
    assertThat(level.decibelsAt(nowNanos + 140 * MILLIS)).isGreaterThan(-26);
    assertThat(level.decibelsAt(nowNanos + 150 * MILLIS)).isEqualTo(AudioLevel.FLOOR_DECIBELS);
    nowNanos += 1_000 * MILLIS;
    packet(level, 40);
    assertThat(level.decibelsAt(nowNanos)).as("begins at silence, not where it once was").isLessThanOrEqualTo(-40);
  }

  @Test
  void minus40IsVoiceAndMinus41IsNone() {
    packets(20, 41);
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
    packet(level, 40);
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
  }

  @Test
  void theVoiceBitOfAQuietPacketIsNoVoice() {
    packets(20, 0x80 | 70);
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
  }

  @Test
  void loudNoiseIsNoVoiceWhereVoiceIsMarked() {
    packets(5, 0x80 | 30);
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
    packets(11, 30);
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
  }

  @Test
  void aTrackWithoutLevelsIsAVoiceThatYieldsToAll() {
    AudioLevel untold = new AudioLevel(0);
    for (int i = 0; i < 20; i++) {
      packet(untold, 5);
    }
    assertThat(untold.isSpeakingAt(nowNanos)).isTrue();
    assertThat(untold.decibelsAt(nowNanos)).isBetween(-41.0, -40.0);
    assertThat(untold.isTold()).isFalse();
  }

  @Test
  void aPacketThatHappensToLackItsLevelChangesNothing() {
    packets(20, 60);
    double before = level.decibelsAt(nowNanos);
    write("80 6f 0001 00000000 00000001");
    read(level);
    assertThat(level.decibelsAt(nowNanos)).isEqualTo(before);
    assertThat(level.isSpeakingAt(nowNanos)).isFalse();
  }

  @Test
  void theTwoByteFormIsReadAndAnElementWithoutDataIsNot() {
    write("90 6f 0001 00000000 00000001 1000 0001 01 00 00 00");
    read(level);
    assertThat(level.isTold()).isFalse();
    write("90 6f 0001 00000000 00000001 1000 0001 01 01 14 00");
    read(level);
    assertThat(level.isTold()).isTrue();
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
  }

  @Test
  void readingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int packets = 20_000;
    write("90 6f 0001 00000000 00000001 bede 0001 10 19 00 00");
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 30 && allocated > packets; round++) { // until the compiler has seen it all
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < packets; i++) {
        read(level);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(level.isSpeakingAt(nowNanos)).isTrue();
    assertThat(allocated).as("bytes for %d packets", packets).isLessThan(packets);
  }
}
