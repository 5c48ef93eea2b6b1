package dev.tapedeck.protocol.codec;

import static dev.tapedeck.protocol.rtp.RtpPacketBuilder.segment;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class DependencyDescriptorTest {
  @Test
  void readsTheMandatoryFields() {
    MemorySegment element = segment("85fedc");

    assertThat(DependencyDescriptor.startsFrame(element, 0)).isTrue();
    assertThat(DependencyDescriptor.endsFrame(element, 0)).isFalse();
    assertThat(DependencyDescriptor.templateId(element, 0)).isEqualTo(5);
    assertThat(DependencyDescriptor.frameNumber(element, 0)).isEqualTo(0xfedc);
    assertThat(DependencyDescriptor.hasStructure(element, 0, 3)).isFalse();
  }

  @Test
  void beginsAKeyFrameWhereTheStructureIsAttached() {
    assertThat(DependencyDescriptor.startsKeyFrame(segment("c0000080"), 0, 4)).isTrue();
    assertThat(DependencyDescriptor.startsKeyFrame(segment("40000080"), 0, 4)).isFalse();
    assertThat(DependencyDescriptor.startsKeyFrame(segment("c0000040"), 0, 4)).isFalse();
    assertThat(DependencyDescriptor.startsKeyFrame(segment("c00000"), 0, 3)).isFalse();
    assertThat(DependencyDescriptor.startsKeyFrame(segment("c000"), 0, 2)).isFalse();
  }

  @Test
  void writesTheFrameNumber() {
    MemorySegment element = segment("c5000180");
    DependencyDescriptor.putFrameNumber(element, 0, 0x1_2345);
    assertThat(Vp8PayloadTest.hex(element)).isEqualTo("c5234580");
  }
}
