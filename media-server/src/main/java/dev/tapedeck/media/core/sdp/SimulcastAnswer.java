package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers what a publisher says of simulcast (RFC 8853 §5.3, RFC 8851 §6.2): all its streams are wanted, each in its
 * first alternative, and paused at first where the publisher offers it so.
 *
 * @param rids      answered, in the publisher's order of preference
 * @param simulcast empty when the offer has no streams to choose from
 */
record SimulcastAnswer(List<Rid> rids, Optional<Simulcast> simulcast) {
  /** Most streams of one picture; those the publisher prefers least are left out. */
  static final int MAX_STREAMS = 4;

  static final SimulcastAnswer NONE = new SimulcastAnswer(List.of(), Optional.empty());

  static SimulcastAnswer to(MediaDescription offered, List<PayloadFormat> accepted) {
    Set<String> payloadTypes = accepted.stream()
        .map(codec -> Integer.toString(codec.payloadType()))
        .collect(Collectors.toSet());
    Map<String, Rid> usable = new LinkedHashMap<>();
    offered.rids().stream()
        .filter(rid -> rid.direction() == Direction.SENDONLY)
        .flatMap(rid -> answered(rid, payloadTypes).stream())
        .forEach(rid -> usable.put(rid.id(), rid));
    List<List<Simulcast.Stream>> sent = offered.simulcast().map(Simulcast::send).orElse(List.of());
    if (sent.isEmpty()) {
      return new SimulcastAnswer(usable.values().stream().limit(MAX_STREAMS).toList(), Optional.empty());
    }
    Map<String, Simulcast.Stream> chosen = new LinkedHashMap<>();
    sent.stream()
        .flatMap(alternatives -> alternatives.stream().filter(stream -> usable.containsKey(stream.rid())).limit(1))
        .forEach(stream -> chosen.putIfAbsent(stream.rid(), stream));
    List<Simulcast.Stream> wanted = chosen.values().stream().limit(MAX_STREAMS).toList();
    return new SimulcastAnswer(wanted.stream().map(stream -> usable.get(stream.rid())).toList(),
        wanted.isEmpty() ? Optional.empty() : Optional.of(received(wanted)));
  }

  // Only streams that the offer paused may be paused in the answer (RFC 8853 §5.2); all that are not flow at once.
  private static Simulcast received(List<Simulcast.Stream> streams) {
    return new Simulcast(List.of(), streams.stream().map(List::of).toList());
  }

  /** The rid seen from our side, or empty when it is restricted to payload types that were not accepted. */
  private static Optional<Rid> answered(Rid offered, Set<String> payloadTypes) {
    List<String> restrictions = new ArrayList<>();
    for (String restriction : offered.restrictions().split(";")) {
      if (restriction.startsWith("pt=")) {
        String kept = Arrays.stream(restriction.substring("pt=".length()).split(","))
            .filter(payloadTypes::contains)
            .collect(Collectors.joining(","));
        if (kept.isEmpty()) {
          return Optional.empty();
        }
        restrictions.add("pt=" + kept);
      } else if (!restriction.isBlank()) {
        restrictions.add(restriction);
      }
    }
    return Optional.of(new Rid(offered.id(), offered.direction().reversed(), String.join(";", restrictions)));
  }
}
