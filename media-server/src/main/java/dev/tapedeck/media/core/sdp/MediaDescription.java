package dev.tapedeck.media.core.sdp;

import dev.tapedeck.protocol.codec.MediaKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One m-line and what belongs to it (RFC 8866 §5.14). What a description says once for all m-lines (direction, ICE,
 * DTLS, header extensions) is already filled in here.
 *
 * @param kind         media type as written: {@code audio}, {@code video}, {@code application}
 * @param port         0..65535; 0 means rejected or, with {@code bundleOnly}, no port of its own
 * @param formats      as written after the protocol: payload types for RTP, else names
 * @param connection   value of the {@code c=} line
 * @param codecs       in the order of {@code formats}, retransmission formats folded into those they repair
 * @param ssrcs        in order of first mention
 * @param endOfCandidates whether {@code a=end-of-candidates} is there
 * @param others       attributes kept as they are
 */
public record MediaDescription(
    String kind,
    int port,
    String protocol,
    List<String> formats,
    String connection,
    Optional<String> mid,
    Direction direction,
    TransportDescription transport,
    List<PayloadFormat> codecs,
    List<ExtMap> extMaps,
    boolean extMapAllowMixed,
    List<Rid> rids,
    Optional<Simulcast> simulcast,
    Optional<Msid> msid,
    List<SsrcDescription> ssrcs,
    List<SsrcGroup> ssrcGroups,
    List<IceCandidate> candidates,
    boolean endOfCandidates,
    boolean rtcpMux,
    boolean rtcpRsize,
    boolean bundleOnly,
    List<Attribute> others) {
  public MediaDescription {
    formats = List.copyOf(formats);
    codecs = List.copyOf(codecs);
    extMaps = List.copyOf(extMaps);
    rids = List.copyOf(rids);
    ssrcs = List.copyOf(ssrcs);
    ssrcGroups = List.copyOf(ssrcGroups);
    candidates = List.copyOf(candidates);
    others = List.copyOf(others);
  }

  /** Audio or video; empty for an m-line that carries something else. */
  public Optional<MediaKind> mediaKind() {
    return Arrays.stream(MediaKind.values()).filter(known -> known.sdpName().equals(kind)).findFirst();
  }

  /** Whether the m-line carries RTP, by its protocol. */
  public boolean isRtp() {
    return protocol.contains("RTP/");
  }
}
