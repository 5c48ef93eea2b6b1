package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects one m-line, attribute by attribute, into a {@link MediaDescription}. The same collector stands for the
 * session level, whose attributes then serve each m-line as defaults.
 */
final class MediaBuilder {
  static final String NO_CONNECTION = "IN IP4 0.0.0.0";

  String kind = "";
  int port;
  String protocol = "";
  final List<String> formats = new ArrayList<>();
  Optional<String> connection = Optional.empty();
  Optional<String> mid = Optional.empty();
  Optional<Direction> direction = Optional.empty();
  Optional<String> iceUfrag = Optional.empty();
  Optional<String> icePwd = Optional.empty();
  final List<String> iceOptions = new ArrayList<>();
  final List<Fingerprint> fingerprints = new ArrayList<>();
  Optional<Setup> setup = Optional.empty();
  final PayloadFormatBuilder codecs = new PayloadFormatBuilder();
  final List<ExtMap> extMaps = new ArrayList<>();
  boolean extMapAllowMixed;
  final List<Rid> rids = new ArrayList<>();
  Optional<Simulcast> simulcast = Optional.empty();
  Optional<Msid> msid = Optional.empty();
  final Map<Long, List<Attribute>> ssrcs = new LinkedHashMap<>();
  final List<SsrcGroup> ssrcGroups = new ArrayList<>();
  final List<IceCandidate> candidates = new ArrayList<>();
  boolean endOfCandidates;
  boolean rtcpMux;
  boolean rtcpRsize;
  boolean bundleOnly;
  final List<Attribute> others = new ArrayList<>();

  /** Reads the value of an {@code m=} line. */
  static MediaBuilder open(String value) {
    String[] words = Fields.words("m= is: media port protocol format ...", value, 4);
    MediaBuilder media = new MediaBuilder();
    media.kind = Fields.token("media type", words[0]);
    media.port = (int) Fields.number("port", words[1].split("/", 2)[0], 0, 65_535);
    media.protocol = words[2];
    media.formats.addAll(Arrays.asList(words).subList(3, words.length));
    if (media.isRtp()) {
      media.checkPayloadTypes();
    }
    return media;
  }

  private boolean isRtp() {
    return protocol.contains("RTP/");
  }

  private void checkPayloadTypes() {
    Set<Integer> seen = new HashSet<>();
    for (String format : formats) {
      if (!seen.add(Fields.payloadType(format))) {
        throw new SdpException("payload type " + format + " stands twice");
      }
    }
  }

  /** Takes one {@code a=} line. */
  void add(Attribute attribute) {
    String value = attribute.value();
    switch (attribute.name()) {
      case "mid" -> setMid(Fields.token("mid", value));
      case "sendrecv", "sendonly", "recvonly", "inactive" -> direction = Direction.of(attribute.name());
      case "ice-ufrag" -> iceUfrag = Optional.of(Fields.iceChars("ice-ufrag", value, 4));
      case "ice-pwd" -> icePwd = Optional.of(Fields.iceChars("ice-pwd", value, 22));
      case "ice-options" -> iceOptions.addAll(List.of(Fields.words("ice-options needs an option", value, 1)));
      case "fingerprint" -> fingerprints.add(fingerprint(value));
      case "setup" -> setup = Optional.of(Setup.of(value));
      case "extmap" -> addExtMap(ExtMap.parse(value));
      case "extmap-allow-mixed" -> extMapAllowMixed = true;
      case "rid" -> addRid(Rid.parse(value));
      case "simulcast" -> simulcast = Optional.of(Simulcast.parse(value));
      case "msid" -> msid = msid.or(() -> Optional.of(Msid.parse(value)));
      case "ssrc" -> addSsrc(value);
      case "ssrc-group" -> ssrcGroups.add(SsrcGroup.parse(value));
      case "candidate" -> candidates.add(IceCandidate.parse(value));
      case "end-of-candidates" -> endOfCandidates = true;
      case "rtcp-mux" -> rtcpMux = true;
      case "rtcp-rsize" -> rtcpRsize = true;
      case "bundle-only" -> bundleOnly = true;
      case "rtpmap", "fmtp", "rtcp-fb" -> addFormat(attribute);
      default -> others.add(attribute);
    }
  }

  private void setMid(String value) {
    if (mid.isPresent()) {
      throw new SdpException("the m-line has a mid already");
    }
    mid = Optional.of(value);
  }

  private void addFormat(Attribute attribute) {
    if (isRtp()) {
      codecs.add(attribute);
    } else {
      others.add(attribute);
    }
  }

  private static Fingerprint fingerprint(String value) {
    String[] words = Fields.words("fingerprint is: hash-function hex-pairs", value, 2);
    if (!words[1].matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*")) {
      throw new SdpException("fingerprint must be pairs of hex digits joined by colons");
    }
    return new Fingerprint(Fields.token("fingerprint hash function", words[0]), words[1]);
  }

  private void addExtMap(ExtMap added) {
    if (extMaps.stream().anyMatch(known -> known.id() == added.id())) {
      throw new SdpException("extmap id " + added.id() + " stands twice");
    }
    extMaps.add(added);
  }

  private void addRid(Rid added) {
    if (rids.stream().anyMatch(known -> known.id().equals(added.id()))) {
      throw new SdpException("rid " + added.id() + " stands twice");
    }
    rids.add(added);
  }

  private void addSsrc(String value) {
    String[] words = value.split("[ \t]+", 2);
    List<Attribute> attributes = ssrcs.computeIfAbsent(Fields.ssrc(words[0]), ssrc -> new ArrayList<>());
    if (words.length > 1) {
      int colon = words[1].indexOf(':');
      attributes.add(colon < 0
          ? new Attribute(words[1], "")
          : new Attribute(words[1].substring(0, colon), words[1].substring(colon + 1)));
    }
  }

  /** Fills in what the session level says for every m-line and this one leaves out. */
  void inherit(MediaBuilder session) {
    connection = connection.or(() -> session.connection);
    direction = direction.or(() -> session.direction);
    iceUfrag = iceUfrag.or(() -> session.iceUfrag);
    icePwd = icePwd.or(() -> session.icePwd);
    setup = setup.or(() -> session.setup);
    if (iceOptions.isEmpty()) {
      iceOptions.addAll(session.iceOptions);
    }
    if (fingerprints.isEmpty()) {
      fingerprints.addAll(session.fingerprints);
    }
    if (isRtp()) {
      extMapAllowMixed |= session.extMapAllowMixed;
      session.extMaps.stream()
          .filter(offered -> extMaps.stream().noneMatch(own -> own.id() == offered.id()))
          .forEach(extMaps::add);
    }
  }

  MediaDescription build() {
    List<SsrcDescription> sources = new ArrayList<>();
    ssrcs.forEach((ssrc, attributes) -> sources.add(new SsrcDescription(ssrc, attributes)));
    return new MediaDescription(kind, port, protocol, formats, connection.orElse(NO_CONNECTION), mid,
        direction.orElse(Direction.SENDRECV),
        new TransportDescription(iceUfrag, icePwd, iceOptions, fingerprints, setup),
        isRtp() ? codecs.build(formats) : List.of(), extMaps, extMapAllowMixed, rids, simulcast, msid, sources,
        ssrcGroups, candidates, endOfCandidates, rtcpMux, rtcpRsize, bundleOnly, others);
  }
}
