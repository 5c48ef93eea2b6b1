package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.PayloadFormat;
import dev.tapedeck.protocol.codec.MediaKind;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.RtpPacketBuilder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeaderMappingTest {
  private static final PayloadFormat VP8 = format(96, "VP8", 97);
  private static final PayloadFormat AV1 = format(45, "AV1", 46);

  private static PayloadFormat format(int payloadType, String name, int rtx) {
    return new PayloadFormat(
        payloadType, name, 90_000, 1, "", List.of(), rtx < 0 ? OptionalInt.empty() : OptionalInt.of(rtx));
  }

  private static NegotiatedMedia media(
      String mid, Map<Integer, HeaderExtension> extensions, PayloadFormat... formats) {
    SortedMap<Integer, HeaderExtension> sorted = new TreeMap<>(extensions);
    return new NegotiatedMedia(0, mid, Optional.of(MediaKind.VIDEO), Optional.empty(), Direction.RECVONLY,
        List.of(formats), sorted, List.of(), List.of(), Optional.empty());
  }

  /** The header of a packet with these elements, mapped: id to hex of each element. */
  private static Map<Integer, String> mapped(HeaderMapping mapping, String elements) {
    byte[] packet = RtpPacketBuilder.rtp().extension(0xBEDE, elements).payload("00").build();
    MemorySegment source = MemorySegment.ofArray(packet);
    MemorySegment target = MemorySegment.ofArray(new byte[256]);
    int bytes = mapping.rewriter().write(source, 0, RtpHeader.headerBytes(source, 0, packet.length), false, 1, 2, 3, 4,
        0xABCD, 0x123456, target, 0, 256);
    Map<Integer, String> all = new TreeMap<>();
    for (long element = RtpExtensions.first(target, 0, bytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(target, 0, bytes, element)) {
      all.put(RtpExtensions.id(element), HexFormat.of().formatHex(target
          .asSlice(RtpExtensions.offset(element), RtpExtensions.length(element)).toArray(ValueLayout.JAVA_BYTE)));
    }
    return all;
  }

  @Test
  void payloadTypesBecomeTheReceivers() {
    HeaderMapping mapping =
        new HeaderMapping(media("0", Map.of(), VP8, AV1), media("0", Map.of(), format(120, "vp8", 121)));
    assertThat(mapping.payloadType(96)).isEqualTo(120);
    assertThat(mapping.rtxPayloadType(96)).isEqualTo(121);
    assertThat(mapping.payloadType(45)).as("not agreed on").isEqualTo(HeaderMapping.NONE);
    assertThat(mapping.payloadType(127)).as("unknown").isEqualTo(HeaderMapping.NONE);
  }

  @Test
  void aReceiverWithoutRetransmissionHasNoTypeForIt() {
    HeaderMapping mapping = new HeaderMapping(media("0", Map.of(), VP8), media("0", Map.of(), format(127, "VP8", -1)));
    assertThat(mapping.payloadType(96)).isEqualTo(127);
    assertThat(mapping.rtxPayloadType(96)).isEqualTo(HeaderMapping.NONE);
  }

  @Test
  void elementsGoByTheirUri() {
    HeaderMapping mapping = new HeaderMapping(
        media("pub", Map.of(1, HeaderExtension.VIDEO_ORIENTATION, 2, HeaderExtension.COLOR_SPACE,
            3, HeaderExtension.MID, 4, HeaderExtension.RTP_STREAM_ID, 5, HeaderExtension.TRANSPORT_WIDE_CC), VP8),
        media("sub", Map.of(9, HeaderExtension.VIDEO_ORIENTATION, 5, HeaderExtension.MID,
            1, HeaderExtension.TRANSPORT_WIDE_CC, 2, HeaderExtension.ABS_SEND_TIME), VP8));
    // Orientation 02, colour ff, mid "pub", rid "f", transport-wide 0001.
    assertThat(mapped(mapping, "1002" + "20ff" + "32707562" + "4066" + "510001")).isEqualTo(Map.of(
        9, "02",
        5, HexFormat.of().formatHex("sub".getBytes()),
        1, "abcd",
        2, "123456"));
  }

  @Test
  void aReceiverThatAgreedOnNothingGetsNothing() {
    HeaderMapping mapping = new HeaderMapping(
        media("pub", Map.of(1, HeaderExtension.VIDEO_ORIENTATION, 3, HeaderExtension.MID), VP8),
        media("sub", Map.of(), VP8));
    assertThat(mapped(mapping, "1002" + "32707562")).isEmpty();
  }
}
