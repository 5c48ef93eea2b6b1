package dev.tapedeck.connector.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChunkLedgerTest {
  @Test
  void isEmptyWithoutATape() {
    assertJudged(Verdict.EMPTY, true);
  }

  @Test
  void isEmptyWhenNoPacketWasTaped() {
    assertJudged(Verdict.EMPTY, true, tape(closed(0, 0)));
  }

  @Test
  void isCompleteWhenEveryPromiseIsKept() {
    assertJudged(Verdict.COMPLETE, true, tape(closed(2, 20), kept(0), kept(1)), tape(closed(1, 10), kept(0)));
  }

  @Test
  void namesAChunkThatWasNotStored() {
    assertJudged(Verdict.PARTIAL, false, List.of("upload 1000-2000 10"), tape(closed(2, 20), kept(0), open(1)));
  }

  @Test
  void namesChunksThatWereNeverPromised() {
    assertJudged(Verdict.PARTIAL, false, List.of("crash 1000-2000 0", "crash 3000-9000 0"),
        tape(closed(5, 50), kept(0), kept(2)));
  }

  @Test
  void namesPacketsThatAreInNoChunk() {
    assertJudged(Verdict.PARTIAL, true, List.of("queue 0-9000 3"), tape(closed(1, 13), kept(0)));
  }

  /** D-1: what was shed was never counted as taped, so it hides nothing that was, not even where it was asked for. */
  @Test
  void namesPacketsThatAreInNoChunkBesideThoseThatWereShed() {
    TapeClosed.Builder closed = closed(1, 13).addGaps(Gap.newBuilder().setTrack(2).setFromMs(5).setToMs(6)
        .setCause("shed").setPackets(500).setRequested(true));

    assertJudged(Verdict.PARTIAL, true, List.of("shed 5-6 500", "queue 0-9000 3"), tape(closed, kept(0)));
    assertJudged(Verdict.COMPLETE, true, List.of("shed 5-6 500"), tape(closed.setPackets(10), kept(0)));
  }

  @Test
  void takesOverTheGapsThatTheNodeNamed() {
    TapeClosed.Builder closed = closed(1, 13)
        .addGaps(Gap.newBuilder().setTrack(2).setFromMs(5).setToMs(6).setCause("disk").setPackets(3));

    assertJudged(Verdict.PARTIAL, true, List.of("disk 5-6 3"), tape(closed, kept(0)));
  }

  @Test
  void endsWhereKnowledgeEndsWhenTheNodeDied() {
    assertJudged(Verdict.PARTIAL, false, List.of("crash 1000-2000 10", "crash 2000-2000 0"),
        new Tape("p", 1, 7, 0, List.of(kept(0), open(1)), Optional.empty()));
  }

  /** D-1: a tape is told of with its first slab, a little after its first packet, which lies in the gap all the same. */
  @Test
  void takesInWhatCameBeforeATapeWasToldOf() {
    assertJudged(Verdict.PARTIAL, false, List.of("crash 3000-5000 0"),
        new Tape("p", 1, 7, 5000, List.of(), Optional.empty()));
    assertJudged(Verdict.PARTIAL, false, List.of("crash 3000-6000 0", "crash 7000-7000 0"),
        new Tape("p", 1, 7, 5000, List.of(kept(6)), Optional.empty()));
  }

  /** D-1: what was missing before a media server died is known of the chunks it promised, kept or not. */
  @Test
  void namesWhatTheChunksMissWhenNoCloseCame() {
    Gap gap = Gap.newBuilder().setFromMs(5).setToMs(900).setCause("queue").setPackets(3).build();
    Promise told = new Promise(0, "k", 900, 1000, 5, 10, "00", Promise.State.VERIFIED, List.of(gap));

    assertJudged(Verdict.PARTIAL, false, List.of("queue 5-900 3", "crash 1000-1000 0"),
        new Tape("p", 1, 7, 0, List.of(told), Optional.empty()));
    assertJudged(Verdict.PARTIAL, true, List.of("queue 5-900 3"), tape(closed(1, 10).addGaps(gap), told));
  }

  @Test
  void isNotSettledWhileOneTapeRuns() {
    assertThat(new ChunkLedger(List.of(tape(closed(1, 10), kept(0)),
        new Tape("q", 2, 7, 0, List.of(kept(0)), Optional.empty()))).isSettled()).isFalse();
  }

  @Test
  void waitsForNoChunkThatDiedWithItsProcess() {
    assertJudged(Verdict.PARTIAL, true, List.of("crash 1000-2000 10"), tape(closed(2, 20), kept(0), lost(1)));
  }

  @Test
  void countsNoChunkThatOnlyADeadProcessKnew() {
    assertJudged(Verdict.PARTIAL, true, List.of("crash 1000-2000 10"), tape(closed(1, 10), kept(0), lost(1)));
  }

  @Test
  void waitsForNoChunkThatTheNodeGaveUp() {
    TapeClosed.Builder closed = closed(2, 20).addLostChunks(1)
        .addGaps(Gap.newBuilder().setFromMs(1000).setToMs(2000).setCause("disk").setPackets(10));

    assertJudged(Verdict.PARTIAL, true, List.of("disk 1000-2000 10"), tape(closed, kept(0), open(1)));
  }

  @Test
  void firstCloseStandsAndTheGapsOfAllAreUnited() {
    Gap disk = Gap.newBuilder().setFromMs(1).setToMs(2).setCause("disk").build();
    Gap crash = Gap.newBuilder().setFromMs(3).setToMs(4).setCause("crash").build();
    TapeClosed first = closed(5, 50).setEnd(TapeClosed.End.LEFT).addGaps(disk).addLostChunks(3).build();
    TapeClosed later =
        closed(2, 20).setEnd(TapeClosed.End.CRASHED).addGaps(disk).addGaps(crash).addLostChunks(1).build();

    assertThat(TapeCloses.unite(first, later))
        .isEqualTo(first.toBuilder().addGaps(crash).addLostChunks(1).build());
    assertThat(TapeCloses.unite(first, first)).isEqualTo(first);
  }

  /** whoever joined shortly before a media server died may be unheard of, also where the recording went on. */
  @Test
  void namesEachInterruptionOnce() {
    ChunkLedger ledger = new ChunkLedger(List.of(tape(closed(1, 10), kept(0))));
    List<Interruption> interruptions = List.of(
        new Interruption(50_000, 60_000), new Interruption(20_000, 30_000), new Interruption(31_000, 35_000));

    assertThat(ledger.judge(Optional.empty(), interruptions).gaps()).extracting(ChunkLedgerTest::line)
        .containsExactly("crash 18000-35000 0", "crash 48000-60000 0");
    assertThat(ledger.judge(Optional.of(new ChunkLedger.Crash(0, 15_000)), List.of(new Interruption(9_000, 12_000)))
        .gaps()).as("closed because nobody came back").extracting(ChunkLedgerTest::line)
        .containsExactly("crash 7000-15000 0");
    assertThat(ledger.judge(Optional.empty(), interruptions).verdict()).isEqualTo(Verdict.PARTIAL);
  }

  private static void assertJudged(Verdict verdict, boolean isSettled, Tape... tapes) {
    assertJudged(verdict, isSettled, List.of(), tapes);
  }

  private static void assertJudged(Verdict verdict, boolean isSettled, List<String> gaps, Tape... tapes) {
    ChunkLedger ledger = new ChunkLedger(List.of(tapes));
    assertThat(ledger.judge(Optional.empty(), List.of()).verdict()).isEqualTo(verdict);
    assertThat(ledger.judge(Optional.empty(), List.of()).gaps()).extracting(ChunkLedgerTest::line)
        .containsExactlyElementsOf(gaps);
    assertThat(ledger.isSettled()).isEqualTo(isSettled);
  }

  private static String line(Manifest.Gap gap) {
    return gap.cause() + " " + gap.from().toEpochMilli() + "-" + gap.to().toEpochMilli() + " " + gap.packets();
  }

  private static Tape tape(TapeClosed.Builder closed, Promise... promises) {
    return new Tape("p", 1, 7, 0, List.of(promises), Optional.of(closed.build()));
  }

  private static TapeClosed.Builder closed(int chunks, long packets) {
    return TapeClosed.newBuilder().setChunks(chunks).setPackets(packets).setEndedMs(9000);
  }

  private static Promise kept(int index) {
    return new Promise(index, "k", index * 1000L, index * 1000L + 1000, 5, 10, "00", Promise.State.VERIFIED);
  }

  private static Promise lost(int index) {
    return new Promise(index, "k", index * 1000L, index * 1000L + 1000, 5, 10, "00", Promise.State.LOST);
  }

  private static Promise open(int index) {
    return new Promise(index, "k", index * 1000L, index * 1000L + 1000, 5, 10, "00", Promise.State.OPEN);
  }
}
