package dev.tapedeck.connector.io.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.NodeScript;
import dev.tapedeck.connector.Rig;
import dev.tapedeck.connector.core.ledger.ChunkLedger;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.connector.core.record.RecordingState;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.FileRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkWriter;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EndEntry;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.Gap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** D-14 and 3.T "metadata must be rebuildable": real recordings, whose database is lost. */
class LibraryRebuildTest {
  private static final long RECORDING = 5_000_000_001L;
  private static final long TAPE_FROM_MS = 1_800_000_000_000L;
  private static final long SESSION = 5_000_000_003L;
  private static final String ROOM = "r/1 é😀<";
  private static final String PEER = "../10";
  private static final Duration FLUSH = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Rig rig;
  private ConnectorClient node;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig(folder, Databases.SQLITE.url(folder), List.of());
    node = rig.client(rig.link.port(), 1, new EventOutbox(1000));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void restoresEveryRowAndChangesNothingTheSecondTime(Databases kind) throws Exception {
    record(0);
    record(1, Gap.newBuilder().setFromMs(5).setToMs(6).setCause("disk").setPackets(3).build());
    rig.objects.put("acme/transmux/2026/01/02/job_1/a.webm", "media".getBytes(UTF_8), "video/webm");
    rig.objects.put("acme/transmux/2026/01/02/job_1/summary.json", ("{\"recording\":" + RECORDING + ",\"files\":["
        + "{\"path\":\"a.webm\",\"uri\":\"s3://tapes/rec/acme/transmux/2026/01/02/job_1/a.webm\",\"kind\":\"track\","
        + "\"codecs\":[\"VP8\"],\"duration_ms\":7,\"bytes\":5,\"width\":640},"
        + "{\"path\":\"b.webm\",\"uri\":\"s3://elsewhere/b.webm\",\"kind\":\"track\",\"codecs\":[]}]}").getBytes(UTF_8),
        "application/json");
    try (Database rows = kind.open(folder)) {
      RebuildReport report = rebuild(rows);

      assertThat(report.problems()).isEmpty();
      assertThat(report.counts()).containsEntry("restored", 2L).containsEntry("signed", 2L).containsEntry("files", 1L);
      for (int i = 0; i < 2; i++) {
        RecordingRows.Recording before = rig.recording("acme", RECORDING + i);
        RecordingRows.Recording after = find(rows, RECORDING + i);
        assertThat(after).usingRecursiveComparison().ignoringFields("incarnation", "changes", "spokenChanges", "changedMs",
            "openedMs", "closedMs", "instance").isEqualTo(before);
        assertThat(after.changes()).isEqualTo(after.spokenChanges());
        assertThat(untaped(rows))
            .containsExactly(new Exclusions.Stay("bob", 0, TAPE_FROM_MS, TAPE_FROM_MS + 2000));
        assertThat(newest(i).intervals()).hasSize(1);
        long recording = RECORDING + i;
        assertThat(ledger(rows, recording)).isEqualTo(ledger(rig.database, recording));
      }
      List<FileRows.StoredFile> files = rows.read(handle -> FileRows.of(handle, "acme", RECORDING));
      assertThat(files).containsExactly(new FileRows.StoredFile(
          "a.webm", "acme/transmux/2026/01/02/job_1/a.webm", "video/webm", "track", "vp8", 7, 5));
      assertThat(rebuild(rows).counts()).containsEntry("kept", 2L).doesNotContainKeys("restored", "files");
    }
  }

  @Test
  void restoresFromAFolderToo() throws Exception {
    record(0);
    try (Database rows = Databases.SQLITE.open(folder)) {
      RebuildReport report = new LibraryRebuild(new FolderSource(folder.resolve("store/tapes/rec")), rows,
          rig.keys.publicKeys(), rig.clock::get).run();

      assertThat(report.problems()).isEmpty();
      assertThat(find(rows, RECORDING).verdict()).contains(Verdict.COMPLETE);
    }
  }

  @Test
  void refusesAForgedManifestAndTellsOfKeysItDoesNotKnow() throws Exception {
    record(0);
    byte[] whole = rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1));
    byte[] forged = new String(whole, UTF_8).replace("\"verdict\":\"complete\"", "\"verdict\":\"partial\"").getBytes(UTF_8);
    try (Database rows = Databases.SQLITE.open(folder)) {
      rig.objects.put(ChunkKey.manifest("acme", ROOM, RECORDING, 1), forged, "application/json");
      assertThat(rebuild(rows).problems()).singleElement()
          .satisfies(problem -> assertThat(problem.what()).contains("signature"));
      byte[] stripped = ManifestSignature.cut(whole).orElseThrow().json();
      rig.objects.put(ChunkKey.manifest("acme", ROOM, RECORDING, 1), stripped, "application/json");
      assertThat(rebuild(rows).counts()).containsEntry("forged", 1L);
      long known = rows.read(handle -> RecordingRows.count(handle, "acme", Optional.empty()));
      assertThat(known).isZero();

      rig.objects.put(ChunkKey.manifest("acme", ROOM, RECORDING, 1), whole, "application/json");
      RebuildReport unpinned = new LibraryRebuild(new StoreSource(rig.objects), rows, new ManifestKeySet(List.of()),
          rig.clock::get).run();
      assertThat(unpinned.counts()).containsEntry("unknown_key", 1L).containsEntry("restored", 1L);
    }
  }

  /** L18: what is gone from the store is not called stored, whatever the manifest said once. */
  @Test
  void amendsWhatIsNoLongerWhole() throws Exception {
    record(0);
    Manifest before = newest(0);
    rig.objects.delete(before.sessions().getFirst().chunks().get(1).key());
    try (Database rows = Databases.SQLITE.open(folder)) {
      RebuildReport report = rebuild(rows);

      assertThat(report.problems()).singleElement().satisfies(problem ->
          assertThat(problem.key()).isEqualTo(before.sessions().getFirst().chunks().get(1).key()));
      assertThat(find(rows, RECORDING).changeReason()).contains("rebuilt");
      assertThat(find(rows, RECORDING).changes()).isNotEqualTo(find(rows, RECORDING).spokenChanges());
      long open = rows.read(TapeRows::countOpen);
      assertThat(open).isEqualTo(1);
    }
  }

  @Test
  void takesOverChunksThatNoManifestNames() throws Exception {
    record(0);
    byte[] late = chunk(RECORDING, 2);
    ChunkKey lateKey = key(RECORDING, 2);
    rig.objects.put(lateKey.toString(), late, "application/octet-stream");
    byte[] alone = chunk(RECORDING + 9, 0);
    rig.objects.put(key(RECORDING + 9, 0).toString(), alone, "application/octet-stream");
    rig.objects.put(key(RECORDING + 9, 1).toString(), Arrays.copyOf(alone, alone.length - 9), "application/octet-stream");
    try (Database rows = Databases.SQLITE.open(folder)) {
      RebuildReport report = rebuild(rows);

      assertThat(report.problems()).singleElement().satisfies(problem ->
          assertThat(problem.key()).isEqualTo(key(RECORDING + 9, 1).toString()));
      assertThat(rows.read(handle -> TapeRows.of(handle, "acme", RECORDING)).getFirst().promises().getLast().sha256())
          .isEqualTo(ManifestJson.sha256(late));
      assertThat(find(rows, RECORDING).changeReason()).contains("rebuilt");
      assertThat(find(rows, RECORDING + 9).state()).isEqualTo(RecordingState.CLOSING);
      assertThat(find(rows, RECORDING + 9).room()).isEqualTo(ROOM);
      assertThat(rebuild(rows).counts()).containsEntry("kept", 2L);
    }
  }

  /** L18: a recording of which only chunks are left is judged by what they say themselves, requested sheds included. */
  @Test
  void takesOverTheGapsThatChunksName() throws Exception {
    GapEntry shed = new GapEntry(1, 1_800_000_010_100L, 1_800_000_010_200L, GapEntry.SHED, 4, true);
    GapEntry disk = new GapEntry(0, 1_800_000_010_300L, 1_800_000_010_400L, GapEntry.DISK, 7);
    rig.objects.put(key(RECORDING, 0).toString(), chunk(RECORDING, 0, shed, disk), "application/octet-stream");
    try (Database rows = Databases.SQLITE.open(folder)) {
      rebuild(rows);

      List<Tape> tapes = rows.read(handle -> TapeRows.of(handle, "acme", RECORDING));
      assertThat(new ChunkLedger(tapes).judge(Optional.empty(), List.of()).gaps())
          .extracting(Manifest.Gap::cause, Manifest.Gap::track, Manifest.Gap::packets, Manifest.Gap::requested)
          .containsExactly(tuple("shed", 1, 4L, true), tuple("disk", 0, 7L, false), tuple("crash", 0, 0L, false));
      assertThat(untaped(rows))
          .containsExactly(new Exclusions.Stay("bob", 9, 1_800_000_010_000L, 1_800_000_011_000L));
    }
  }

  @Test
  void leavesANewerRowAlone() throws Exception {
    record(0);
    try (Database rows = Databases.SQLITE.open(folder)) {
      rebuild(rows);
      rows.run(handle -> handle.execute("UPDATE recording SET manifest = 2, verdict = 'partial', title = 'mine'"));
      rebuild(rows);
      assertThat(find(rows, RECORDING).manifest()).isEqualTo(2);
      assertThat(find(rows, RECORDING).verdict()).contains(Verdict.PARTIAL);

      byte[] first = rig.objects.read(ChunkKey.manifest("acme", ROOM, RECORDING, 1));
      Manifest told = ManifestJson.read(first);
      String third = new String(ManifestSignature.cut(first).orElseThrow().json(), UTF_8)
          .replace("\"version\":1,", "\"version\":3,");
      rig.objects.put(ChunkKey.manifest("acme", ROOM, RECORDING, 3),
          ManifestSignature.sign(third.getBytes(UTF_8), rig.keys.signer().key()), "application/json");
      rebuild(rows);
      assertThat(find(rows, RECORDING).manifest()).isEqualTo(3);
      assertThat(find(rows, RECORDING).verdict()).contains(told.verdict());
      assertThat(find(rows, RECORDING).title()).isEqualTo("mine");
    }
  }

  /** F h: a store gives 1,000 keys at a time; all are seen, those of one recording together. */
  @Test
  void readsEveryPageOfTheListing() throws Exception {
    for (int i = 0; i < 1100; i++) {
      Path file = folder.resolve("store/tapes/rec").resolve(key(RECORDING + i % 3, i).toString());
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[] {1});
    }
    List<String> seen = new ArrayList<>();
    new StoreSource(rig.objects).forEach((key, bytes) -> seen.add(key + " " + bytes));

    assertThat(seen).hasSize(1100).doesNotHaveDuplicates().isSorted().allMatch(line -> line.endsWith(".tdc 1"));
  }

  private RebuildReport rebuild(Database rows) throws Exception {
    return new LibraryRebuild(new StoreSource(rig.objects), rows, rig.keys.publicKeys(), rig.clock::get).run();
  }

  /** A recording of two chunks, from its first event to its manifest. */
  private void record(int number, Gap... gaps) throws Exception {
    NodeScript script = new NodeScript(node, rig, "acme", ROOM, RECORDING + number);
    if (number == 0) {
      rig.clock.set(TAPE_FROM_MS - 1);
      script.openRoom(7);
      script.joinUntaped("bob", SESSION + 1);
    }
    script.openRecording(7);
    script.openTape(PEER, SESSION);
    for (int index = 0; index < 2; index++) {
      script.seal(PEER, SESSION, index);
      script.store(PEER, SESSION, index);
    }
    script.closeTape(PEER, SESSION, 2, gaps);
    script.closeRecording("stop");
    node.flush(FLUSH);
    rig.life.tick();
    assertThat(rig.recording("acme", RECORDING + number).state()).isEqualTo(RecordingState.FINALIZED);
  }

  private Manifest newest(int number) throws Exception {
    return ManifestJson.read(rig.objects.read(ChunkKey.newestManifest("acme", ROOM, RECORDING + number)));
  }

  private static List<Exclusions.Stay> untaped(Database rows) {
    return rows.read(handle -> RoomRows.untaped(handle, "acme", ROOM, 7));
  }

  private static RecordingRows.Recording find(Database rows, long recording) {
    return rows.read(handle -> RecordingRows.find(handle, "acme", recording)).orElseThrow();
  }

  /** Everything but when the connector first heard of a tape, which no manifest tells. */
  private static List<List<Object>> ledger(Database rows, long recording) {
    List<Tape> tapes = rows.read(handle -> TapeRows.of(handle, "acme", recording));
    return tapes.stream().map(tape -> List.<Object>of(tape.peer(), tape.session(), tape.node(), tape.promises(),
        tape.closed().orElseThrow().toBuilder().clearTape().build())).toList();
  }

  private static ChunkKey key(long recording, int index) {
    return new ChunkKey("acme", ROOM, recording, PEER, SESSION, index, 1_800_000_010_000L, 1_800_000_011_000L);
  }

  /** A whole chunk without a packet. */
  private static byte[] chunk(long recording, int index, GapEntry... gaps) throws Exception {
    byte[] buffer = new byte[1 << 16];
    ChunkWriter writer = new ChunkWriter();
    writer.attach(MemorySegment.ofArray(buffer), ByteBuffer.wrap(buffer));
    writer.header(new ChunkHeader(recording, SESSION, index, 7, 7, 1_800_000_010_000_000_000L, "acme", ROOM, PEER,
        ChunkEncryption.NONE));
    writer.clock(new ClockEntry(1, 1_800_000_010_000_000_000L));
    for (GapEntry gap : gaps) {
      writer.gap(1, gap);
    }
    writer.roomEvent(1, RoomEventEntry.joined(1_800_000_010_000L, "bob", 9, false).toJson());
    int bytesBefore = writer.position();
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(buffer, 0, bytesBefore);
    writer.end(2, new EndEntry(0, 2 + gaps.length, bytesBefore, ByteString.copyFrom(sha256.digest())));
    return Arrays.copyOf(buffer, writer.position());
  }
}
