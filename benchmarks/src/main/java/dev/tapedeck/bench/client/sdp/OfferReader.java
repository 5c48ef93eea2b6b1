package dev.tapedeck.bench.client.sdp;

import dev.tapedeck.bench.client.sdp.Answer.AnsweredMedia;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a server's offer into the m-lines this client answers with: all of them received, none sent. */
public final class OfferReader {
  private OfferReader() {}

  /**
   * Takes each m-line with its own payload types and extension ids (RFC 3264 §6.1), as far as this client knows them.
   *
   * @throws SdpException if an m-line is no media, or offers neither Opus nor VP8
   */
  public static List<OfferedMedia> receiveAll(Answer offer) throws SdpException {
    List<OfferedMedia> media = new ArrayList<>();
    for (AnsweredMedia section : offer.media()) {
      media.add(new OfferedMedia(section.mid(), kind(section), false, List.of(codec(section)), extensions(section),
          List.of(), 0, 0));
    }
    return media;
  }

  private static MediaKind kind(AnsweredMedia section) throws SdpException {
    for (MediaKind kind : MediaKind.values()) {
      if (kind.sdpName().equals(section.kind())) {
        return kind;
      }
    }
    throw new SdpException("this client answers audio and video only, not an m-line of " + section.kind());
  }

  private static Codec codec(AnsweredMedia section) throws SdpException {
    for (int payloadType : section.payloadTypes()) {
      String name = section.codecName(payloadType).orElse("");
      if (name.equalsIgnoreCase("opus")) {
        return Codec.opus(payloadType);
      }
      if (name.equalsIgnoreCase("VP8")) {
        return Codec.vp8(payloadType, retransmissionOf(section, payloadType).orElse(Codec.NO_RTX));
      }
    }
    throw new SdpException("m-line " + section.mid() + " offers neither Opus nor VP8, only " + section.rtpmaps());
  }

  /** RFC 4588 §8.6: the format parameters of a retransmission name the payload type it repeats. */
  private static Optional<Integer> retransmissionOf(AnsweredMedia section, int payloadType) {
    return section.payloadTypes().stream()
        .filter(candidate -> section.codecName(candidate).orElse("").equalsIgnoreCase("rtx"))
        .filter(candidate -> section.fmtps().getOrDefault(candidate, "").equals("apt=" + payloadType))
        .findFirst();
  }

  private static Map<HeaderExtension, Integer> extensions(AnsweredMedia section) {
    Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
    for (HeaderExtension extension : HeaderExtension.values()) {
      if (section.extensionId(extension) > 0) {
        ids.put(extension, section.extensionId(extension));
      }
    }
    return ids;
  }
}
