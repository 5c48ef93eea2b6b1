package dev.tapedeck.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Segments are as long as the input, so a read past the payload throws and fails the test. */
class CodecFuzzTest {
  private static final int MUTATIONS = 100_000;

  @Test
  void vp8() {
    Mutator.run("vp8-payload", 1, corpus("90f09234abb3", "9080118182", "10", "30", "b0e0b5f2", "9040ab"), MUTATIONS,
        input -> {
          MemorySegment payload = MemorySegment.ofArray(input);
          checkCommon(Codec.VP8, payload, input.length);
          int bytes = Vp8Payload.descriptorBytes(payload, 0, input.length);
          if (bytes == Vp8Payload.NONE) {
            return;
          }
          check(bytes >= 1 && bytes <= input.length && bytes <= 6);
          Vp8Payload.tid(payload, 0);
          Vp8Payload.keyIdx(payload, 0);
          Vp8Payload.isLayerSync(payload, 0);
          int bits = Vp8Payload.pictureIdBits(payload, 0);
          Vp8Payload.putPictureId(payload, 0, 0x5A5A);
          Vp8Payload.putTl0PicIdx(payload, 0, 0x3C);
          check(Vp8Payload.descriptorBytes(payload, 0, input.length) == bytes);
          check(Vp8Payload.pictureId(payload, 0) == (bits == 0 ? -1 : 0x5A5A & (1 << bits) - 1));
          check(Vp8Payload.tl0PicIdx(payload, 0) == -1 || Vp8Payload.tl0PicIdx(payload, 0) == 0x3C);
        });
  }

  @Test
  void vp9() {
    Mutator.run("vp9-payload", 2, corpus("aa812300073801400" + "0b4028001680104" + "02", "fd0553030506", "8801",
        "fa812300021801400140020" + "00cffffff", "8a0120", "c801"), MUTATIONS, input -> {
          MemorySegment payload = MemorySegment.ofArray(input);
          checkCommon(Codec.VP9, payload, input.length);
          int bytes = Vp9Payload.descriptorBytes(payload, 0, input.length);
          if (bytes == Vp9Payload.NONE) {
            return;
          }
          check(bytes >= 1 && bytes <= input.length);
          check(Vp9Payload.tid(payload, 0) <= 7 && Vp9Payload.sid(payload, 0) <= 7);
          int references = Vp9Payload.references(payload, 0);
          check(references <= 3);
          for (int i = 0; i < references; i++) {
            check(Vp9Payload.referenceDistance(payload, 0, i) <= 127);
          }
          for (int sid = -1; sid < 9; sid++) {
            Vp9Payload.layerFrameSize(payload, 0, input.length, sid);
          }
          int bits = Vp9Payload.pictureIdBits(payload, 0);
          Vp9Payload.putPictureId(payload, 0, 0x5A5A);
          Vp9Payload.putTl0PicIdx(payload, 0, 0x3C);
          check(Vp9Payload.descriptorBytes(payload, 0, input.length) == bytes);
          check(Vp9Payload.pictureId(payload, 0) == (bits == 0 ? -1 : 0x5A5A & (1 << bits) - 1));
        });
  }

  @Test
  void h264() {
    Mutator.run("h264-payload", 3, corpus(H264PayloadTest.SPS_640X360,
        H264PayloadTest.stapA(H264PayloadTest.SPS_640X360, "68ebe3cb22c0", "65b8"), "7c85b8", "419a",
        "67f4000d919b282a33c7c5e022000003000200000300783e28532c", "67640028acd94078044fde0220000003002000000783e2c5b2c0"),
        MUTATIONS, input -> {
          MemorySegment payload = MemorySegment.ofArray(input);
          checkCommon(Codec.H264, payload, input.length);
          for (int type = 0; type < 32; type++) {
            long unit = H264Payload.findNalUnit(payload, 0, input.length, type);
            if (unit != H264Payload.NONE) {
              check(H264Payload.nalUnitBytes(unit) > 0);
              check(H264Payload.nalUnitOffset(unit) + H264Payload.nalUnitBytes(unit) <= input.length);
            }
          }
          H264Payload.isNonReference(payload, 0, input.length);
          H264Sps.parse(payload, 0, input.length).ifPresent(sps -> check(sps.width() > 0 && sps.height() > 0));
        });
  }

  @Test
  void av1() {
    Mutator.run("av1-payload", 4, corpus("18" + Av1PayloadTest.SEQUENCE_HEADER, "000d" + Av1PayloadTest.SEQUENCE_HEADER,
        "a001ff" + Av1PayloadTest.SEQUENCE_HEADER, "3001aa02bbccdd", "0002aabb01cc03dddddd", "50ffff"), MUTATIONS,
        input -> {
          MemorySegment payload = MemorySegment.ofArray(input);
          checkCommon(Codec.AV1, payload, input.length);
          long end = 0;
          for (long element = Av1Payload.first(payload, 0, input.length);
              element != Av1Payload.NONE;
              element = Av1Payload.next(payload, 0, input.length, element)) {
            check(Av1Payload.elementOffset(element) > end || end == 0);
            check(Av1Payload.elementBytes(element) > 0);
            check(Av1Payload.isContinuation(payload, 0, element)
                == (end == 0 && Av1Payload.continuesObu(payload, 0)));
            end = Av1Payload.elementOffset(element) + Av1Payload.elementBytes(element) - 1;
            check(end < input.length);
          }
          Av1SequenceHeader.parse(payload, 0, input.length).ifPresent(header ->
              check(header.maxWidth() > 0 && header.maxHeight() > 0));
        });
  }

  @Test
  void opus() {
    Mutator.run("opus-toc", 5, corpus("78", "7b03", "8330", "fc", "fffe", "01"), MUTATIONS, input -> {
      int samples = Opus.samples(MemorySegment.ofArray(input), 0, input.length);
      check(samples == Opus.MALFORMED || samples >= 120 && samples <= 5760);
    });
  }

  /** What is learnt from one element gives meaning to the next, whatever it is. */
  @Test
  void dependencyStructure() {
    DependencyStructure structure = new DependencyStructure();
    Mutator.run("dependency-structure", 7, corpus("c0004d8000" + "4594eaaaa2a401", "c1004e", "82004f20a8", "c3005028aa80",
        "800001801430", "c0fffe40"), MUTATIONS, input -> {
          MemorySegment element = MemorySegment.ofArray(input);
          if (DependencyDescriptor.hasStructure(element, 0, input.length)) {
            structure.read(element, 0, input.length);
          }
          int layer = structure.temporalLayer(element, 0, input.length);
          int opened = structure.switchesTo(element, 0, input.length);
          check(layer >= DependencyStructure.NONE && layer <= 7 && opened >= DependencyStructure.NONE && opened <= 7);
          check(layer != DependencyStructure.NONE || opened == DependencyStructure.NONE);
        });
  }

  @Test
  void dependencyDescriptor() {
    Mutator.run("dependency-descriptor", 6, corpus("85fedc", "c0000080", "800001801430", "c0fffe40", "00", "4000"),
        MUTATIONS, input -> {
          MemorySegment element = MemorySegment.ofArray(input);
          boolean startsKeyFrame = DependencyDescriptor.startsKeyFrame(element, 0, input.length);
          if (DependencyDescriptor.isValid(input.length)) {
            check(!startsKeyFrame || DependencyDescriptor.startsFrame(element, 0));
            DependencyDescriptor.putFrameNumber(element, 0, 77);
            check(DependencyDescriptor.frameNumber(element, 0) == 77);
          }
        });
  }

  private static void checkCommon(Codec codec, MemorySegment payload, int length) {
    KeyFrames.startsKeyFrame(codec, payload, 0, length);
    int size = KeyFrames.frameSize(codec, payload, 0, length);
    check(size == FrameSize.UNKNOWN || FrameSize.pixels(size) > 0);
  }

  private static void check(boolean holds) {
    assertThat(holds).isTrue();
  }

  /** Sixty inputs: each beginning followed by frame data of several lengths. */
  private static List<byte[]> corpus(String... beginnings) {
    SplittableRandom random = new SplittableRandom(beginnings.length);
    List<byte[]> corpus = new ArrayList<>();
    for (String beginning : beginnings) {
      for (int i = 0; i < 10; i++) {
        byte[] data = new byte[i < 2 ? 0 : random.nextInt(30)];
        random.nextBytes(data);
        String keyFrame = i % 2 == 0 ? Vp8PayloadTest.KEY_FRAME : "";
        corpus.add(HexFormat.of().parseHex(beginning + (i == 0 ? "" : keyFrame) + HexFormat.of().formatHex(data)));
      }
    }
    return corpus;
  }
}
