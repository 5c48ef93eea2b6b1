package dev.tapedeck.connector.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.SenderReports;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F g: chunks stand in the order of their index, whatever order they came or are listed in; and nothing is lost on the way back. */
class ManifestReaderTest {
  private static final int LEDGERS = 500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesALedgerThatIsJudgedTheSame(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < LEDGERS; i++) {
      List<Tape> tapes = tapes(random);
      Manifest manifest = manifest(tapes);
      List<Tape> again = ManifestReader.tapes(ManifestJson.read(ManifestJson.write(manifest)));

      String what = "seed " + seed + ", ledger " + i + ": " + tapes;
      assertThat(new ChunkLedger(again).judge(Optional.empty(), List.of()).verdict()).as(what).isEqualTo(manifest.verdict());
      for (Manifest.Session session : manifest.sessions()) {
        assertThat(session.chunks()).extracting(Manifest.Chunk::index).as(what).isSorted();
      }
      boolean isEveryTapeClosed = tapes.stream().allMatch(tape -> tape.closed().isPresent());
      if (isEveryTapeClosed) {
        assertThat(new ChunkLedger(again).judge(Optional.empty(), List.of()).gaps()).as(what).containsExactlyInAnyOrderElementsOf(manifest.gaps());
        assertThat(manifest(again).sessions()).as(what).isEqualTo(manifest.sessions());
      }
    }
  }

  /** L9: what a media server told with its chunks before it died is told again. */
  @Test
  void keepsTheGapsOfATapeWithoutAClose() {
    Gap early = Gap.newBuilder().setFromMs(100).setToMs(900).setCause("queue").setPackets(3).build();
    Gap late = Gap.newBuilder().setTrack(1).setFromMs(1100).setToMs(1900).setCause("shed").setRequested(true).build();
    List<Tape> tapes = List.of(new Tape("p", 1, 7, 0, List.of(chunk(0, early), chunk(1, late)), Optional.empty()));
    Manifest manifest = manifest(tapes);

    List<Tape> again = ManifestReader.tapes(manifest);

    assertThat(again).isEqualTo(tapes);
    assertThat(manifest(again).gaps()).isEqualTo(manifest.gaps()).hasSize(3);
  }

  /** Its tracks are known from its chunks; that it may still be closed is known all the same. */
  @Test
  void keepsTheTracksOfATapeWithoutAClose() throws Exception {
    List<TapeTrack> soFar = List.of(TapeTrack.newBuilder().setNumber(1).setName("cam").setSsrc(9)
        .setReception(Reception.newBuilder().setExpected(10).setReceived(10)).build());
    Gap gap = Gap.newBuilder().setFromMs(100).setToMs(900).setCause("queue").setPackets(3).build();
    List<Tape> tapes = List.of(new Tape("p", 1, 7, 0, List.of(chunk(0, gap)), soFar, Optional.empty()));
    Manifest manifest = manifest(tapes);
    assertThat(manifest.sessions().getFirst().tracks()).singleElement()
        .satisfies(track -> assertThat(track.reception().received()).isEqualTo(10));

    List<Tape> again = ManifestReader.tapes(ManifestJson.read(ManifestJson.write(manifest)));

    assertThat(again).isEqualTo(tapes);
    assertThat(manifest(again)).isEqualTo(manifest);
  }

  private static Promise chunk(int index, Gap gap) {
    return new Promise(index, "key" + index, index * 1000, index * 1000 + 1000, 5, 10, String.format("%064x", index),
        Promise.State.VERIFIED, List.of(gap));
  }

  private static Manifest manifest(List<Tape> tapes) {
    return ManifestWriter.write(new ManifestWriter.Header("a", "r", 1, 2, 0, "stop", 1, Optional.empty(), List.of(),
        Optional.empty(), List.of()), tapes, new ChunkLedger(tapes).judge(Optional.empty(), List.of()));
  }

  private static List<Tape> tapes(SplittableRandom random) {
    List<Tape> tapes = new ArrayList<>();
    for (int session = 1; session <= random.nextInt(4); session++) {
      tapes.add(tape(session, random));
    }
    return tapes;
  }

  private static Tape tape(int session, SplittableRandom random) {
    List<Promise> promises = new ArrayList<>();
    int chunks = random.nextInt(15);
    for (int index = 0; index < chunks; index++) {
      if (random.nextInt(5) > 0) {
        Promise.State state = Promise.State.values()[Math.max(0, random.nextInt(8) - 5)];
        promises.add(new Promise(index, "key" + index, index * 1000, index * 1000 + 1000, 5, 10,
            String.format("%064x", index), state == Promise.State.OPEN ? Promise.State.VERIFIED : state));
      }
    }
    Collections.shuffle(promises, new java.util.Random(random.nextLong()));
    if (random.nextInt(5) == 0) {
      return new Tape("p" + session, session, 7, 500, promises, Optional.empty());
    }
    TapeClosed.Builder closed = TapeClosed.newBuilder().setChunks(random.nextInt(3) > 0 ? chunks : chunks + 1)
        .setPackets(chunks * 10L).setStartedMs(500).setEndedMs(20_000)
        .setEnd(TapeClosed.End.forNumber(random.nextInt(6)))
        .addTracks(TapeTrack.newBuilder().setNumber(1).setSsrc(random.nextInt()).putExtensions(3, "urn:x")
            .setReception(Reception.newBuilder().setExpected(9).setLost(random.nextInt(3)).setTooLate(random.nextInt(2)))
            .setSenderReports(SenderReports.newBuilder().setReports(random.nextInt(2)).setLastNtp(random.nextLong())));
    for (int gap = random.nextInt(3); gap > 0; gap--) {
      closed.addGaps(Gap.newBuilder().setTrack(gap).setFromMs(gap).setToMs(gap + 1).setCause("shed")
          .setPackets(random.nextInt(3)).setRequested(random.nextBoolean()));
    }
    return new Tape("p" + session, session, 7, 500, promises, Optional.of(closed.build()));
  }
}
