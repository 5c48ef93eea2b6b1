package dev.tapedeck.protocol.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.GapEntry;
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

  private static Manifest rebuild(GapEntry... gaps) throws Exception {
    ChunkSamples samples = new ChunkSamples(HEADER);
    samples.clock(0, 1_000_000_000L);
    samples.track(1, 0, ChunkSamples.video());
    samples.rtp(1, 0, 1, ChunkSamples.packet(96, 1, 0, 1, 20));
    for (GapEntry gap : gaps) {
      samples.gap(2, gap);
    }
    byte[] chunk = samples.seal(3);
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
