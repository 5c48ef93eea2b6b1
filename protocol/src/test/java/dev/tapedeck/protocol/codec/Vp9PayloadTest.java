package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.codec.Vp8PayloadTest.hex;
import static dev.tapedeck.protocol.codec.Vp8PayloadTest.size;
import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Vp9PayloadTest {
  /** I, L, B, V: picture id of 15 bits, layers with TL0PICIDX, a structure of two sizes and one picture with one ref. */
  private static final String KEY_FRAME =
      "aa" + "8123" + "00" + "07" + "38" + "0140" + "00b4" + "0280" + "0168" + "01" + "0402";

  @Test
  void readsAKeyFrameOfNonFlexibleMode() {
    MemorySegment payload = segment(KEY_FRAME + "82");
    int length = (int) payload.byteSize();

    assertThat(Vp9Payload.descriptorBytes(payload, 0, length)).isEqualTo(length - 1);
    assertThat(Vp9Payload.startsKeyFrame(payload, 0, length)).isTrue();
    assertThat(Vp9Payload.pictureIdBits(payload, 0)).isEqualTo(15);
    assertThat(Vp9Payload.pictureId(payload, 0)).isEqualTo(0x123);
    assertThat(Vp9Payload.tid(payload, 0)).isZero();
    assertThat(Vp9Payload.sid(payload, 0)).isZero();
    assertThat(Vp9Payload.tl0PicIdx(payload, 0)).isEqualTo(7);
    assertThat(Vp9Payload.startsFrame(payload, 0)).isTrue();
    assertThat(Vp9Payload.endsFrame(payload, 0)).isFalse();
    assertThat(Vp9Payload.spatialLayers(payload, 0, length)).isEqualTo(2);
    assertThat(size(Vp9Payload.layerFrameSize(payload, 0, length, 0))).isEqualTo("320x180");
    assertThat(size(Vp9Payload.layerFrameSize(payload, 0, length, 1))).isEqualTo("640x360");
    assertThat(Vp9Payload.layerFrameSize(payload, 0, length, 2)).isEqualTo(FrameSize.UNKNOWN);
    assertThat(size(Vp9Payload.frameSize(payload, 0, length))).isEqualTo("640x360");
  }

  @Test
  void readsReferencesAndLayersOfFlexibleMode() {
    MemorySegment payload = segment("fd" + "05" + "53" + "03" + "05" + "06" + "82");

    assertThat(Vp9Payload.descriptorBytes(payload, 0, 7)).isEqualTo(6);
    assertThat(Vp9Payload.startsKeyFrame(payload, 0, 7)).isFalse();
    assertThat(Vp9Payload.isFlexible(payload, 0)).isTrue();
    assertThat(Vp9Payload.isInterPicturePredicted(payload, 0)).isTrue();
    assertThat(Vp9Payload.isNotReferencedByUpperLayers(payload, 0)).isTrue();
    assertThat(Vp9Payload.endsFrame(payload, 0)).isTrue();
    assertThat(Vp9Payload.pictureIdBits(payload, 0)).isEqualTo(7);
    assertThat(Vp9Payload.pictureId(payload, 0)).isEqualTo(5);
    assertThat(Vp9Payload.tid(payload, 0)).isEqualTo(2);
    assertThat(Vp9Payload.isSwitchingUpPoint(payload, 0)).isTrue();
    assertThat(Vp9Payload.sid(payload, 0)).isEqualTo(1);
    assertThat(Vp9Payload.isInterLayerPredicted(payload, 0)).isTrue();
    assertThat(Vp9Payload.tl0PicIdx(payload, 0)).isEqualTo(Vp9Payload.NONE);
    assertThat(Vp9Payload.references(payload, 0)).isEqualTo(3);
    assertThat(Vp9Payload.referenceDistance(payload, 0, 0)).isEqualTo(1);
    assertThat(Vp9Payload.referenceDistance(payload, 0, 1)).isEqualTo(2);
    assertThat(Vp9Payload.referenceDistance(payload, 0, 2)).isEqualTo(3);
  }

  @Test
  void refusesAFourthReference() {
    assertThat(Vp9Payload.descriptorBytes(segment("d8" + "05" + "030303" + "02" + "82"), 0, 7))
        .isEqualTo(Vp9Payload.NONE);
  }

  @Test
  void refusesEveryPrefixOfADescriptor() {
    for (String hex : new String[] {KEY_FRAME, "f9" + "05" + "53" + "03" + "05" + "06", "fa8123" + "00" + "02" + "18"
        + "01400140" + "02" + "00" + "0cffffff"}) {
      MemorySegment payload = segment(hex);
      int whole = (int) payload.byteSize();
      for (int length = 0; length < whole; length++) {
        assertThat(Vp9Payload.descriptorBytes(payload.asSlice(0, length), 0, length)).isEqualTo(Vp9Payload.NONE);
        assertThat(Vp9Payload.startsKeyFrame(payload.asSlice(0, length), 0, length)).isFalse();
      }
      assertThat(Vp9Payload.descriptorBytes(payload, 0, whole)).isEqualTo(whole);
    }
  }

  @Test
  void seesKeyFramesOnlyInTheFirstPacketOfTheLowestLayer() {
    assertThat(Vp9Payload.startsKeyFrame(segment("8801" + "82"), 0, 3)).isTrue();
    assertThat(Vp9Payload.startsKeyFrame(segment("8001" + "82"), 0, 3)).isFalse();
    assertThat(Vp9Payload.startsKeyFrame(segment("c801" + "82"), 0, 3)).isFalse();
    assertThat(Vp9Payload.startsKeyFrame(segment("a801" + "0307" + "82"), 0, 5)).isFalse();
    assertThat(Vp9Payload.startsKeyFrame(segment("a801" + "0107" + "82"), 0, 5)).isTrue();
  }

  @Test
  void tellsNoSizeFromAStructureWithoutSizes() {
    MemorySegment payload = segment("8a01" + "20" + "82");

    assertThat(Vp9Payload.spatialLayers(payload, 0, 4)).isEqualTo(2);
    assertThat(Vp9Payload.frameSize(payload, 0, 4)).isEqualTo(FrameSize.UNKNOWN);
    assertThat(Vp9Payload.frameSize(segment("8801" + "82"), 0, 3)).isEqualTo(FrameSize.UNKNOWN);
  }

  @Test
  void writesPictureIdAndTl0PicIdxInTheirOwnWidth() {
    MemorySegment wide = segment("a8" + "8001" + "00" + "07");
    Vp9Payload.putPictureId(wide, 0, 0x18765);
    Vp9Payload.putTl0PicIdx(wide, 0, 0x1cd);
    assertThat(hex(wide)).isEqualTo("a8" + "8765" + "00" + "cd");

    MemorySegment flexible = segment("b8" + "01" + "00" + "07");
    Vp9Payload.putPictureId(flexible, 0, 0xff);
    Vp9Payload.putTl0PicIdx(flexible, 0, 0xcd);
    assertThat(hex(flexible)).isEqualTo("b8" + "7f" + "00" + "07");
  }
}
