package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.sdp.NegotiatedMedia.RemoteSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the sources a publisher announces (RFC 5576): which repairs which, and which simulcast stream is which. */
final class RemoteSources {
  private RemoteSources() {}

  /**
   * @param rids simulcast streams in order. Firefox announces SSRCs beside them, in the same order; then source and
   *     stream are paired, so that no packet waits for its header extension
   */
  static List<RemoteSource> of(MediaDescription offered, List<String> rids) {
    Map<Long, Long> rtxOfSsrc = new HashMap<>();
    for (SsrcGroup group : offered.ssrcGroups()) {
      if (group.isRetransmissionPair()) {
        rtxOfSsrc.putIfAbsent(group.ssrcs().getFirst(), group.ssrcs().getLast());
      }
    }
    Set<Long> rtx = Set.copyOf(rtxOfSsrc.values());
    List<SsrcDescription> media = offered.ssrcs().stream()
        .filter(source -> !rtx.contains(source.ssrc()))
        .toList();
    boolean isPaired = !rids.isEmpty() && media.size() == rids.size();
    List<RemoteSource> sources = new ArrayList<>();
    for (int i = 0; i < media.size(); i++) {
      SsrcDescription source = media.get(i);
      sources.add(new RemoteSource(source.ssrc(), optional(rtxOfSsrc.get(source.ssrc())),
          isPaired ? Optional.of(rids.get(i)) : Optional.empty(), source.cname()));
    }
    return sources;
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
