package dev.tapedeck.protocol.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L18, and the trap "metadata must be rebuildable from chunks": what a manifest says that is made from chunks alone. */
class ManifestRebuildTest {
  private static final ChunkHeader HEADER = new ChunkHeader(4_294_967_300L, 4_294_967_301L, 0, 7, 4_294_967_299L,
      1_000_000_000L, "acme", "room", "ann", ChunkEncryption.NONE);
  private static final GapEntry REQUESTED = new GapEntry(1, 1000, 1500, GapEntry.SHED, 4, true);
  private static final GapEntry FORCED = new GapEntry(1, 1600, 1700, GapEntry.SHED, 2);

  /** D-13: a shed that the policy audio-first asked for leaves a recording complete, also when it is rebuilt. */
  @Test
  void keepsThatAShedWasRequested() throws Exception {
    Manifest rebuilt = rebuild(REQUESTED);

    assertThat(rebuilt.gaps()).singleElement().satisfies(gap -> assertThat(gap.requested()).isTrue());
    assertThat(rebuilt.verdict()).isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void isPartialByAShedThatNobodyAskedFor() throws Exception {
    Manifest rebuilt = rebuild(REQUESTED, FORCED);

    assertThat(rebuilt.gaps()).extracting(Manifest.Gap::requested).containsExactly(true, false);
    assertThat(rebuilt.verdict()).isEqualTo(Verdict.PARTIAL);
  }

  /** Who was there and not taped is an interval: the room events of the others' tapes tell it. */
  @Test
  void namesWhoWasNotToBeTaped() throws Exception {
    Manifest rebuilt = rebuild(List.of(
        RoomEventEntry.joined(900, "bob", 5, false), // who is there already is told to each tape that begins
        RoomEventEntry.joined(1000, "bob", 5, false),
        RoomEventEntry.joined(1000, "ann", 6, true),
        RoomEventEntry.joined(1200, "cid", 7, false),
        RoomEventEntry.left(1500, "bob", 5, "left"),
        RoomEventEntry.joined(1700, "cid", 7, true), // a recording of everybody began
        RoomEventEntry.joined(1800, "dan", 8, false)));

    assertThat(rebuilt.intervals()).extracting(interval -> interval.kind() + " " + interval.peer() + " "
        + interval.from().toEpochMilli() + "-" + interval.to().toEpochMilli())
        .containsExactly("excluded bob 1000-1500", "excluded cid 1200-1700", "excluded dan 1800-2000");
    assertThat(rebuilt.verdict()).isEqualTo(Verdict.COMPLETE);
  }

  private static Manifest rebuild(GapEntry... gaps) throws Exception {
    return rebuild(List.of(), gaps);
  }

  /** Of a tape of one second, from 1000 ms on. */
  private static Manifest rebuild(List<RoomEventEntry> events, GapEntry... gaps) throws Exception {
    ChunkSamples samples = new ChunkSamples(HEADER);
    samples.clock(0, 1_000_000_000L);
    samples.track(1, 0, ChunkSamples.video());
    samples.rtp(1, 0, 1, ChunkSamples.packet(96, 1, 0, 1, 20));
    for (GapEntry gap : gaps) {
      samples.gap(2, gap);
    }
    events.forEach(event -> samples.roomEvent(3, new String(event.toJson(), UTF_8)));
    byte[] chunk = samples.seal(1_000_000_000L);
    SessionTally tally = new SessionTally();
    tally.nextChunk();
    ChunkReader reader = ChunkReader.of(chunk);
    while (reader.next()) {
      tally.entry(reader.entry());
    }
    SessionRebuild session = new SessionRebuild(reader.header().orElseThrow(), tally);
    session.chunk("ann/0.tdc", 0, reader.state(), chunk.length, reader.packets(), ManifestJson.sha256(chunk));
    return ManifestRebuild.of(List.of(session));
  }
}
