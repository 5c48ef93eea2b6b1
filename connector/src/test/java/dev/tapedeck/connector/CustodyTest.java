package dev.tapedeck.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.io.hook.Hook;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.ChunkChain;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.ClockState;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordEvent;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is promised, stored, verified and said of it, over real streams, stores and databases, with a clock moved by hand. */
class CustodyTest {
  private static final long RECORDING = 5_000_000_001L;
  private static final long INSTANCE = 5_000_000_002L;
  private static final long SESSION = 5_000_000_003L;
  private static final String ROOM = "r";
  private static final String PEER = "p";
  private static final Duration FLUSH = Duration.ofSeconds(60);

  @TempDir Path folder;

  /** D-1, D-14, L18: who holds the files and the published keys can check everything, through a rotation too. */
  @ParameterizedTest
  @EnumSource
  void signsAndChainsSoThatAnybodyCanCheck(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0);
      script.seal(PEER, SESSION, 1);
      script.store(PEER, SESSION, 0);
      script.closeTape(PEER, SESSION, 2);
      script.closeRecording("stop");
      client.flush(FLUSH);
      passed(rig, Duration.ofMinutes(10));
      rig.keys.rotate(new SecureRandom(), rig.clock.get());
      script.store(PEER, SESSION, 1);
      rig.life.tick();

      byte[] first = rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1));
      byte[] second = rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 2));
      ManifestKeySet published = ManifestKeySet.parse(rig.keys.publicKeys().json());
      assertThat(ManifestJson.read(first).keyId()).isNotEqualTo(ManifestJson.read(second).keyId());
      for (byte[] file : List.of(first, second)) {
        Manifest manifest = ManifestJson.read(file);
        assertThat(ManifestSignature.cut(file).orElseThrow()
            .isBy(published.find(manifest.keyId().orElseThrow()).orElseThrow().key())).isTrue();
        Manifest.Session session = manifest.sessions().getFirst();
        List<String> links = ChunkChain.links(session.chunks().stream().map(Manifest.Chunk::sha256).toList());
        assertThat(session.chunks()).extracting(chunk -> chunk.chain().orElseThrow()).isEqualTo(links);
        assertThat(session.chain()).contains(links.getLast());
      }
      assertThat(ManifestJson.read(second).previousSha256()).contains(ManifestJson.sha256(first));
      assertThat(rig.objects.read(ChunkKey.newestManifest("acme", ROOM, RECORDING))).isEqualTo(second);
    }
  }

  /** D-1: a server that dies for good has said with each chunk what was missing so far. */
  @ParameterizedTest
  @EnumSource
  void namesWhatADeadNodeSaidIsMissing(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      Gap gap = Gap.newBuilder().setTrack(1).setFromMs(1_799_999_999_000L).setToMs(1_799_999_999_500L)
          .setCause("queue").setPackets(7).build();
      ConnectorClient dying = node(rig, 7, 1);
      NodeScript script = new NodeScript(dying, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0, gap);
      script.store(PEER, SESSION, 0);
      dying.flush(FLUSH);
      dying.close();
      Await.until("the connector has noted it", () -> {
        passed(rig, Duration.ofSeconds(30));
        return rig.recording("acme", RECORDING).state() == RecordingState.CLOSING;
      });
      passed(rig, Duration.ofMinutes(10));

      assertThat(newestManifest(rig).gaps()).contains(new Manifest.Gap(PEER, SESSION, 1,
          Instant.ofEpochMilli(gap.getFromMs()), Instant.ofEpochMilli(gap.getToMs()), "queue", 7, false));
    }
  }

  /**
   * A-17, and 7.3 of the reference: the rooms and sessions of a dead node end; its recording is closed after a time-out and
   * partial, and complete as soon as its disk, in another node, has given the rest.
   */
  @ParameterizedTest
  @EnumSource
  void closesWhatADeadNodeLeftAndCompletesItFromItsDiskInAnotherNode(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient dying = node(rig, 7, 1);
      NodeScript script = new NodeScript(dying, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      script.seal(PEER, SESSION, 1);
      dying.flush(FLUSH);
      dying.close();
      Await.until("the connector has noted it", () -> {
        passed(rig, Duration.ofSeconds(30));
        return rig.recording("acme", RECORDING).state() == RecordingState.CLOSING;
      });

      assertThat(rig.kinds("acme")).endsWith("room.peer_leaved", "room.all_peers_leaved", "peer.disconnected",
          "room.stopped", "record.stopped");
      PeerEvent.Disconnected disconnected = rig.feed("acme").stream().map(entry -> entry.event().getPeer())
          .filter(PeerEvent::hasDisconnected).findFirst().orElseThrow().getDisconnected();
      assertThat(disconnected.getReason()).isEqualTo(PeerEvent.Disconnected.Reason.NodeShutdown);

      passed(rig, Duration.ofMinutes(10));
      assertThat(newestManifest(rig).verdict()).isEqualTo(Verdict.PARTIAL);
      assertThat(newestManifest(rig).gaps()).extracting(Manifest.Gap::cause).containsOnly("crash");

      try (ConnectorClient other = node(rig, 8, 77)) {
        NodeScript rest = new NodeScript(other, rig, "acme", ROOM, RECORDING);
        rest.seal(PEER, SESSION, 1);
        rest.store(PEER, SESSION, 1);
        // Its journal holds what it had no time to tell: the tape and the recording had ended in order.
        rest.closeTape(PEER, SESSION, 2);
        rest.closeRecording("stop");
        other.flush(FLUSH);
        rig.life.tick();
        passed(rig, Duration.ofHours(1));
      }

      assertThat(newestManifest(rig).verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(newestManifest(rig).packets()).isEqualTo(2 * NodeScript.PACKETS_PER_CHUNK);
      List<RecordEvent> said = verdicts(rig);
      assertThat(said).hasSize(2);
      assertThat(said.getFirst().getFinalized().getVerdict()).isEqualTo("partial");
      assertThat(said.getLast().getAmended()).isEqualTo(RecordEvent.Amended.newBuilder()
          .setPath("acme/r/" + RECORDING).setVerdict("complete").setManifestVersion(2)
          .setReason("rest of a lost media server").build());
    }
  }

  /** D-1: a server that was given up may have gone on taping; only its next process proves that it has ended. */
  @ParameterizedTest
  @EnumSource
  void extendsTheGapOfALostNodeToItsNextProcess(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      ConnectorClient dying = node(rig, 7, 1);
      taped(new NodeScript(dying, rig, "acme", ROOM, RECORDING));
      dying.flush(FLUSH);
      dying.close();
      Await.until("the connector has noted it", () -> {
        passed(rig, Duration.ofSeconds(30));
        return rig.recording("acme", RECORDING).state() == RecordingState.CLOSING;
      });
      long assumedMs = rig.clock.get();
      passed(rig, Duration.ofMinutes(10));
      assertThat(unheardTo(rig)).isEqualTo(Instant.ofEpochMilli(assumedMs));

      passed(rig, Duration.ofHours(1));
      long replacedMs = rig.clock.get();
      attachedOnce(rig, 2);
      passed(rig, Duration.ofSeconds(5));
      assertThat(unheardTo(rig)).isEqualTo(Instant.ofEpochMilli(replacedMs));
      assertThat(verdicts(rig).getLast().getAmended().getReason()).isEqualTo("end of a lost media server");

      attachedOnce(rig, 3);
      passed(rig, Duration.ofSeconds(5));
      assertThat(verdicts(rig)).hasSize(2);
    }
  }

  /** D-1: a server that was given up, heard again and given up again was at work until the second time. */
  @ParameterizedTest
  @EnumSource
  void extendsTheGapOfANodeThatIsLostAgain(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of())) {
      try (ConnectorClient client = node(rig, 7, 1)) {
        taped(new NodeScript(client, rig, "acme", ROOM, RECORDING));
        client.flush(FLUSH);
      }
      Await.until("the connector has noted it", () -> {
        passed(rig, Duration.ofSeconds(30));
        return rig.recording("acme", RECORDING).state() == RecordingState.CLOSING;
      });
      passed(rig, Duration.ofMinutes(10));
      NodeHello hello = NodeHello.newBuilder().setNode(7).setIncarnation(1).build();
      rig.life.intake().attached(hello);
      passed(rig, Duration.ofMinutes(1));
      rig.life.intake().detached(hello);
      passed(rig, Duration.ofSeconds(29));
      assertThat(verdicts(rig)).hasSize(1);

      passed(rig, Duration.ofSeconds(1));
      long lostAgainMs = rig.clock.get();
      passed(rig, Duration.ofSeconds(5));
      assertThat(unheardTo(rig)).isEqualTo(Instant.ofEpochMilli(lostAgainMs));
      passed(rig, Duration.ofHours(1));
      assertThat(verdicts(rig)).hasSize(2);
    }
  }

  /** D-1: a server that stood still for too long is back; no verdict is spoken before it has told how it went on. */
  @ParameterizedTest
  @EnumSource
  void waitsForTheCloseOfAServerThatIsBack(Databases kind) throws Exception {
    try (Rig rig = new Rig(folder, kind.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      client.flush(FLUSH);
      NodeHello hello = NodeHello.newBuilder().setNode(7).setIncarnation(1).build();
      rig.life.intake().detached(hello);
      passed(rig, Duration.ofSeconds(30));
      assertThat(rig.recording("acme", RECORDING).state()).isEqualTo(RecordingState.CLOSING);

      rig.life.intake().attached(hello);
      script.closeTape(PEER, SESSION, 1);
      client.flush(FLUSH);
      passed(rig, Duration.ofSeconds(10));
      assertThat(verdicts(rig)).isEmpty();

      script.closeRecording("empty");
      client.flush(FLUSH);
      rig.life.tick();
      assertThat(verdicts(rig)).singleElement()
          .satisfies(said -> assertThat(said.getFinalized().getVerdict()).isEqualTo("complete"));
    }
  }

  /** F i, L2: the store's word counts for nothing; the object does. */
  @Test
  void takesNothingHalfOrOtherBytesForNoChunk() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      byte[] body = script.seal(PEER, SESSION, 0);
      byte[] other = body.clone();
      other[body.length / 2] ^= 1;
      String key = script.requestUpload(PEER, SESSION, 0).getKey();
      for (byte[] stored : List.of(new byte[0], Arrays.copyOf(body, body.length / 2), other)) {
        rig.objects.put(key, stored, "application/octet-stream");
        assertThatThrownBy(() -> client.chunkStored(script.stored(PEER, SESSION, 0)).get(60, TimeUnit.SECONDS))
            .hasMessageContaining("promised");
      }
      script.closeTape(PEER, SESSION, 1);
      script.closeRecording("stop");
      client.flush(FLUSH);
      passed(rig, Duration.ofMinutes(10));

      assertThat(newestManifest(rig).gaps()).extracting(Manifest.Gap::cause).containsExactly("upload");
      assertThat(newestManifest(rig).sessions().getFirst().chain()).isEmpty();
    }
  }

  /** L3, L4: a request that overtakes its events is an error, not an acknowledgement, and good when asked again. */
  @Test
  void refusesAnEarlyRequestSoThatItIsAskedAgain() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      assertThatThrownBy(() -> script.requestUpload(PEER, SESSION, 0)).hasMessageContaining("no recording");
      assertThatThrownBy(() -> client.chunkStored(script.stored(PEER, SESSION, 0)).get(60, TimeUnit.SECONDS))
          .hasMessageContaining("never promised");
      taped(script);
      script.seal(PEER, SESSION, 0);

      script.store(PEER, SESSION, 0);
      client.flush(FLUSH);
      assertThat(rig.recording("acme", RECORDING).changes()).isEqualTo(3);
    }
  }

  /** F i: uploads ask side by side, and none of them is passed over and waits for ever. */
  @Test
  void answersEachOfManyThatAskAtOnce() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      Queue<CompletableFuture<?>> answers = new ConcurrentLinkedQueue<>();
      CyclicBarrier start = new CyclicBarrier(8);
      try (ExecutorService askers = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          askers.submit(() -> {
            for (int k = 0; k < 1_000; k++) {
              start.await();
              answers.add(client.requestUpload(RecordReq.getDefaultInstance()).handle((url, refusal) -> refusal));
            }
            return null;
          });
        }
      }
      assertThat(answers).hasSize(8_000);
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }
  }

  /** L5 and 7.3 of the reference: a room that ended takes the last chunk of its recording, and no late leave revives it. */
  @Test
  void takesTheLastChunkAfterTheRoomIsGone() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.leave(PEER, SESSION);
      client.flush(FLUSH);
      passed(rig, Duration.ofSeconds(120));
      assertThat(rig.kinds("acme")).endsWith("room.stopped");

      script.leave(PEER, SESSION);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      script.closeTape(PEER, SESSION, 1);
      script.closeRecording("empty");
      client.flush(FLUSH);
      rig.life.tick();

      assertThat(newestManifest(rig).verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(rig.kinds("acme").stream().filter("room.started"::equals)).hasSize(1);
      assertThat(rig.kinds("acme").stream().filter("room.stopped"::equals)).hasSize(1);
    }
  }

  /** L16: every attempt gets a signature of its own, of minutes and not of a day. */
  @Test
  void signsEachAttemptAnew() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      byte[] body = script.seal(PEER, SESSION, 0);
      RecordRes first = script.requestUpload(PEER, SESSION, 0);
      assertThat(first.getS3Uri()).contains("X-Amz-Expires=600");
      assertThat(NodeScript.put(first, body)).isEqualTo(200);
      assertThat(NodeScript.put(script.requestUpload(PEER, SESSION, 0), body)).isEqualTo(200);
    }
  }

  /** L17: a chunk is stored under the name its own tape bore, whoever the session is by then. */
  @Test
  void namesAChunkByItsOwnTape() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0);
      script.join("renamed", SESSION);
      script.seal("renamed", SESSION, 1);

      assertThat(script.requestUpload(PEER, SESSION, 0).getKey()).contains("/p/" + SESSION + "/00000000-");
      assertThat(script.requestUpload("renamed", SESSION, 1).getKey()).contains("/renamed/" + SESSION + "/00000001-");
    }
  }

  /** 7.1 of the reference: an event that could not be stored is not acknowledged, so it is sent again and again. */
  @Test
  void acknowledgesNoEventThatIsNotStored() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of())) {
      EventOutbox outbox = new EventOutbox(1000);
      try (ConnectorClient client = rig.client(rig.link.port(), 1, outbox)) {
        Await.until("attached", client::isAttached);
        rig.database.run(handle -> handle.execute("ALTER TABLE peer_session RENAME TO gone"));
        new NodeScript(client, rig, "acme", ROOM, RECORDING).join(PEER, SESSION);
        Await.until("the stream was given up", () -> rig.link.streams().size() == 0);
        assertThat(outbox.size()).isEqualTo(1);

        rig.database.run(handle -> handle.execute("ALTER TABLE gone RENAME TO peer_session"));
        assertThat(client.flush(FLUSH)).isTrue();
        assertThat(rig.kinds("acme")).containsExactly("room.started", "room.peer_joined", "peer.join");
      }
    }
  }

  /** D-13: what the policy asked to give up is named, and the recording is complete. */
  @Test
  void staysCompleteWhenOnlyWhatWasAskedForIsMissing() throws Exception {
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of()); ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      script.closeTape(PEER, SESSION, 1, Gap.newBuilder().setTrack(1).setFromMs(5).setToMs(6).setCause("shed")
          .setPackets(4).setRequested(true).build());
      script.closeRecording("stop");
      client.flush(FLUSH);
      rig.life.tick();

      assertThat(newestManifest(rig).verdict()).isEqualTo(Verdict.COMPLETE);
      assertThat(newestManifest(rig).gaps()).singleElement()
          .satisfies(gap -> assertThat(gap.requested()).isTrue());
    }
  }

  @Test
  void saysWhatTheClockOfTheNodeWasWorth() throws Exception {
    Heartbeat heartbeat = Heartbeat.newBuilder().setClock(ClockState.newBuilder().setSynchronized(true)
        .setMaxErrorUs(-1).setSteps(2).setLastStepMs(-250)).build();
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of());
        ConnectorClient client = rig.client(rig.link.port(), 7, 1, new EventOutbox(1000), heartbeat)) {
      Await.until("a heartbeat came", () -> rig.link.streams().heartbeat(7).filter(Heartbeat::hasClock).isPresent());
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      script.closeTape(PEER, SESSION, 0);
      script.closeRecording("stop");
      client.flush(FLUSH);
      rig.life.tick();

      assertThat(newestManifest(rig).clocks()).containsExactly(new Manifest.Clock(7, true, 0xFFFF_FFFFL, 2, -250));
    }
  }

  /** F l: a hook that asks for it by name hears of each verified chunk, once; nobody else does. */
  @ParameterizedTest
  @EnumSource(HookStyle.class)
  void tellsOfStoredChunksToWhoAsked(HookStyle style) throws Exception {
    Hook curious = new Hook("acme", "curious", Redacted.of("http://192.0.2.1/"), Redacted.of("s"), style,
        List.of("record.chunk_stored"));
    Hook other = new Hook("acme", "other", Redacted.of("http://192.0.2.1/"), Redacted.of("s"), style, List.of("record"));
    try (Rig rig = new Rig(folder, Databases.SQLITE.url(folder), List.of(curious, other));
        ConnectorClient client = node(rig, 7, 1)) {
      NodeScript script = new NodeScript(client, rig, "acme", ROOM, RECORDING);
      taped(script);
      byte[] body = script.seal(PEER, SESSION, 0);
      script.store(PEER, SESSION, 0);
      client.chunkStored(script.stored(PEER, SESSION, 0)).get(60, TimeUnit.SECONDS);

      List<HookEvent> told = rig.feed("acme").stream().filter(entry -> entry.kind().equals("record.chunk_stored"))
          .map(entry -> entry.event()).toList();
      assertThat(told).hasSize(1);
      assertThat(told.getFirst().getRecord().getChunkStored().getBytes()).isEqualTo(body.length);
      assertThat(told.getFirst().getRecord().getChunkStored().getSha256()).isEqualTo(ManifestJson.sha256(body));
      assertThat(style.body(told.getFirst())).isNotEmpty();
      assertThat(rig.hooks.of("acme", "record.chunk_stored")).containsExactly(curious);
      assertThat(rig.hooks.of("acme", "record.stopped")).containsExactly(other);
    }
  }

  private static ConnectorClient node(Rig rig, int node, long incarnation) {
    return rig.client(rig.link.port(), node, incarnation, new EventOutbox(1000), Heartbeat.getDefaultInstance());
  }

  private static void taped(NodeScript script) {
    script.openRoom(INSTANCE);
    script.join(PEER, SESSION);
    script.openRecording(INSTANCE);
    script.openTape(PEER, SESSION);
  }

  private static void attachedOnce(Rig rig, long incarnation) throws Exception {
    try (ConnectorClient next = node(rig, 7, incarnation)) {
      Await.until("attached", next::isAttached);
    }
  }

  /** End of the gap that covers whoever had joined unheard. */
  private static Instant unheardTo(Rig rig) throws Exception {
    return newestManifest(rig).gaps().stream().filter(gap -> gap.session() == 0).findFirst().orElseThrow().to();
  }

  private static void passed(Rig rig, Duration time) {
    rig.clock.addAndGet(time.toMillis());
    rig.life.tick();
  }

  private static List<RecordEvent> verdicts(Rig rig) {
    return rig.feed("acme").stream().map(entry -> entry.event().getRecord())
        .filter(event -> event.hasFinalized() || event.hasAmended()).toList();
  }

  private static Manifest newestManifest(Rig rig) throws Exception {
    return ManifestJson.read(rig.objects.read(ChunkKey.newestManifest("acme", ROOM, RECORDING)));
  }
}
