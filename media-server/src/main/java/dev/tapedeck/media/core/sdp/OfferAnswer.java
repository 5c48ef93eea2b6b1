package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import dev.tapedeck.media.core.sdp.NegotiatedMedia.LocalSource;
import dev.tapedeck.protocol.codec.MediaKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers an offer (RFC 3264, RFC 9429 §5.3) as an ICE-lite, DTLS-passive server with one port: every m-line is
 * answered in its place, those that cannot be carried with port 0.
 */
public final class OfferAnswer {
  // RFC 9429 §5.1.2 asks for all of them: older clients write less than they mean.
  private static final Set<String> PROTOCOLS = Set.of("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "RTP/SAVP");
  private static final List<String> HASHES_BEST_FIRST = List.of("sha-256", "sha-384", "sha-512");

  private final SessionDescription offer;
  private final AnswerParams params;
  private final Optional<Negotiated> previous;
  private final Map<MediaKind, Integer> sentOfKind = new EnumMap<>(MediaKind.class);
  private final Map<Integer, HeaderExtension> extensionOfId = new TreeMap<>();

  private OfferAnswer(SessionDescription offer, AnswerParams params, Optional<Negotiated> previous) {
    this.offer = offer;
    this.params = params;
    this.previous = previous;
  }

  /** @throws SdpException if nothing in the offer can be accepted, or what every m-line needs is missing */
  public static Negotiated negotiate(SessionDescription offer, AnswerParams params) {
    return new OfferAnswer(offer, params, Optional.empty()).negotiate();
  }

  /**
   * Answers a later offer of the same session (RFC 3264 §8): m-lines that go on keep the sources we announced.
   *
   * @throws SdpException also if the offer is not one of this session
   */
  public static Negotiated renegotiate(SessionDescription offer, AnswerParams params, Negotiated previous) {
    return new OfferAnswer(offer, params, Optional.of(previous)).negotiate();
  }

  private Negotiated negotiate() {
    checkOffer();
    List<NegotiatedMedia> media = new ArrayList<>();
    for (int i = 0; i < offer.media().size(); i++) {
      media.add(negotiate(i, offer.media().get(i)));
    }
    checkAnythingFlows(media);

    TransportDescription remote = remoteTransport(media);
    checkSameClient(bestFingerprint(remote));
    return new Negotiated(answer(media), media, remote.iceUfrag().orElseThrow(), remote.icePwd().orElseThrow(),
        bestFingerprint(remote), remoteSctp(media));
  }

  private void checkOffer() {
    if (offer.media().isEmpty()) {
      throw new SdpException("the offer has no m-line; add a track or a transceiver before creating it");
    }
    if (offer.iceLite()) {
      throw new SdpException(
          "the offer says a=ice-lite; this server is ICE-lite itself, the client must be a full agent");
    }
    long transports = offer.media().stream().filter(line -> line.port() > 0).count();
    if (offer.bundle().isEmpty() && transports > 1) {
      throw new SdpException("the offer has " + transports + " m-lines and no a=group:BUNDLE; "
          + "this server has one port: use bundlePolicy \"max-bundle\"");
    }
    int linesBefore = previous.map(Negotiated::media).map(List::size).orElse(0);
    if (offer.media().size() < linesBefore) {
      throw new SdpException("the offer has " + offer.media().size() + " m-lines, the one before it " + linesBefore
          + "; m-lines are stopped, never removed");
    }
  }

  private void checkSameClient(Fingerprint fingerprint) {
    if (previous.isPresent() && !previous.get().remoteFingerprint().equals(fingerprint)) {
      throw new SdpException("the offer names another certificate than this session's; connect anew");
    }
  }

  private Optional<SctpDescription> remoteSctp(List<NegotiatedMedia> media) {
    return media.stream()
        .filter(NegotiatedMedia::isData)
        .findFirst()
        .flatMap(line -> SctpDescription.of(offer.media().get(line.index())));
  }

  private NegotiatedMedia negotiate(int index, MediaDescription offered) {
    if (params.sctp().isPresent() && SctpDescription.isMeantBy(offered)) {
      return negotiateData(index, offered);
    }
    List<PayloadFormat> codecs = offered.mediaKind()
        .map(kind -> FormatPolicy.accepted(offered, kind, role(offered)))
        .orElse(List.of());
    Optional<String> refusal = refusal(offered, codecs);
    if (refusal.isPresent()) {
      return NegotiatedMedia.rejected(index, offered, refusal.get());
    }
    if (!offered.rtcpMux()) {
      throw new SdpException("m-line " + index + " (" + offered.kind() + ") lacks a=rtcp-mux; this server has no port "
          + "for RTCP alone: use rtcpMuxPolicy \"require\"");
    }
    MediaKind kind = offered.mediaKind().orElseThrow();
    Direction direction = direction(offered);
    SimulcastAnswer simulcast = simulcast(offered, direction, codecs);
    List<String> rids = simulcast.rids().stream().map(Rid::id).toList();
    return new NegotiatedMedia(index, offered.mid().orElse(Integer.toString(index)), Optional.of(kind),
        Optional.empty(), direction, codecs, extensions(offered, kind), rids,
        direction.receives() ? RemoteSources.of(offered, rids) : List.of(),
        direction.sends() ? Optional.of(localSource(index, offered, kind, codecs)) : Optional.empty());
  }

  /** Of several m-lines for data channels the first one counts: there is one association (RFC 8841 §7). */
  private NegotiatedMedia negotiateData(int index, MediaDescription offered) {
    Optional<String> refusal = placeRefusal(offered)
        .or(() -> SctpDescription.of(offered).isEmpty() ? Optional.of("lacks a=sctp-port") : Optional.empty())
        .or(() -> hasDataBefore(index) ? Optional.of("data channels have an m-line already") : Optional.empty());
    return refusal.isPresent()
        ? NegotiatedMedia.rejected(index, offered, refusal.get())
        : NegotiatedMedia.data(index, offered);
  }

  private boolean hasDataBefore(int index) {
    return offer.media().stream().limit(index).anyMatch(SctpDescription::isMeantBy);
  }

  /** Why an m-line cannot be carried, whatever it is for. */
  private Optional<String> placeRefusal(MediaDescription offered) {
    boolean isBundled = offered.mid().filter(offer.bundle()::contains).isPresent();
    if (offered.port() == 0 && !(offered.bundleOnly() && isBundled)) {
      return Optional.of("stopped by the client");
    }
    if (!offer.bundle().isEmpty() && !isBundled) {
      return Optional.of("not in the BUNDLE group");
    }
    return Optional.empty();
  }

  private Optional<String> refusal(MediaDescription offered, List<PayloadFormat> codecs) {
    if (offered.mediaKind().isEmpty()) {
      return Optional.of(offered.kind() + " is not carried, only audio and video");
    }
    if (!PROTOCOLS.contains(offered.protocol())) {
      return Optional.of("protocol " + Fields.shown(offered.protocol()) + " is not UDP/TLS/RTP/SAVPF");
    }
    Optional<String> place = placeRefusal(offered);
    if (place.isEmpty() && codecs.isEmpty()) {
      return Optional.of("no codec of " + FormatPolicy.names(offered.mediaKind().get()));
    }
    return place;
  }

  /** What the client does on this m-line. */
  private Role role(MediaDescription offered) {
    if (params.role() != Role.MEET) {
      return params.role();
    }
    return offered.direction().sends() ? Role.PUBLISH : Role.WATCH;
  }

  /** A publisher only sends and a watcher only receives, whatever else it offers. */
  private Direction direction(MediaDescription offered) {
    return role(offered) == Role.PUBLISH
        ? offered.direction().sends() ? Direction.RECVONLY : Direction.INACTIVE
        : offered.direction().receives() ? Direction.SENDONLY : Direction.INACTIVE;
  }

  private static SimulcastAnswer simulcast(MediaDescription offered, Direction direction, List<PayloadFormat> codecs) {
    return direction.receives() ? SimulcastAnswer.to(offered, codecs) : SimulcastAnswer.NONE;
  }

  /** Extensions both sides know, each only if it flows the way the media flows (RFC 8285 §7). */
  private SortedMap<Integer, HeaderExtension> extensions(MediaDescription offered, MediaKind kind) {
    SortedMap<Integer, HeaderExtension> accepted = new TreeMap<>();
    for (ExtMap extMap : offered.extMaps()) {
      HeaderExtension.of(extMap.uri())
          .filter(extension -> extension.isFor(kind, role(offered)))
          .filter(extension -> extMap.isUsable() && flows(extMap, role(offered)) && !accepted.containsValue(extension))
          .ifPresent(extension -> {
            checkSameInBundle(extMap.id(), extension);
            accepted.put(extMap.id(), extension);
          });
    }
    return accepted;
  }

  private static boolean flows(ExtMap extMap, Role role) {
    Direction offered = extMap.direction().orElse(Direction.SENDRECV);
    return role == Role.PUBLISH ? offered.sends() : offered.receives();
  }

  /** The mid is read before the m-line is known, so within a bundle a number means one thing (RFC 9143 §14). */
  private void checkSameInBundle(int id, HeaderExtension extension) {
    HeaderExtension known = extensionOfId.putIfAbsent(id, extension);
    if (known != null && known != extension) {
      throw new SdpException("extmap id " + id + " is " + known.uri() + " in one m-line and " + extension.uri()
          + " in another of the same bundle");
    }
  }

  /**
   * The n-th audio and the n-th video m-line share a stream, so that a slot's sound and picture stay together in the
   * browser.
   */
  private LocalSource localSource(int index, MediaDescription offered, MediaKind kind, List<PayloadFormat> codecs) {
    int place = sentOfKind.merge(kind, 1, Integer::sum) - 1;
    boolean hasRtx = codecs.stream().anyMatch(codec -> codec.rtxPayloadType().isPresent());
    Optional<LocalSource> announced = previous
        .filter(before -> index < before.media().size())
        .map(before -> before.media().get(index))
        .filter(before -> offered.mid().filter(before.mid()::equals).isPresent() && before.kind().equals(Optional.of(kind)))
        .flatMap(NegotiatedMedia::local)
        .filter(source -> source.rtxSsrc().isPresent() == hasRtx);
    if (announced.isPresent()) {
      return announced.get();
    }
    String track = kind.sdpName() + "-" + index;
    long ssrc = params.ssrcs().getAsLong();
    return new LocalSource(ssrc, hasRtx ? OptionalLong.of(params.ssrcs().getAsLong()) : OptionalLong.empty(),
        new Msid(params.cname() + "-" + place, track));
  }

  private void checkAnythingFlows(List<NegotiatedMedia> media) {
    if (media.stream().allMatch(NegotiatedMedia::isRejected)) {
      throw new SdpException("nothing in the offer can be accepted: " + media.stream()
          .map(line -> "m-line " + line.index() + " (" + offer.media().get(line.index()).kind() + "): "
              + line.refusal().orElseThrow())
          .collect(Collectors.joining("; ")));
    }
    if (params.role() != Role.MEET && media.stream().allMatch(line -> line.direction() == Direction.INACTIVE)) {
      throw new SdpException(params.role() == Role.PUBLISH
          ? "the offer sends nothing; a publisher offers sendonly or sendrecv m-lines"
          : "the offer receives nothing; a watcher offers recvonly or sendrecv m-lines");
    }
  }

  /**
   * ICE and DTLS parameters of the whole bundle: those of its first m-line, or of the first accepted one that has any
   * (RFC 9143 §7.2.1).
   */
  private TransportDescription remoteTransport(List<NegotiatedMedia> media) {
    TransportDescription transport = IntStream.range(0, media.size())
        .filter(i -> isOffererTagged(i) || !media.get(i).isRejected())
        .mapToObj(i -> offer.media().get(i).transport())
        .filter(candidate -> candidate.iceUfrag().isPresent())
        .findFirst()
        .orElseThrow(() -> new SdpException("the offer has no a=ice-ufrag; it is needed to recognise the client"));
    if (transport.icePwd().isEmpty()) {
      throw new SdpException("the offer has a=ice-ufrag but no a=ice-pwd beside it");
    }
    if (transport.setup().filter(setup -> setup == Setup.PASSIVE || setup == Setup.HOLDCONN).isPresent()) {
      throw new SdpException("the offer says a=setup:" + transport.setup().get()
          + "; this server is the DTLS server: offer actpass or active");
    }
    return transport;
  }

  private boolean isOffererTagged(int index) {
    return !offer.bundle().isEmpty()
        && offer.media().get(index).mid().filter(offer.bundle().getFirst()::equals).isPresent();
  }

  private static Fingerprint bestFingerprint(TransportDescription remote) {
    if (remote.fingerprints().isEmpty()) {
      throw new SdpException("the offer has no a=fingerprint; media is only carried over DTLS-SRTP");
    }
    return HASHES_BEST_FIRST.stream()
        .flatMap(hash -> remote.fingerprints().stream().filter(fingerprint -> fingerprint.algorithm().equals(hash)))
        .findFirst()
        .orElseThrow(() -> new SdpException("the offer has no a=fingerprint by sha-256, sha-384 or sha-512"));
  }

  private SessionDescription answer(List<NegotiatedMedia> media) {
    List<MediaDescription> lines = new ArrayList<>();
    boolean isFirst = true;
    for (NegotiatedMedia line : media) {
      MediaDescription offered = offer.media().get(line.index());
      lines.add(answerTo(line, offered, isFirst));
      isFirst &= line.isRejected();
    }
    Set<String> accepted = media.stream()
        .filter(line -> !line.isRejected())
        .map(NegotiatedMedia::mid)
        .collect(Collectors.toSet());
    Origin origin = new Origin("-", Long.toString(params.sessionId()), Long.toString(params.sessionVersion()),
        "IN IP4 127.0.0.1");
    return new SessionDescription(
        origin, "-", offer.bundle().stream().filter(accepted::contains).toList(), true, List.of(), lines);
  }

  private MediaDescription answerTo(NegotiatedMedia media, MediaDescription offered, boolean isFirst) {
    if (media.isRejected()) {
      return rejected(offered);
    }
    return media.isData() ? acceptedData(offered, isFirst) : accepted(media, offered, isFirst);
  }

  private MediaDescription acceptedData(MediaDescription offered, boolean isFirst) {
    MediaBuilder line = answerLine(offered);
    answerTransport(line, offered, isFirst);
    params.sctp().orElseThrow().announce(line);
    return line.build();
  }

  private static MediaDescription rejected(MediaDescription offered) {
    MediaBuilder line = answerLine(offered);
    line.formats.addAll(offered.formats());
    line.direction = Optional.of(Direction.INACTIVE);
    return line.build();
  }

  private MediaDescription accepted(NegotiatedMedia media, MediaDescription offered, boolean isFirst) {
    MediaBuilder line = answerLine(offered);
    line.direction = Optional.of(media.direction());
    line.rtcpMux = true;
    line.rtcpRsize = offered.rtcpRsize();
    line.extMapAllowMixed = offered.extMapAllowMixed();
    answerTransport(line, offered, isFirst);
    answerFormats(line, media);
    answerExtensions(line, media, offered);
    SimulcastAnswer simulcast = simulcast(offered, media.direction(), media.codecs());
    line.rids.addAll(simulcast.rids());
    line.simulcast = simulcast.simulcast();
    media.local().ifPresent(local -> announce(line, local));
    return line.build();
  }

  private static MediaBuilder answerLine(MediaDescription offered) {
    MediaBuilder line = new MediaBuilder();
    line.kind = offered.kind();
    line.protocol = offered.protocol();
    line.mid = offered.mid();
    return line;
  }

  /** The preferred candidate is the default destination of all; the list of candidates stands in the first m-line. */
  private void answerTransport(MediaBuilder line, MediaDescription offered, boolean isFirst) {
    IceCandidate preferred = params.candidates().getFirst();
    line.port = preferred.port();
    line.connection = Optional.of((preferred.isIpv6() ? "IN IP6 " : "IN IP4 ") + preferred.address());
    line.iceUfrag = Optional.of(params.ice().ufrag());
    line.icePwd = Optional.of(params.ice().pwd());
    line.fingerprints.add(params.fingerprint());
    line.setup = Optional.of(Setup.PASSIVE);
    if (offered.transport().iceOptions().contains("trickle")) {
      line.iceOptions.add("trickle");
    }
    if (isFirst) {
      line.candidates.addAll(params.candidates());
      line.endOfCandidates = true;
    }
  }

  private static void answerFormats(MediaBuilder line, NegotiatedMedia media) {
    for (PayloadFormat codec : media.codecs()) {
      line.formats.add(Integer.toString(codec.payloadType()));
      codec.rtxPayloadType().ifPresent(rtx -> line.formats.add(Integer.toString(rtx)));
      line.codecs.add(codec);
    }
  }

  private static void answerExtensions(MediaBuilder line, NegotiatedMedia media, MediaDescription offered) {
    offered.extMaps().stream()
        .filter(extMap -> media.extensions().containsKey(extMap.id()))
        .map(extMap -> new ExtMap(extMap.id(), extMap.direction().map(Direction::reversed), extMap.uri(), ""))
        .forEach(line.extMaps::add);
  }

  private void announce(MediaBuilder line, LocalSource local) {
    line.msid = Optional.of(local.msid());
    line.ssrcs.put(local.ssrc(), sourceAttributes(local));
    local.rtxSsrc().ifPresent(rtx -> {
      line.ssrcs.put(rtx, sourceAttributes(local));
      line.ssrcGroups.add(new SsrcGroup(SsrcGroup.FID, List.of(local.ssrc(), rtx)));
    });
  }

  private List<Attribute> sourceAttributes(LocalSource local) {
    return List.of(new Attribute("cname", params.cname()), new Attribute("msid", local.msid().toString()));
  }
}
