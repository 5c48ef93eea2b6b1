package dev.tapedeck.bench.client.sdp;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One m-line of our offer.
 *
 * @param mid          identification tag; also written on each packet sent
 * @param sends        true for {@code sendonly}, false for {@code recvonly}
 * @param codecs       in order of preference; senders use the first that the answer accepts
 * @param extensionIds ids 1..14, or up to 255 where the two-byte form is wanted
 * @param rids         simulcast layers from lowest to highest, empty for a single stream (RFC 8853)
 * @param ssrc         of the stream sent, 0 for none named in the offer
 * @param rtxSsrc      of its retransmissions, 0 for none named
 */
public record OfferedMedia(String mid, MediaKind kind, boolean sends, List<Codec> codecs,
    Map<HeaderExtension, Integer> extensionIds, List<String> rids, int ssrc, int rtxSsrc) {

  public OfferedMedia {
    codecs = List.copyOf(codecs);
    extensionIds = Map.copyOf(extensionIds);
    rids = List.copyOf(rids);
  }

  /** Ids as a browser numbers them. */
  public static Map<HeaderExtension, Integer> usualExtensionIds(MediaKind kind) {
    Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
    ids.put(HeaderExtension.ABS_SEND_TIME, 2);
    ids.put(HeaderExtension.TRANSPORT_CC, 3);
    ids.put(HeaderExtension.MID, 4);
    switch (kind) {
      case AUDIO -> ids.put(HeaderExtension.AUDIO_LEVEL, 1);
      case VIDEO -> {
        ids.put(HeaderExtension.RID, 10);
        ids.put(HeaderExtension.REPAIRED_RID, 11);
      }
    }
    return ids;
  }

  public static OfferedMedia sending(String mid, MediaKind kind, Codec codec, int ssrc, int rtxSsrc) {
    return new OfferedMedia(mid, kind, true, List.of(codec), usualExtensionIds(kind), List.of(), ssrc, rtxSsrc);
  }

  public static OfferedMedia receiving(String mid, MediaKind kind, List<Codec> codecs) {
    return new OfferedMedia(mid, kind, false, codecs, usualExtensionIds(kind), List.of(), 0, 0);
  }

  public OfferedMedia withExtensionIds(Map<HeaderExtension, Integer> ids) {
    return new OfferedMedia(mid, kind, sends, codecs, ids, rids, ssrc, rtxSsrc);
  }

  /** Layers are told apart by rid alone, so SSRCs are not named, as Chromium does it. */
  public OfferedMedia withRids(List<String> layers) {
    return new OfferedMedia(mid, kind, sends, codecs, extensionIds, layers, 0, 0);
  }
}
