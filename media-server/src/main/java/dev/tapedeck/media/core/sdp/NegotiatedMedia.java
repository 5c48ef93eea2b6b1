package dev.tapedeck.media.core.sdp;

import dev.tapedeck.protocol.codec.MediaKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One m-line as both sides see it now.
 *
 * @param index      place in the description, from 0
 * @param mid        as offered; the index where the offer names none
 * @param kind       audio or video; empty for an m-line of something else: data channels, or it is rejected
 * @param refusal    why the m-line was rejected; empty for an accepted one. A rejected one has nothing below
 * @param direction  ours: {@link Direction#RECVONLY} from a publisher, {@link Direction#SENDONLY} to a watcher,
 *                   {@link Direction#INACTIVE} when nothing can flow
 * @param codecs     accepted, in the order and with the payload types of the offer
 * @param extensions accepted, by the number the offer gives them
 * @param rids       stream ids in the publisher's order of preference, empty without
 * @param remote     sources the publisher announces, empty when it announces none
 * @param local      what we announce to a watcher
 */
public record NegotiatedMedia(
    int index,
    String mid,
    Optional<MediaKind> kind,
    Optional<String> refusal,
    Direction direction,
    List<PayloadFormat> codecs,
    SortedMap<Integer, HeaderExtension> extensions,
    List<String> rids,
    List<RemoteSource> remote,
    Optional<LocalSource> local) {
  public NegotiatedMedia {
    codecs = List.copyOf(codecs);
    extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
    rids = List.copyOf(rids);
    remote = List.copyOf(remote);
  }

  /**
   * A source the publisher announces.
   *
   * @param ssrc    0..2^32-1
   * @param rtxSsrc carries its retransmissions
   * @param rid     its simulcast stream, where the offer lets one tell
   * @param cname   empty when not told
   */
  public record RemoteSource(long ssrc, OptionalLong rtxSsrc, Optional<String> rid, String cname) {}

  /**
   * A source of ours, announced so that the browser fires {@code track} before the first packet.
   *
   * @param rtxSsrc present where a codec with retransmission was accepted
   */
  public record LocalSource(long ssrc, OptionalLong rtxSsrc, Msid msid) {}

  static NegotiatedMedia rejected(int index, MediaDescription offered, String refusal) {
    return new NegotiatedMedia(index, offered.mid().orElse(Integer.toString(index)), offered.mediaKind(),
        Optional.of(refusal), Direction.INACTIVE, List.of(), new TreeMap<>(), List.of(), List.of(), Optional.empty());
  }

  static NegotiatedMedia data(int index, MediaDescription offered) {
    return new NegotiatedMedia(index, offered.mid().orElse(Integer.toString(index)), Optional.empty(),
        Optional.empty(), Direction.SENDRECV, List.of(), new TreeMap<>(), List.of(), List.of(), Optional.empty());
  }

  /** Whether this m-line is that of the data channels, accepted. */
  public boolean isData() {
    return kind.isEmpty() && !isRejected();
  }

  public boolean isVideo() {
    return kind.filter(MediaKind.VIDEO::equals).isPresent();
  }

  public boolean isRejected() {
    return refusal.isPresent();
  }

  /** Whether several streams of one picture were agreed on. */
  public boolean isSimulcast() {
    return rids.size() > 1;
  }

  /** The number this m-line gives an extension; empty when it is not in use. */
  public OptionalInt extensionId(HeaderExtension extension) {
    return extensions.entrySet().stream()
        .filter(entry -> entry.getValue() == extension)
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  /** The first accepted codec that decodes what {@code published} describes. */
  public Optional<PayloadFormat> codecFor(PayloadFormat published) {
    return codecs.stream().filter(published::matches).findFirst();
  }
}
