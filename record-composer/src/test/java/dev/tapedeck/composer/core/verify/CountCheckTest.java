package dev.tapedeck.composer.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.rebuild.SessionTally;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** D-1: a gap explains what can have been lost within it, and nothing else. One packet every 100 ms, number n at n x 100 ms. */
class CountCheckTest {
  private static final long SESSION = 4_294_967_301L;
  private static final int SENT = 600;

  private final List<Integer> taped = new ArrayList<>(IntStream.range(0, SENT).boxed().toList());
  private final List<Manifest.Gap> gaps = new ArrayList<>();
  private long received = SENT;
  private long lost;
  private long unwanted;

  @Test
  void isContentWithAWholeTape() {
    assertThat(check()).isEmpty();
  }

  @Test
  void isContentWithWhatTheNetworkLost() {
    drop(100, 110);
    received = SENT - 10;
    lost = 10;

    assertThat(check()).isEmpty();
  }

  @Test
  void missesWhatNoGapNames() {
    drop(100, 110);

    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail()).contains("10 packets"));
  }

  /** A gap that knows its size explains as many, wherever they are. */
  @Test
  void countsAgainstAGapOfKnownSize() {
    drop(100, 110);
    gap(0, 60_000, 9);
    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail()).contains("10 packets"));
    gap(0, 60_000, 1);
    assertThat(check()).isEmpty();
  }

  @Test
  void isContentWithALossInsideAGapOfUnknownSize() {
    drop(100, 110);
    gap(9_900, 11_000, 0);

    assertThat(check()).isEmpty();
  }

  @Test
  void missesALossOutsideAGapOfUnknownSize() {
    drop(100, 110);
    gap(30_000, 40_000, 0);

    assertThat(check()).isNotEmpty().allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.UNNAMED_LOSS));
  }

  @Test
  void missesASecondLossBesideTheOneAGapExplains() {
    drop(100, 110);
    drop(300, 350);
    gap(29_000, 36_000, 0);

    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail()).contains("10 packets"));
  }

  @Test
  void missesAnEndThatNoGapReaches() {
    drop(300, 350);
    drop(500, SENT);
    gap(29_000, 36_000, 0);

    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail())
        .contains("from 1970-01-01T00:00:49.900Z to 1970-01-01T00:00:59.900Z"));
  }

  @Test
  void isContentWithAnEndThatAGapReaches() {
    drop(500, SENT);
    gap(49_900, 70_000, 0);

    assertThat(check()).isEmpty();
  }

  /** Crash in the middle of a tape that nobody tells more of: what reception counted came before, and has to be there. */
  @Test
  void isNotTalkedOutOfALossByACrashAfterTheEnd() {
    drop(100, 110);
    gap(59_900, 90_000, 0);

    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail()).contains("10 packets"));
  }

  /** D-18: a packet that is missed at one time may come seconds later, and be lost then. */
  @Test
  void isContentWithALateRepairThatWentDownWithTheGap() {
    drop(100, 110);
    drop(150, 160);
    gap(14_900, 16_000, 0);

    assertThat(check()).isEmpty();
  }

  /** D-13: with record_layers top, what is below the top layer is received and not taped. */
  @Test
  void isContentWithWhatThePolicyDidNotWant() {
    drop(100, 200);
    unwanted = 100;
    assertThat(check()).isEmpty();

    drop(300, 301);
    assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.detail()).contains("1 packets"));
  }

  private void drop(int from, int to) {
    taped.removeIf(number -> number >= from && number < to);
  }

  private void gap(long fromMs, long toMs, long packets) {
    gaps.add(new Manifest.Gap("ann", SESSION, 0, at(fromMs), at(toMs), "crash", packets, false));
  }

  private List<Finding> check() {
    Manifest.Reception reception = new Manifest.Reception(SENT, received, 0, lost, 0, 0, Optional.of(at(0)),
        Optional.of(at(SENT * 100 - 100)), Optional.of(new Manifest.Causes(0, 0, 0, 0, 0, 0, 0, unwanted)));
    Manifest.Track track = new Manifest.Track(1, "audio", "0", "", "audio", "opus", 111, 48_000, 2, "", 1, 0, Map.of(),
        reception, Optional.empty());
    Manifest.Session session = new Manifest.Session("ann", SESSION, 1, at(0), at(SENT * 100), "left", Optional.empty(),
        List.of(track), List.of(), taped.size(), Optional.empty());
    return CountCheck.check(session, gaps, tally());
  }

  private SessionTally tally() {
    ChunkSamples samples = new ChunkSamples(new ChunkHeader(4_294_967_300L, SESSION, 0, 1, 7, 0, "acme", "room", "ann",
        ChunkEncryption.NONE));
    samples.clock(0, 0);
    samples.track(1, 0, ChunkSamples.audio());
    taped.forEach(number -> samples.rtp(1, 0, number * 100_000_000L, ChunkSamples.packet(111, number, number * 4800L, 1, 9)));
    SessionTally tally = new SessionTally();
    tally.nextChunk();
    try (ChunkReader reader = ChunkReader.of(samples.seal(SENT * 100_000_000L))) {
      while (reader.next()) {
        tally.entry(reader.entry());
      }
      return tally;
    } catch (IOException e) {
      throw new AssertionError("a chunk in memory is read without trouble", e);
    }
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
