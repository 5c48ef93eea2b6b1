package dev.tapedeck.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.ConnectorRefusedException;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.RecordRes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recording from its first event to its manifest, over a real stream, database and store. */
class RecordingTest {
  private static final long TAPE_FROM_MS = 1_800_000_000_000L;
  private static final long RECORDING = 5_000_000_001L;
  private static final long INSTANCE = 5_000_000_002L;
  private static final long SESSION = 5_000_000_003L;
  private static final String ROOM = "r/1 é😀<";
  private static final String PEER = "../10";

  @TempDir Path folder;

  /** The last chunk is seen while the ledger is being looked at: it is in the first verdict or amends it, never both. */
  @Test
  void speaksOnceForOneChange() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      AtomicBoolean isOver = new AtomicBoolean();
      Thread ticker = Thread.ofPlatform().start(() -> {
        while (!isOver.get()) {
          rig.life.tick();
        }
      });
      for (int i = 0; i < 12; i++) {
        long recording = RECORDING + i;
        NodeScript script = new NodeScript(client, rig, "acme", "room" + i, recording);
        script.openRoom(INSTANCE + i);
        script.openRecording(INSTANCE + i);
        script.openTape(PEER, SESSION);
        script.seal(PEER, SESSION, 0);
        script.closeTape(PEER, SESSION, 1);
        script.closeRecording("left");
        assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
        script.store(PEER, SESSION, 0);
        Await.until("the verdict", () -> rig.recording("acme", recording).verdict().isPresent());
      }
      isOver.set(true);
      ticker.join();
      rig.life.tick();

      assertThat(rig.kinds("acme")).contains("record.finalized").doesNotContain("record.amended");
    }
  }

  /** L8: an event that is refused for its size would come again for ever, and nothing behind it would arrive. */
  @Test
  void takesAsManyGapsAsATapeCanHave() throws Exception {
    int gaps = 60_000;
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRoom(INSTANCE);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.closeTape(PEER, SESSION, 0, IntStream.range(0, gaps).mapToObj(second -> Gap.newBuilder().setTrack(1)
          .setFromMs(TAPE_FROM_MS + 1000L * second).setToMs(TAPE_FROM_MS + 1000L * second + 250).setCause("disk")
          .setPackets(25).build()).toArray(Gap[]::new));
      script.closeRecording("left");

      assertThat(client.flush(Duration.ofSeconds(60))).isTrue();
      rig.life.tick();
      assertThat(rig.recording("acme", RECORDING).verdict()).contains(Verdict.PARTIAL);
      assertThat(newestManifest(rig).gaps()).hasSize(gaps);
    }
  }

  /** F l: the whole life cycle, and {@code Finalized} only after the last chunk was seen. */
  @ParameterizedTest
  @EnumSource
  void endsCompleteWhenEveryChunkWasSeen(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRoom(INSTANCE);
      script.join(PEER, SESSION);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      script.seal(PEER, SESSION, 1);
      script.closeTape(PEER, SESSION, 2);
      script.leave(PEER, SESSION);
      script.closeRecording("empty");
      assertThat(client.flush(Duration.ofSeconds(20))).isTrue();

      rig.life.tick();
      assertThat(rig.recording("acme", RECORDING).state()).isEqualTo(RecordingState.CLOSING);

      script.store(PEER, SESSION, 1);
      rig.life.tick();
      rig.life.tick();

      assertThat(rig.recording("acme", RECORDING).verdict()).contains(Verdict.COMPLETE);
      assertThat(rig.kinds("acme")).containsExactly(
          "room.started", "room.peer_joined", "peer.join", "record.started", "record.peer_joined", "room.peer_leaved",
          "room.all_peers_leaved", "peer.leave", "record.stopped", "record.finalized");
      Manifest manifest = newestManifest(rig);
      assertThat(manifest.verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(manifest.gaps()).isEmpty();
      assertThat(manifest.sessions()).singleElement().satisfies(session -> {
        assertThat(session.peer()).isEqualTo(PEER);
        assertThat(session.packets()).isEqualTo(20);
        assertThat(session.chunks()).extracting(Manifest.Chunk::index).containsExactly(0, 1);
        assertThat(session.tracks().getFirst().ssrc()).isEqualTo(0xF000_0001L);
        assertThat(session.tracks().getFirst().reception().lostPpm()).isEqualTo(2000);
      });
      assertThat(rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1)))
          .isEqualTo(ManifestSignature.sign(ManifestJson.write(manifest), rig.keys.signer().key()));
      client.close();
    }
  }

  /** S4-5: who was there and not to be taped is an interval, not a gap; up to where a tape of the same session begins. */
  @ParameterizedTest
  @EnumSource
  void namesWhoWasThereAndNotToBeTaped(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      rig.clock.set(TAPE_FROM_MS - 5000);
      script.openRoom(INSTANCE);
      script.joinUntaped("bob", SESSION + 1);
      script.joinUntaped(PEER, SESSION); // taped later, by a recording of everybody
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      rig.clock.set(TAPE_FROM_MS + 300);
      script.joinUntaped("cid", SESSION + 2);
      rig.clock.set(TAPE_FROM_MS + 400);
      script.leave("bob", SESSION + 1);
      rig.clock.set(TAPE_FROM_MS + 1000);
      script.closeTape(PEER, SESSION, 1);
      script.closeRecording("stop");
      assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
      rig.life.tick();

      Manifest manifest = newestManifest(rig);
      assertThat(manifest.verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(manifest.intervals()).extracting(interval -> interval.kind() + " " + interval.peer() + " "
          + (interval.from().toEpochMilli() - TAPE_FROM_MS) + "-" + (interval.to().toEpochMilli() - TAPE_FROM_MS))
          .containsExactly("excluded bob 0-400", "excluded cid 300-1000");
      client.close();
    }
  }

  @Test
  void refusesAChunkThatIsNotWhatWasPromised() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      assertThatThrownBy(() -> script.requestUpload(PEER, SESSION, 0)).hasCauseInstanceOf(ConnectorRefusedException.class)
          .hasMessageContaining("no recording");
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      assertThatThrownBy(() -> client.chunkStored(script.stored(PEER, SESSION, 0)).get())
          .hasMessageContaining("never promised");
      byte[] body = script.seal(PEER, SESSION, 0);
      assertThatThrownBy(() -> client.chunkStored(script.stored(PEER, SESSION, 0)).get())
          .hasMessageContaining("no object");
      byte[] changed = body.clone();
      changed[0]++;

      assertThat(NodeScript.put(script.requestUpload(PEER, SESSION, 0), changed)).isEqualTo(400);
      assertThat(NodeScript.put(script.requestUpload(PEER, SESSION, 0), new byte[5])).isEqualTo(403);
      // Somebody else's object under the promised key, of the right length.
      rig.objects.put(script.requestUpload(PEER, SESSION, 0).getKey(), changed, "application/octet-stream");
      assertThatThrownBy(() -> client.chunkStored(script.stored(PEER, SESSION, 0)).get())
          .hasMessageContaining("SHA-256");

      script.store(PEER, SESSION, 0);
      client.close();
    }
  }

  @Test
  void speaksPartialAfterItsPatienceAndAmendsWhenTheRestArrives() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.seal(PEER, SESSION, 0);
      script.seal(PEER, SESSION, 1);
      script.store(PEER, SESSION, 0);
      script.closeTape(PEER, SESSION, 2);
      script.closeRecording("stop");
      client.flush(Duration.ofSeconds(20));

      rig.clock.addAndGet(Duration.ofMinutes(10).toMillis() - 1);
      rig.life.tick();
      assertThat(rig.recording("acme", RECORDING).state()).isEqualTo(RecordingState.CLOSING);
      rig.clock.incrementAndGet();
      rig.life.tick();

      Manifest first = newestManifest(rig);
      assertThat(first.verdict()).isEqualTo(Verdict.PARTIAL);
      assertThat(first.gaps()).singleElement().satisfies(gap -> {
        assertThat(gap.cause()).isEqualTo("upload");
        assertThat(gap.packets()).isEqualTo(10);
      });

      script.store(PEER, SESSION, 1);
      rig.life.tick();

      Manifest second = newestManifest(rig);
      assertThat(second.verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(second.version()).isEqualTo(2);
      assertThat(second.previousSha256()).contains(
          ManifestJson.sha256(rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1))));
      assertThat(rig.kinds("acme").stream().filter(event -> event.startsWith("record.fin") || event.startsWith("record.am")))
          .containsExactly("record.finalized", "record.amended");
      client.close();
    }
  }

  @Test
  void closesWhatADeadNodeLeftOpen() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRoom(INSTANCE);
      script.join(PEER, SESSION);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      client.flush(Duration.ofSeconds(20));
      client.close();
      Await.until("the connector notices", () -> rig.link.streams().size() == 0);
      Await.until("and has noted it", () -> {
        rig.clock.addAndGet(30_000);
        rig.life.tick();
        return rig.recording("acme", RECORDING).state() == RecordingState.CLOSING;
      });
      assertThat(rig.kinds("acme")).endsWith("room.peer_leaved", "room.all_peers_leaved", "peer.disconnected",
          "room.stopped", "record.stopped");

      rig.clock.addAndGet(Duration.ofMinutes(10).toMillis());
      rig.life.tick();

      Manifest manifest = newestManifest(rig);
      assertThat(manifest.verdict()).isEqualTo(Verdict.PARTIAL);
      assertThat(manifest.closeReason()).isEqualTo("crash");
      assertThat(manifest.gaps()).extracting(Manifest.Gap::cause).containsExactly("crash", "crash");
      assertThat(manifest.gaps().getLast().session()).as("of those nobody heard of").isZero();
      assertThat(manifest.sessions().getFirst().end()).isEqualTo("crashed");
      assertThat(manifest.sessions().getFirst().unclosed()).isTrue();
      assertThat(manifest.sessions().getFirst().tracks()).as("as the last chunk told them").singleElement()
          .satisfies(track -> assertThat(track.reception().received()).isEqualTo(10));

      ConnectorClient restarted = rig.client(rig.link.port(), 2, new EventOutbox(1000));
      NodeScript recovery = new NodeScript(restarted, rig, "acme", ROOM, RECORDING);
      recovery.seal(PEER, SESSION, 1);
      recovery.store(PEER, SESSION, 1);
      recovery.closeTape(PEER, SESSION, 2, Gap.newBuilder().setFromMs(5).setToMs(6).setCause("crash").build());
      recovery.closeRecording("crash");
      restarted.flush(Duration.ofSeconds(20));
      rig.life.tick();

      Manifest amended = newestManifest(rig);
      assertThat(amended.version()).isEqualTo(2);
      assertThat(amended.packets()).isEqualTo(20);
      assertThat(amended.sessions().getFirst().unclosed()).isFalse();
      assertThat(amended.sessions().getFirst().tracks()).singleElement()
          .satisfies(track -> assertThat(track.reception().received()).isEqualTo(998));
      assertThat(amended.gaps()).filteredOn(gap -> gap.session() == SESSION).singleElement().satisfies(gap -> assertThat(gap.from().toEpochMilli()).isEqualTo(5));
      restarted.close();
    }
  }

  /** the next process has the room's recording go on; it is one recording, and says when nobody taped. */
  @ParameterizedTest
  @EnumSource
  void goesOnOverTheDeathOfItsProcess(Databases kind) throws Exception {
    long laterSession = SESSION + 1;
    Gap interruption =
        Gap.newBuilder().setFromMs(1_800_000_005_000L).setToMs(1_800_000_009_000L).setCause("crash").build();
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRoom(INSTANCE);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      script.pauseRecording();
      client.flush(Duration.ofSeconds(20));
      assertThat(rig.recording("acme", RECORDING).state()).isEqualTo(RecordingState.PAUSED);
      client.close();

      ConnectorClient restarted = rig.client(rig.link.port(), 2, new EventOutbox(1000));
      NodeScript next = new NodeScript(restarted, rig, "acme", ROOM, RECORDING);
      next.seal(PEER, SESSION, 0);
      next.store(PEER, SESSION, 0);
      next.closeTape(PEER, SESSION, 1);
      next.interrupted(interruption);
      next.openRoom(INSTANCE + 1);
      next.join(PEER, laterSession);
      next.openRecording(INSTANCE + 1);
      next.openTape(PEER, laterSession);
      restarted.flush(Duration.ofSeconds(20));
      rig.clock.addAndGet(Duration.ofMinutes(1).toMillis());
      rig.life.tick();
      assertThat(rig.recording("acme", RECORDING).state()).as("a pause ends with its process")
          .isEqualTo(RecordingState.RECORDING);
      Optional<RecordingRows.Recording> shown = rig.database.read(
          handle -> RecordingRows.openIn(handle, RoomRows.open(handle, "acme", ROOM).orElseThrow()));
      assertThat(shown).map(RecordingRows.Recording::recording).as("the room shows it").contains(RECORDING);

      next.seal(PEER, laterSession, 0);
      next.store(PEER, laterSession, 0);
      next.closeTape(PEER, laterSession, 1);
      next.closeRecording("empty", interruption);
      restarted.flush(Duration.ofSeconds(20));
      rig.life.tick();

      Manifest manifest = newestManifest(rig);
      assertThat(manifest.verdict()).isEqualTo(Verdict.PARTIAL);
      assertThat(manifest.closeReason()).isEqualTo("empty");
      assertThat(manifest.sessions()).extracting(Manifest.Session::session).containsExactly(SESSION, laterSession);
      assertThat(manifest.gaps()).singleElement().satisfies(gap -> {
        assertThat(gap.session()).isZero();
        assertThat(gap.to().toEpochMilli()).isEqualTo(interruption.getToMs());
      });
      assertThat(rig.kinds("acme")).containsOnlyOnce("record.started", "record.stopped", "record.finalized");
      restarted.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatIsVerifiedAndNamesWhatDiedWithItsProcess(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRecording(INSTANCE);
      script.openTape(PEER, SESSION);
      byte[] first = script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      script.seal(PEER, SESSION, 1);
      script.seal(PEER, SESSION, 2);
      client.flush(Duration.ofSeconds(20));
      client.close();

      ConnectorClient restarted = rig.client(rig.link.port(), 2, new EventOutbox(1000));
      NodeScript recovery = new NodeScript(restarted, rig, "acme", ROOM, RECORDING, "sealed by recovery");
      recovery.seal(PEER, SESSION, 0);
      recovery.seal(PEER, SESSION, 1);
      RecordRes leave = recovery.requestUpload(PEER, SESSION, 0);
      assertThat(leave.getS3Uri()).isEmpty();
      assertThat(rig.objects.read(leave.getKey())).isEqualTo(first);
      restarted.chunkStored(recovery.stored(PEER, SESSION, 0)).get(20, TimeUnit.SECONDS);
      recovery.store(PEER, SESSION, 1);
      recovery.closeTape(PEER, SESSION, 2, Gap.newBuilder().setFromMs(5).setToMs(6).setCause("crash").build());
      recovery.closeTape(PEER, SESSION, 0, Gap.newBuilder().setFromMs(7).setToMs(8).setCause("disk").build());
      recovery.closeRecording("crash");
      restarted.flush(Duration.ofSeconds(20));
      rig.life.tick();

      Manifest manifest = newestManifest(rig);
      assertThat(manifest.verdict()).isEqualTo(Verdict.PARTIAL);
      assertThat(manifest.gaps()).filteredOn(gap -> gap.session() == SESSION)
          .extracting(gap -> gap.cause() + " " + gap.from().toEpochMilli() + " " + gap.packets())
          .containsExactly("crash 5 0", "disk 7 0", "crash 1800000002000 10");
      assertThat(manifest.sessions().getFirst().chunks()).extracting(Manifest.Chunk::sha256).containsExactly(
          ManifestJson.sha256(first),
          HexFormat.of().formatHex(recovery.stored(PEER, SESSION, 1).getSha256().toByteArray()));
      restarted.close();
    }
  }

  @Test
  void endsEmptyWithoutStartedWhenNobodyCame() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.closeRecording("stop");
      client.flush(Duration.ofSeconds(20));
      rig.life.tick();

      assertThat(rig.kinds("acme")).containsExactly("record.stopped", "record.finalized");
      assertThat(newestManifest(rig).verdict()).isEqualTo(Verdict.EMPTY);
      client.close();
    }
  }

  @Test
  void writesTheNextVersionOverNoneThatACrashLeftBehind() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      byte[] leftBehind = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      rig.objects.put(ChunkKey.manifest("acme", ROOM, RECORDING, 1), leftBehind, "application/json");
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRecording(INSTANCE);
      script.closeRecording("stop");
      client.flush(Duration.ofSeconds(20));
      rig.life.tick();

      assertThat(rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1))).isEqualTo(leftBehind);
      assertThat(newestManifest(rig).version()).isEqualTo(2);
      assertThat(newestManifest(rig).previousSha256()).contains(ManifestJson.sha256(leftBehind));
      client.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void losesAndDoublesNoEventWhenTheStreamIsCut(Databases kind) throws Exception {
    int events = 1000;
    try (Rig rig = new Rig(folder, kind.url(folder), List.of()); TcpCut cut = new TcpCut(rig.link.port())) {
      EventOutbox outbox = new EventOutbox(100_000);
      ConnectorClient client = rig.client(cut.port(), 1, outbox);
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      for (int i = 0; i < events; i++) {
        script.join("peer-" + i, SESSION + i);
        if (i % 250 == 125) {
          int waiting = outbox.size();
          Await.until("some are stored", () -> outbox.size() < waiting);
          cut.cut();
        }
      }
      assertThat(client.flush(Duration.ofSeconds(60))).isTrue();

      List<String> joined = rig.feed("acme").stream().filter(entry -> entry.kind().equals("room.peer_joined"))
          .map((FeedRows.Entry entry) -> entry.event().getRoom().getPeerJoined().getPeer()).toList();
      assertThat(joined).isEqualTo(
          IntStream.range(0, events).mapToObj(i -> "peer-" + i).collect(Collectors.toList()));
      client.close();
    }
  }

  @Test
  void endsAnEmptyRoomAfterItsTime() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      ConnectorClient client = rig.client(rig.link.port(), 1, new EventOutbox(1000));
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      script.openRoom(INSTANCE);
      script.join(PEER, SESSION);
      script.leave(PEER, SESSION);
      client.flush(Duration.ofSeconds(20));

      rig.clock.addAndGet(119_999);
      rig.life.tick();
      assertThat(rig.kinds("acme")).doesNotContain("room.stopped");
      script.join(PEER, SESSION + 1);
      client.flush(Duration.ofSeconds(20));
      rig.clock.addAndGet(500_000);
      rig.life.tick();
      assertThat(rig.kinds("acme")).doesNotContain("room.stopped");
      script.leave(PEER, SESSION + 1);
      client.flush(Duration.ofSeconds(20));
      rig.clock.addAndGet(120_000);
      rig.life.tick();

      assertThat(rig.kinds("acme")).endsWith("room.stopped");
      client.close();
    }
  }

  private static Manifest newestManifest(Rig rig) throws Exception {
    return ManifestJson.read(rig.objects.read(ChunkKey.newestManifest("acme", ROOM, RECORDING)));
  }
}
