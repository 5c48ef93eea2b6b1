package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.codec.Codec;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** what each codec tells of its temporal layers, and that nobody is shown what he cannot decode. */
class TemporalLayersTest {
  private static final int DESCRIPTOR_ID = 12;

  private final MemorySegment memory = Arena.ofAuto().allocate(2048);
  private final TemporalLayers layers = new TemporalLayers(DESCRIPTOR_ID);

  @Test
  void vp8TellsByTidAndLayerSync() {
    note(Codec.VP8, vp8(0, false), false);
    assertThat(layers.layer()).isZero();
    note(Codec.VP8, vp8(2, false), false);
    assertThat(layers.layer()).isEqualTo(2);
    assertThat(layers.opensTo()).as("no way up").isZero();
    note(Codec.VP8, vp8(2, true), false);
    assertThat(layers.opensFrom()).as("whoever had layer 1").isEqualTo(1);
    assertThat(layers.opensTo()).isEqualTo(2);
    note(Codec.VP8, new byte[] {0x10, 0, 0}, false);
    assertThat(layers.layer()).as("nothing is told").isZero();
    assertThat(layers.highest()).isEqualTo(2);
  }

  @Test
  void vp9TellsByTidAndSwitchingUpPointInBothModes() {
    byte[] nonFlexible = {(byte) 0xE8, (byte) 0x80, 5, (byte) (1 << 5 | 0x10), 9, 1, 2};
    note(Codec.VP9, nonFlexible, false);
    assertThat(layers.layer()).isEqualTo(1);
    assertThat(layers.opensFrom()).isEqualTo(1);
    assertThat(layers.opensTo()).isEqualTo(TemporalLayers.HIGHEST);
    byte[] flexible = {(byte) 0xF8, (byte) 0x80, 5, (byte) (2 << 5), 2 << 1, 1, 2};
    note(Codec.VP9, flexible, false);
    assertThat(layers.layer()).isEqualTo(2);
    assertThat(layers.opensTo()).isZero();
  }

  @Test
  void h264TellsOnlyWhatNobodyRefersTo() {
    note(Codec.H264, new byte[] {0x41, 1, 2}, false);
    assertThat(layers.layer()).as("a reference").isZero();
    note(Codec.H264, new byte[] {0x01, 1, 2}, false);
    assertThat(layers.layer()).as("a slice").isEqualTo(1);
    note(Codec.H264, new byte[] {28, 0x01, 2}, false);
    assertThat(layers.layer()).as("a fragment").isEqualTo(1);
    note(Codec.H264, new byte[] {6, 1, 2}, false);
    assertThat(layers.layer()).as("a message to the decoder").isZero();
    note(Codec.H264, new byte[] {24, 0, 2, 6, 1, 0, 2, 1, 1}, false);
    assertThat(layers.layer()).as("a message and a slice").isEqualTo(1);
  }

  @Test
  void av1TellsByTheTemplatesOfItsDescriptor() {
    note(Codec.AV1, av1(0, true), true);
    assertThat(layers.layer()).isZero();
    assertThat(layers.opensTo()).as("a key frame").isEqualTo(TemporalLayers.HIGHEST);
    note(Codec.AV1, av1(1, false), false);
    assertThat(layers.layer()).isZero();
    assertThat(layers.opensFrom()).isZero();
    assertThat(layers.opensTo()).as("all targets may be switched to").isEqualTo(2);
    note(Codec.AV1, av1(2, false), false);
    assertThat(layers.layer()).isEqualTo(1);
    assertThat(layers.opensTo()).isEqualTo(2);
    note(Codec.AV1, av1(3, false), false);
    assertThat(layers.layer()).isEqualTo(2);
    assertThat(layers.opensTo()).as("discardable").isNegative();
    note(Codec.AV1, av1(9, false), false);
    assertThat(layers.layer()).as("an unknown template").isZero();
  }

  @Test
  void av1WithoutDescriptorIsForwardedWhole() {
    TemporalLayers none = new TemporalLayers(0);
    Packet packet = av1(3, false);
    MemorySegment.copy(packet.bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.bytes.length);
    none.note(Codec.AV1, memory, 0, packet.headerBytes, packet.bytes.length - packet.headerBytes, false);
    assertThat(none.layer()).isZero();
  }

  /** VP9 as browsers send three layers: only base pictures are switching-up points (RFC 9628 §4.2). */
  @Test
  void vp9IsShownOnlyWhereItCanBeDecoded() {
    follow(Codec.VP9, frame -> {
      int tid = new int[] {0, 2, 1, 2}[frame % 4];
      boolean isSwitch = tid == 0 && frame % 8 == 0;
      return new Picture(plain(new byte[] {(byte) 0xE8, (byte) 0x80, (byte) frame,
          (byte) (tid << 5 | (isSwitch ? 0x10 : 0)), (byte) (frame / 4), 1, 2}), tid, frame % 8);
    });
  }

  @Test
  void av1IsShownOnlyWhereItCanBeDecoded() {
    follow(Codec.AV1, frame -> {
      int tid = new int[] {0, 2, 1, 2}[frame % 4];
      int sinceReset = new int[] {0, 1, 2, 1}[frame % 4]; // layer 1 opens layer 2, too
      return new Picture(av1(frame == 0 ? 0 : tid + 1, frame == 0), tid, sinceReset);
    });
  }

  @Test
  void h264IsShownOnlyWhereItCanBeDecoded() {
    follow(Codec.H264, frame -> {
      int tid = frame % 2;
      return new Picture(plain(new byte[] {(byte) (tid == 0 ? 0x41 : 0x01), 1, 2}), tid, tid);
    });
  }

  /** A layer was left out of the stream before, whose numbers are greater: a late packet of this one is none of it. */
  @Test
  void aLatePacketOfAnotherStreamIsJudgedByThatStream() {
    TemporalSwitch shown = new TemporalSwitch();
    shown.begin();
    note(Codec.VP8, vp8(0, false), true);
    shown.takes(50_000, 0, layers, true, 0);
    note(Codec.VP8, vp8(1, false), false);
    assertThat(shown.takes(50_001, 3_000, layers, false, 2)).isFalse();
    note(Codec.VP8, vp8(0, false), true);
    shown.takes(50_002, 6_000, layers, true, 2);

    shown.begin();
    assertThat(shown.takes(100, 0, layers, true, 2)).isTrue();
    note(Codec.VP8, vp8(1, false), false);
    assertThat(shown.takes(102, 6_000, layers, false, 2)).isTrue();
    assertThat(shown.tookAt(101, layers)).isTrue();
  }

  @Test
  void aLatePacketFromBeforeAChangeIsJudgedByWhatWasShownThen() {
    TemporalSwitch shown = new TemporalSwitch();
    shown.begin();
    note(Codec.VP8, vp8(0, false), true);
    shown.takes(100, 0, layers, true, 2);
    shown.takes(103, 6_000, layers, true, 0);
    note(Codec.VP8, vp8(1, false), false);
    assertThat(shown.tookAt(102, layers)).isTrue();
    assertThat(shown.tookAt(104, layers)).isFalse();
  }

  /** @param sinceReset pictures since the last one that all later ones can do with alone */
  private record Picture(Packet packet, int tid, int sinceReset) {}

  /** An RTP packet as the server holds it. */
  private record Packet(byte[] bytes, int headerBytes) {}

  /**
   * A receiver that changes its mind at random gets no picture whose references it did not get: those of lower or the
   * same layer since the last switching point.
   */
  private void follow(Codec codec, IntFunction<Picture> encoder) {
    SplittableRandom random = new SplittableRandom(7);
    TemporalSwitch shown = new TemporalSwitch();
    Set<Integer> decoded = new HashSet<>();
    List<Picture> sent = new ArrayList<>();
    int wanted = 2;
    int[] counts = new int[3];
    for (int frame = 0; frame < 4_000; frame++) {
      Picture picture = encoder.apply(frame);
      sent.add(picture);
      note(codec, picture.packet, frame == 0);
      wanted = random.nextInt(10) == 0 ? random.nextInt(3) : wanted;
      if (!shown.takes(frame, frame * 3_000, layers, frame == 0, wanted)) {
        continue;
      }
      assertThat(picture.tid).as("frame %d", frame).isLessThanOrEqualTo(wanted);
      for (int back = 1; back <= picture.sinceReset; back++) {
        boolean isReference = sent.get(frame - back).tid <= picture.tid
            && !(codec == Codec.H264 && sent.get(frame - back).tid > 0);
        assertThat(!isReference || decoded.contains(frame - back)).as("frame %d of %s", frame, codec).isTrue();
      }
      decoded.add(frame);
      counts[picture.tid]++;
    }
    assertThat(counts[0]).isPositive();
    assertThat(counts[1]).as("upper layers come back").isGreaterThan(100);
  }

  private void note(Codec codec, byte[] payload, boolean isKeyFrame) {
    note(codec, plain(payload), isKeyFrame);
  }

  private void note(Codec codec, Packet packet, boolean isKeyFrame) {
    MemorySegment.copy(packet.bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.bytes.length);
    layers.note(codec, memory, 0, packet.headerBytes, packet.bytes.length - packet.headerBytes, isKeyFrame);
  }

  private static Packet plain(byte[] payload) {
    byte[] bytes = new byte[12 + payload.length];
    bytes[0] = (byte) 0x80;
    System.arraycopy(payload, 0, bytes, 12, payload.length);
    return new Packet(bytes, 12);
  }

  private static byte[] vp8(int tid, boolean isSync) {
    return new byte[] {(byte) 0x90, (byte) 0xE0, (byte) 0x80, 5, 9, (byte) (tid << 6 | (isSync ? 0x20 : 0)), 1, 2};
  }

  /** One spatial layer, three temporal ones: templates of the key frame, then of the layers in turn. */
  private static Packet av1(int template, boolean hasStructure) {
    Bits bits = new Bits();
    bits.put(2, 3).put(6, template).put(16, 77);
    if (hasStructure) {
      bits.put(5, 0x10).put(6, 0).put(5, 2);
      bits.put(2, 0).put(2, 1).put(2, 1).put(2, 3);
      for (int[] indications : new int[][] {{2, 2, 2}, {2, 2, 2}, {0, 2, 2}, {0, 0, 1}}) {
        for (int indication : indications) {
          bits.put(2, indication);
        }
      }
    }
    byte[] descriptor = bits.bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xBE, (byte) 0xDE, 0});
    out.write((1 + descriptor.length + 3) / 4);
    out.write(DESCRIPTOR_ID << 4 | descriptor.length - 1);
    out.writeBytes(descriptor);
    while (out.size() % 4 != 0) {
      out.write(0);
    }
    int headerBytes = out.size();
    out.writeBytes(new byte[] {0x10, 0x32, 0, 0});
    return new Packet(out.toByteArray(), headerBytes);
  }

  private static final class Bits {
    private final StringBuilder bits = new StringBuilder();

    Bits put(int count, int value) {
      for (int i = count - 1; i >= 0; i--) {
        bits.append(value >> i & 1);
      }
      return this;
    }

    byte[] bytes() {
      byte[] bytes = new byte[(bits.length() + 7) / 8];
      for (int i = 0; i < bits.length(); i++) {
        bytes[i / 8] |= (byte) (bits.charAt(i) - '0' << 7 - i % 8);
      }
      return bytes;
    }
  }
}
