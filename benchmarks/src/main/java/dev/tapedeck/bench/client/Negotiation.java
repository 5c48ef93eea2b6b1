package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.rtp.IncomingMedia;
import dev.tapedeck.bench.client.rtp.OutgoingStream;
import dev.tapedeck.bench.client.sdp.Answer.AnsweredMedia;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.HeaderExtension;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.sdp.SdpException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What offer and answer together mean for one m-line (RFC 3264 §7). */
final class Negotiation {
  private Negotiation() {}

  /** One stream, or one per simulcast layer that the answer accepts. */
  static List<OutgoingStream> outgoing(OfferedMedia offered, AnsweredMedia answered, RandomGenerator random)
      throws SdpException {
    Codec codec = acceptedCodec(offered, answered);
    Map<HeaderExtension, Integer> extensions = acceptedExtensions(offered, answered);
    List<String> rids = offered.rids().stream()
        .filter(rid -> answered.rids().isEmpty() || answered.rids().contains(rid))
        .toList();
    if (rids.isEmpty()) {
      int ssrc = offered.ssrc() != 0 ? offered.ssrc() : randomSsrc(random);
      int rtxSsrc = offered.rtxSsrc() != 0 ? offered.rtxSsrc() : randomSsrc(random);
      return List.of(new OutgoingStream(offered.mid(), "", ssrc, rtxSsrc, codec, extensions));
    }
    return rids.stream()
        .map(rid -> new OutgoingStream(
            offered.mid(), rid, randomSsrc(random), randomSsrc(random), codec, extensions))
        .toList();
  }

  private static int randomSsrc(RandomGenerator random) {
    return random.nextInt() | 1;
  }

  private static Codec acceptedCodec(OfferedMedia offered, AnsweredMedia answered) throws SdpException {
    for (Codec codec : offered.codecs()) {
      if (answered.payloadTypes().contains(codec.payloadType())) {
        boolean rtx = codec.hasRtx() && answered.payloadTypes().contains(codec.rtxPayloadType());
        return rtx ? codec : new Codec(codec.name(), codec.payloadType(), codec.clockRate(), codec.channels(),
            codec.fmtp(), Codec.NO_RTX);
      }
    }
    throw new SdpException("the answer accepts no codec of m-line " + offered.mid() + ", only payload types "
        + answered.payloadTypes());
  }

  private static Map<HeaderExtension, Integer> acceptedExtensions(OfferedMedia offered, AnsweredMedia answered) {
    Map<HeaderExtension, Integer> accepted = new EnumMap<>(HeaderExtension.class);
    for (HeaderExtension extension : offered.extensionIds().keySet()) {
      int id = answered.extensionId(extension);
      if (id > 0) {
        accepted.put(extension, id);
      }
    }
    return accepted;
  }

  static IncomingMedia incoming(OfferedMedia offered, AnsweredMedia answered) {
    Map<Integer, Integer> clockRates = new HashMap<>();
    Map<Integer, Integer> retransmissions = new HashMap<>();
    for (Codec codec : offered.codecs()) {
      if (answered.payloadTypes().contains(codec.payloadType())) {
        clockRates.put(codec.payloadType(), codec.clockRate());
        if (codec.hasRtx() && answered.payloadTypes().contains(codec.rtxPayloadType())) {
          retransmissions.put(codec.rtxPayloadType(), codec.payloadType());
        }
      }
    }
    return new IncomingMedia(offered.mid(), clockRates, retransmissions,
        answered.extensionId(HeaderExtension.MID), answered.extensionId(HeaderExtension.TRANSPORT_CC),
        !retransmissions.isEmpty());
  }
}
