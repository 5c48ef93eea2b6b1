package dev.tapedeck.composer.core.verify;

import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.rebuild.SessionTally;
import dev.tapedeck.protocol.rebuild.TrackTally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether every packet that reached a session's tape is on it, or in a gap. Reception counts what reached the tape and what
 * the network lost; sequence numbers on the tape must leave no more open than that.
 */
public final class CountCheck {
  private CountCheck() {}

  /**
   * What is missing and has no name, and what stands twice.
   *
   * @param gaps  all of the recording
   * @param tally of all chunks of this session
   */
  public static List<Finding> check(Manifest.Session session, List<Manifest.Gap> gaps, SessionTally tally) {
    List<Finding> findings = new ArrayList<>();
    String name = session.peer() + "/" + session.session();
    Map<Integer, TrackTally.Counts> onTape = new HashMap<>();
    for (TrackTally track : tally.tracks()) {
      TrackTally.Counts counts = track.counts();
      onTape.put(track.number(), counts);
      if (counts.duplicates() > 0) {
        findings.add(new Finding(Kind.DUPLICATE, name, counts.duplicates() + " packets of track " + track.number()
            + " stand twice"));
      }
    }
    List<Manifest.Gap> own = gaps.stream()
        .filter(gap -> gap.peer().equals(session.peer()) && gap.session() == session.session()).toList();
    if (own.stream().noneMatch(gap -> gap.track() == 0 && gap.packets() == 0)) {
      unnamed(session, own, onTape, name, findings);
    }
    return findings;
  }

  private static void unnamed(Manifest.Session session, List<Manifest.Gap> gaps,
      Map<Integer, TrackTally.Counts> onTape, String name, List<Finding> findings) {
    long shared = gaps.stream().filter(gap -> gap.track() == 0).mapToLong(Manifest.Gap::packets).sum();
    for (Manifest.Track track : session.tracks()) {
      TrackTally.Counts counts = onTape.getOrDefault(track.number(), new TrackTally.Counts(0, 0, 0, 0));
      long missing = Math.max(track.reception().received() - counts.distinct(),
          counts.absent() - track.reception().lost());
      List<Manifest.Gap> own = gaps.stream().filter(gap -> gap.track() == track.number()).toList();
      boolean isUnknown = own.stream().anyMatch(gap -> gap.packets() == 0);
      long unnamed = isUnknown ? 0 : missing - own.stream().mapToLong(Manifest.Gap::packets).sum();
      if (unnamed > shared) {
        findings.add(new Finding(Kind.UNNAMED_LOSS, name, "track " + track.number() + ": " + unnamed
            + " packets are neither on the tape nor in a gap; " + track.reception().received() + " reached it, "
            + counts.distinct() + " are on it"));
      }
      shared -= Math.clamp(unnamed, 0, shared);
    }
  }
}
