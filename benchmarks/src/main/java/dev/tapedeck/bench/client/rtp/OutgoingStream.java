package dev.tapedeck.bench.client.rtp;

import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.HeaderExtension;
import java.util.Map;

/**
 * What was negotiated for one outgoing stream.
 *
 * @param rid          simulcast layer, empty for none
 * @param ssrc         of the media
 * @param rtxSsrc      of its retransmissions
 * @param codec        with the payload types to send
 * @param extensionIds ids both sides agreed on
 */
public record OutgoingStream(
    String mid, String rid, int ssrc, int rtxSsrc, Codec codec, Map<HeaderExtension, Integer> extensionIds) {
  public OutgoingStream {
    extensionIds = Map.copyOf(extensionIds);
  }

  boolean needsTwoByteForm() {
    return extensionIds.values().stream().anyMatch(id -> id > 14);
  }
}
