package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Vp8PayloadTest {
  /** First bytes of a 640x360 key frame of libvpx (FFmpeg's testsrc2). */
  static final String KEY_FRAME = "f0c6009d012a800268010007";

  private static final String INTER_FRAME = "f1c600";

  @Test
  void readsADescriptorWithEverything() {
    MemorySegment payload = segment("90f0" + "9234" + "ab" + "b3" + INTER_FRAME);

    assertThat(Vp8Payload.descriptorBytes(payload, 0, 9)).isEqualTo(6);
    assertThat(Vp8Payload.startsFrame(payload, 0)).isTrue();
    assertThat(Vp8Payload.isNonReference(payload, 0)).isFalse();
    assertThat(Vp8Payload.pictureIdBits(payload, 0)).isEqualTo(15);
    assertThat(Vp8Payload.pictureId(payload, 0)).isEqualTo(0x1234);
    assertThat(Vp8Payload.tl0PicIdx(payload, 0)).isEqualTo(0xab);
    assertThat(Vp8Payload.tid(payload, 0)).isEqualTo(2);
    assertThat(Vp8Payload.isLayerSync(payload, 0)).isTrue();
    assertThat(Vp8Payload.keyIdx(payload, 0)).isEqualTo(0x13);
    assertThat(Vp8Payload.startsKeyFrame(payload, 0, 9)).isFalse();
  }

  @Test
  void readsADescriptorWithNothing() {
    MemorySegment payload = segment("30" + INTER_FRAME);

    assertThat(Vp8Payload.descriptorBytes(payload, 0, 4)).isEqualTo(1);
    assertThat(Vp8Payload.isNonReference(payload, 0)).isTrue();
    assertThat(Vp8Payload.pictureIdBits(payload, 0)).isZero();
    assertThat(Vp8Payload.pictureId(payload, 0)).isEqualTo(Vp8Payload.NONE);
    assertThat(Vp8Payload.tl0PicIdx(payload, 0)).isEqualTo(Vp8Payload.NONE);
    assertThat(Vp8Payload.tid(payload, 0)).isEqualTo(Vp8Payload.NONE);
    assertThat(Vp8Payload.keyIdx(payload, 0)).isEqualTo(Vp8Payload.NONE);
    assertThat(Vp8Payload.isLayerSync(payload, 0)).isFalse();
  }

  @Test
  void findsEachFieldWhateverStandsBeforeIt() {
    for (int flags = 0; flags < 16; flags++) {
      boolean hasPictureId = (flags & 8) != 0;
      boolean hasTl0PicIdx = (flags & 4) != 0;
      boolean hasTid = (flags & 2) != 0;
      boolean hasKeyIdx = (flags & 1) != 0;
      MemorySegment payload = segment("90%x0".formatted(flags) + (hasPictureId ? "11" : "")
          + (hasTl0PicIdx ? "22" : "") + (hasTid || hasKeyIdx ? "45" : "") + INTER_FRAME);
      int length = (int) payload.byteSize();

      assertThat(Vp8Payload.descriptorBytes(payload, 0, length)).isEqualTo(length - 3);
      assertThat(Vp8Payload.pictureId(payload, 0)).isEqualTo(hasPictureId ? 0x11 : Vp8Payload.NONE);
      assertThat(Vp8Payload.tl0PicIdx(payload, 0)).isEqualTo(hasTl0PicIdx ? 0x22 : Vp8Payload.NONE);
      assertThat(Vp8Payload.tid(payload, 0)).isEqualTo(hasTid ? 1 : Vp8Payload.NONE);
      assertThat(Vp8Payload.keyIdx(payload, 0)).isEqualTo(hasKeyIdx ? 5 : Vp8Payload.NONE);
    }
  }

  @Test
  void refusesEveryPrefixOfADescriptor() {
    MemorySegment payload = segment("90f0" + "9234" + "ab" + "b3");
    for (int length = 0; length < 6; length++) {
      assertThat(Vp8Payload.descriptorBytes(payload.asSlice(0, length), 0, length)).isEqualTo(Vp8Payload.NONE);
    }
    assertThat(Vp8Payload.descriptorBytes(payload, 0, 6)).isEqualTo(6);
    assertThat(Vp8Payload.startsKeyFrame(payload, 0, 6)).isFalse();
  }

  @Test
  void knowsKeyFramesAndTheirSize() {
    MemorySegment payload = segment("9080" + "11" + KEY_FRAME);
    int length = (int) payload.byteSize();

    assertThat(Vp8Payload.startsKeyFrame(payload, 0, length)).isTrue();
    assertThat(size(Vp8Payload.frameSize(payload, 0, length))).isEqualTo("640x360");
    assertThat(Vp8Payload.horizontalScale(payload, 0, length)).isZero();
  }

  @Test
  void readsTheScaleBesideTheSize() {
    MemorySegment payload = segment("10" + "f0c6009d012a" + "4041" + "b6c0");

    assertThat(size(Vp8Payload.frameSize(payload, 0, 11))).isEqualTo("320x182");
    assertThat(Vp8Payload.horizontalScale(payload, 0, 11)).isEqualTo(1);
    assertThat(Vp8Payload.verticalScale(payload, 0, 11)).isEqualTo(3);
  }

  @Test
  void seesNoKeyFrameInLaterPacketsAndPartitions() {
    for (String first : new String[] {"00", "01", "11"}) {
      MemorySegment payload = segment(first + KEY_FRAME);
      assertThat(Vp8Payload.startsKeyFrame(payload, 0, 13)).isFalse();
      assertThat(Vp8Payload.frameSize(payload, 0, 13)).isEqualTo(FrameSize.UNKNOWN);
    }
  }

  @Test
  void tellsNoSizeFromACutHeaderOrAWrongStartCode() {
    assertThat(Vp8Payload.frameSize(segment("10" + KEY_FRAME), 0, 10)).isEqualTo(FrameSize.UNKNOWN);
    assertThat(Vp8Payload.frameSize(segment("10" + KEY_FRAME.replace("9d", "9e")), 0, 13))
        .isEqualTo(FrameSize.UNKNOWN);
  }

  @Test
  void writesPictureIdAndTl0PicIdxInTheirOwnWidth() {
    MemorySegment wide = segment("90f0" + "8001" + "ab" + "b3");
    Vp8Payload.putPictureId(wide, 0, 0x18765);
    Vp8Payload.putTl0PicIdx(wide, 0, 0x1cd);
    assertThat(hex(wide)).isEqualTo("90f0" + "8765" + "cd" + "b3");

    MemorySegment narrow = segment("90c0" + "01" + "ab");
    Vp8Payload.putPictureId(narrow, 0, 0xff);
    Vp8Payload.putTl0PicIdx(narrow, 0, 0);
    assertThat(hex(narrow)).isEqualTo("90c0" + "7f" + "00");

    MemorySegment none = segment("1001");
    Vp8Payload.putPictureId(none, 0, 5);
    Vp8Payload.putTl0PicIdx(none, 0, 5);
    assertThat(hex(none)).isEqualTo("1001");
  }

  static String hex(MemorySegment memory) {
    return HexFormat.of().formatHex(memory.toArray(Bytes.BYTE));
  }

  static String size(int frameSize) {
    return FrameSize.width(frameSize) + "x" + FrameSize.height(frameSize);
  }
}
