package dev.tapedeck.media.io.spool;

import static dev.tapedeck.media.io.spool.SpoolStage.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.record.TapeIdentity;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.PythonChunkReader;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** The spool with its real threads, files and HTTP, against a real S3 API that checks signatures. */
class SpoolUploadTest {
  private static final String BUCKET = "tapes";
  private static final String USER = "user";
  private static final String PASSWORD = "pass/word+";
  private static final long MILLI = 1_000_000;
  private static final long EPOCH = 1_795_000_000_000L * MILLI;
  private static final RecordLimits LIMITS = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 10_000 * MILLI);

  @TempDir private Path folder;

  private final ToldEvents told = new ToldEvents();
  private S3Proxy store;

  @BeforeEach
  void startStore() throws Exception {
    Files.createDirectories(folder.resolve("store").resolve(BUCKET));
    store = S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(folder.resolve("store").toString()))
        .endpoint(URI.create("http://127.0.0.1:0"))
        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, USER, PASSWORD)
        .build();
    store.start();
  }

  @AfterEach
  void stopStore() throws Exception {
    store.stop();
  }

  /** F i, L1, L2: no status but 2xx is success, and nothing is dropped for any other. L16: each attempt has its own URL. */
  @Test
  void refusalsCostTimeAndNothingElse() throws Exception {
    List<FaultyFront.Fault> faults = times(5, FaultyFront.Fault.REFUSALS);
    Outcome outcome = storeThrough(faults);
    assertThat(outcome.uploadFailures()).isGreaterThanOrEqualTo(faults.size() - 5);
    assertThat(outcome.urls()).isGreaterThanOrEqualTo(told.everSealed.size() + faults.size() - 5);
  }

  /** L2 the other way: a 2xx is no proof either. What the connector does not find byte for byte is put again. */
  @Test
  void storeThatSaysYesAndKeepsOtherBytesGetsTheChunkAgain() throws Exception {
    List<FaultyFront.Fault> faults = times(5, FaultyFront.Fault.LIES);
    assertThat(storeThrough(faults).uploadFailures()).isGreaterThanOrEqualTo(faults.size());
  }

  @Test
  void storeThatHangsIsLeftAfterTheTimeout() throws Exception {
    List<FaultyFront.Fault> faults = times(2, List.of(FaultyFront.Fault.HANGS, FaultyFront.Fault.HANGS_IN_THE_ANSWER));
    assertThat(storeThrough(faults).uploadFailures()).isGreaterThanOrEqualTo(faults.size());
  }

  /** What three stored sessions cost. */
  private record Outcome(long uploadFailures, int urls) {}

  /** Tapes three sessions behind a store with these faults, each of which is met, and compares what is stored at the end. */
  private Outcome storeThrough(List<FaultyFront.Fault> faults) throws Exception {
    Map<Long, List<byte[]>> sent;
    Outcome outcome;
    try (FaultyFront front = new FaultyFront(store.getPort(), folder.resolve("store"), faults);
        StoreLink link = new StoreLink(front.port());
        Spool spool = open(link)) {
      sent = tapeThreeSessions(spool);
      await("all chunks verified", () -> told.recordingsClosed.size() == 2 && isAllStored(spool));
      assertThat(front.faultsMet()).isEqualTo(faults.size());
      outcome = new Outcome(spool.counters().uploadFailures.get(), link.urls.get());
    }
    assertStored(sent);
    return outcome;
  }

  private static List<FaultyFront.Fault> times(int count, List<FaultyFront.Fault> faults) {
    return Collections.nCopies(count, faults).stream().flatMap(List::stream).toList();
  }

  /** L3: a connector that refuses, or is not there, is asked again; no chunk stays behind without a link. */
  @Test
  void connectorThatWasAwayIsAskedAgain() throws Exception {
    Map<Long, List<byte[]>> sent;
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      link.isAway = true;
      sent = tapeThreeSessions(spool);
      await("many refusals", () -> spool.counters().uploadFailures.get() > 30);
      assertThat(spool.counters().chunksVerified.get()).isZero();
      assertThat(spool.obstacle()).as("a node whose connector is away takes joins").isEmpty();
      link.isAway = false;
      await("all chunks verified", () -> isAllStored(spool));
    }
    assertStored(sent);
  }

  /** L4, L5: a connector that does not know the recording yet, or no more, says no for now; that is no acknowledgement. */
  @Test
  void connectorThatSawNothingGetsTheChunkAgain() throws Exception {
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      link.confirmationsToRefuse.set(7);
      Map<Long, List<byte[]>> sent = tapeThreeSessions(spool);
      await("all chunks verified", () -> isAllStored(spool));
      assertThat(link.urls.get()).isGreaterThanOrEqualTo(told.chunksSealed.size() + 7);
      assertStored(sent);
    }
  }

  /** F k, L9, L10: what a process could not store is found, matched to its session, and stored by the next. */
  @Test
  void nextProcessUploadsWhatThisOneCouldNot() throws Exception {
    Map<Long, List<byte[]>> sent;
    try (StoreLink away = new StoreLink(store.getPort())) {
      away.isAway = true;
      try (Spool spool = open(away)) {
        sent = tapeThreeSessions(spool);
        await("both recordings told", () -> told.recordingsClosed.size() == 2);
        assertThat(spool.counters().chunksVerified.get()).isZero();
      }
    }
    int promised = told.chunksSealed.size();
    told.acknowledges = true;
    told.chunksSealed.clear();
    told.tapesClosed.clear();
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      assertThat(told.chunksSealed).hasSize(promised);
      assertThat(told.tapesClosed).hasSize(3).allMatch(closed -> closed.getEnd() == TapeClosed.End.LEFT);
      await("all chunks verified", () -> isAllStored(spool));
    }
    assertStored(sent);
    told.chunksSealed.clear();
    told.tapesClosed.clear();
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      assertThat(told.chunksSealed).isEmpty();
      assertThat(told.tapesClosed).isEmpty();
      assertThat(spool.counters().unsentBytes.get()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void chunkThatTheDiskDoesNotGiveBackBecomesAGap(boolean isClosedBefore) throws Exception {
    told.acknowledges = true;
    long recording = 1L << 34;
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      link.isAway = true;
      RecordTap tap = new RecordTap(new TapeIdentity("app", "room", 1L << 35, recording, "peer", 1L << 33, 1), LIMITS,
          spool.sink(), nanos -> EPOCH + nanos, 0);
      int track = tap.addTrack(0, ChunkSamples.video());
      for (int i = 0; i < 1000; i++) {
        byte[] packet = ChunkSamples.packet(96, i, i * 3000L, 1, 1000);
        tap.rtp(track, i * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
      }
      if (isClosedBefore) {
        end(spool, tap, recording);
        await("close told", () -> told.recordingsClosed.size() == 1);
      }
      await("chunks gone to disk", () -> told.chunksSealed.size() >= 10);
      damageFirstFrame();
      link.isAway = false;
      await("chunk given up", () -> spool.counters().chunksUnreadable.get() == 1);
      if (!isClosedBefore) {
        end(spool, tap, recording);
      }
      await("all told and stored", () -> told.recordingsClosed.size() == 1 && spool.counters().unsentBytes.get() == 0);
    }
    TapeClosed closed = List.copyOf(told.tapesClosed).getLast();
    ChunkSealed lost = told.chunksSealed.peek();
    assertThat(told.tapesClosed).hasSize(isClosedBefore ? 2 : 1);
    assertThat(closed.getLostChunksList()).containsExactly(lost.getIndex());
    assertThat(closed.getGapsList()).containsExactly(Gap.newBuilder().setFromMs(lost.getFromMs())
        .setToMs(lost.getToMs()).setCause("disk").setPackets(lost.getPackets()).build());
    assertThat(closed.getPackets()).isEqualTo(1000 - lost.getPackets());
    assertThat(closed.getChunks()).isEqualTo(told.chunksSealed.size());
    told.tapesClosed.clear();
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      assertThat(told.tapesClosed).as("told by the next process").isEmpty();
    }
  }

  private static void end(Spool spool, RecordTap tap, long recording) {
    tap.close(1000 * MILLI, TapeEnd.LEFT);
    spool.sink().recordingClosed("app", "room", recording, "empty");
  }

  /** One bit of the oldest chunk turns over on the disk. */
  private void damageFirstFrame() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("spool"));
        RandomAccessFile file = new RandomAccessFile(
            files.filter(path -> path.toString().endsWith(".tds")).sorted().findFirst().orElseThrow().toFile(), "rw")) {
      long inPayload = Segment.HEADER_BYTES + JournalFrame.HEADER_BYTES + 1000;
      file.seek(inPayload);
      int before = file.read();
      file.seek(inPayload);
      file.write(before ^ 1);
    }
  }

  @Test
  void folderBelongsToOneProcess() throws Exception {
    try (StoreLink link = new StoreLink(store.getPort()); Spool spool = open(link)) {
      assertThat(spool.counters().tapesRecovered.get()).isZero();
      assertThat(catchThrowable(() -> open(link)))
          .isInstanceOf(IOException.class).hasMessageContaining("in use by another process");
    }
  }

  private Spool open(UploadLink link) throws IOException {
    SpoolConfig config = new SpoolConfig(Durability.INTERVAL, Duration.ofMillis(100), LIMITS.slabBytes(), 4 << 20,
        256 << 10, 0, 256 << 10, 4, Duration.ofSeconds(2), Duration.ofMillis(5), Duration.ofMillis(50));
    return Spool.open(folder.resolve("spool"), config, link, told, new SplittableRandom(1));
  }

  /** Two rooms, each taped by a thread of its own; returns the packets by session. */
  private Map<Long, List<byte[]>> tapeThreeSessions(Spool spool) throws InterruptedException {
    told.acknowledges = true;
    Map<Long, List<byte[]>> sent = new TreeMap<>();
    sent.put(1L << 33, new ArrayList<>());
    sent.put(2L << 33, new ArrayList<>());
    sent.put(3L << 33, new ArrayList<>());
    Thread one = Thread.ofPlatform().start(() -> {
      tape(spool, "room 1/é", 1L << 34, 1L << 33, sent);
      tape(spool, "room 1/é", 1L << 34, 2L << 33, sent);
      spool.sink().recordingClosed("app", "room 1/é", 1L << 34, "empty");
    });
    Thread two = Thread.ofPlatform().start(() -> {
      tape(spool, "..", 2L << 34, 3L << 33, sent);
      spool.sink().recordingClosed("app", "..", 2L << 34, "stop");
    });
    one.join();
    two.join();
    return sent;
  }

  private void tape(Spool spool, String room, long recording, long session, Map<Long, List<byte[]>> sent) {
    RecordTap tap = new RecordTap(new TapeIdentity("app", room, 1L << 35, recording, "peer", session, 1), LIMITS,
        spool.sink(), nanos -> EPOCH + nanos, 0);
    int track = tap.addTrack(0, ChunkSamples.video());
    for (int i = 0; i < 600; i++) {
      byte[] packet = ChunkSamples.packet(96, i, i * 3000L, 1, 100 + i);
      tap.rtp(track, i * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
      sent.get(session).add(packet);
    }
    assertThat(tap.missedPackets()).isZero();
    tap.close(600 * MILLI, TapeEnd.LEFT);
  }

  private boolean isAllStored(Spool spool) {
    return told.tapesClosed.size() >= 3 && spool.counters().unsentBytes.get() == 0;
  }

  /** L18: each chunk has an end mark and a checksum, by the second reader, and holds what was sent. */
  private void assertStored(Map<Long, List<byte[]>> sent) throws Exception {
    List<Path> files = new ArrayList<>();
    for (ChunkSealed sealed : told.everSealed) {
      Path file = folder.resolve("store").resolve(BUCKET).resolve(sealed.getKey());
      if (!files.contains(file)) {
        files.add(file);
      }
      assertThat(Files.size(file)).isEqualTo(sealed.getBytes());
      assertThat(ByteString.copyFrom(sha256(Files.readAllBytes(file)))).isEqualTo(sealed.getSha256());
    }
    Map<Long, TreeMap<Long, List<String>>> stored = new TreeMap<>();
    for (List<JsonNode> lines : PythonChunkReader.read(folder, files).values()) {
      assertThat(lines.getLast().get("state").asText()).isEqualTo("complete");
      JsonNode header = lines.getFirst();
      stored.computeIfAbsent(header.get("session").asLong(), session -> new TreeMap<>())
          .put(header.get("index").asLong(), lines.stream()
              .filter(line -> line.path("kind").asText().equals("rtp"))
              .map(line -> line.get("payload").asText()).toList());
    }
    sent.forEach((session, packets) -> {
      List<String> expected = packets.stream().map(HexFormat.of()::formatHex).toList();
      List<String> read = stored.get(session).values().stream().flatMap(List::stream).collect(Collectors.toList());
      assertThat(read).as("session %d", session).isEqualTo(expected);
    });
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The connector's part, with a presigner that signs length and checksum. */
  private final class StoreLink implements UploadLink, AutoCloseable {
    final AtomicInteger confirmationsToRefuse = new AtomicInteger();
    final AtomicInteger urls = new AtomicInteger();
    volatile boolean isAway;
    private final S3Presigner presigner;

    StoreLink(int port) {
      presigner = S3Presigner.builder()
          .endpointOverride(URI.create("http://127.0.0.1:" + port))
          .region(Region.US_EAST_1)
          .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
          .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(USER, PASSWORD)))
          .build();
    }

    @Override
    public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException {
      if (isAway) {
        throw new IOException("connector is away");
      }
      urls.incrementAndGet();
      PresignedPutObjectRequest signed = presigner.presignPutObject(request -> request
          .signatureDuration(Duration.ofMinutes(5))
          .putObjectRequest(put -> put.bucket(BUCKET).key(chunk.getKey()).contentLength(chunk.getBytes())
              .checksumSHA256(Base64.getEncoder().encodeToString(chunk.getSha256().toByteArray()))));
      Map<String, String> headers = signed.signedHeaders().entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().getFirst()));
      return Optional.of(new PresignedPut(URI.create(signed.url().toString()), headers));
    }

    @Override
    public void confirmStored(ChunkSealed chunk) throws IOException {
      Path file = folder.resolve("store").resolve(BUCKET).resolve(chunk.getKey());
      boolean refuses = confirmationsToRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
      if (refuses || !Files.exists(file) || Files.size(file) != chunk.getBytes()
          || !ByteString.copyFrom(sha256(Files.readAllBytes(file))).equals(chunk.getSha256())) {
        throw new IOException("object not seen, or another");
      }
    }

    @Override
    public void close() {
      presigner.close();
    }
  }
}
