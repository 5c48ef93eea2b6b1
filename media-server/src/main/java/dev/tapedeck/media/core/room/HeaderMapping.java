package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.PayloadFormat;
import dev.tapedeck.protocol.rtp.RtpHeaderRewriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How the headers of one publisher's track become those of one receiver: payload types by what both negotiated,
 * extension elements by their URI. What the receiver did not agree on is left out.
 */
final class HeaderMapping {
  /** The receiver has no payload type for this. */
  static final int NONE = -1;

  private final byte[] payloadTypes = new byte[128];
  private final byte[] rtxPayloadTypes = new byte[128];
  private final RtpHeaderRewriter rewriter;

  HeaderMapping(NegotiatedMedia from, NegotiatedMedia to) {
    Arrays.fill(payloadTypes, (byte) NONE);
    Arrays.fill(rtxPayloadTypes, (byte) NONE);
    for (PayloadFormat codec : from.codecs()) {
      Optional<PayloadFormat> target = to.codecFor(codec);
      if (target.isPresent()) {
        payloadTypes[codec.payloadType()] = (byte) target.get().payloadType();
        rtxPayloadTypes[codec.payloadType()] = (byte) target.get().rtxPayloadType().orElse(NONE);
      }
    }
    rewriter = new RtpHeaderRewriter(elementIds(from, to));
    to.extensionId(HeaderExtension.MID)
        .ifPresent(id -> rewriter.setMid(id, to.mid().getBytes(StandardCharsets.UTF_8)));
    to.extensionId(HeaderExtension.TRANSPORT_WIDE_CC).ifPresent(rewriter::setTransportCc);
    to.extensionId(HeaderExtension.ABS_SEND_TIME).ifPresent(rewriter::setAbsSendTime);
  }

  /** The receiver's payload type for a publisher's one, or {@link #NONE}. */
  int payloadType(int sourcePayloadType) {
    return payloadTypes[sourcePayloadType];
  }

  /** The receiver's payload type for retransmissions of a publisher's one, or {@link #NONE}. */
  int rtxPayloadType(int sourcePayloadType) {
    return rtxPayloadTypes[sourcePayloadType];
  }

  RtpHeaderRewriter rewriter() {
    return rewriter;
  }

  private static byte[] elementIds(NegotiatedMedia from, NegotiatedMedia to) {
    byte[] ids = new byte[256];
    for (Map.Entry<Integer, HeaderExtension> element : from.extensions().entrySet()) {
      switch (element.getValue()) {
        case MID, RTP_STREAM_ID, REPAIRED_RTP_STREAM_ID, TRANSPORT_WIDE_CC, ABS_SEND_TIME, VIDEO_LAYERS_ALLOCATION -> {}
        default -> ids[element.getKey()] = (byte) to.extensionId(element.getValue()).orElse(0);
      }
    }
    return ids;
  }
}
