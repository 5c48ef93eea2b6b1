package dev.tapedeck.composer.io.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tapedeck.composer.core.job.ConvertRequest;
import dev.tapedeck.composer.core.job.JobCanceledException;
import dev.tapedeck.composer.core.job.JobProgress;
import dev.tapedeck.composer.core.job.Summary;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.io.media.Demuxer;
import dev.tapedeck.composer.io.source.FolderStore;
import dev.tapedeck.composer.io.source.RecordingNotFoundException;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobCompleted;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConverterTest {
  private static final int SECONDS = 5;
  private static final int FRAMES_PER_SECOND = 15;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int OPUS_FRAMES = SECONDS * 50;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @EnumSource(value = MediaCodec.class, names = {"VP8", "VP9", "H264", "AV1"})
  void putsEveryFrameOfEveryTrackIntoAFile(MediaCodec codec) throws IOException {
    store(new TestRecording("app", "room", 1).with(guest("ann", codec, 0)).finalized());

    Summary summary = transmux(false).summary();

    assertThat(summary.verdict()).as("%s", summary.partial()).isEqualTo("complete");
    OutputFile video = file(summary, codec.name());
    assertThat(video.path()).matches("ann-6000000000-" + codec.name().toLowerCase() + "-video-[0-9]+\\."
        + (codec == MediaCodec.H264 ? "mkv" : "webm"));
    assertThat(List.of(video.width(), video.height())).containsExactly(WIDTH, HEIGHT);
    assertThat(framesIn(video)).isEqualTo(SECONDS * FRAMES_PER_SECOND);
    assertThat(video.durationMs()).isCloseTo(SECONDS * 1000L, within(70L));
    assertThat(framesIn(file(summary, "OPUS"))).isBetween((long) OPUS_FRAMES, OPUS_FRAMES + 1L);
  }

  @Test
  void writesTheDocumentedSummaryLast() throws IOException {
    store(new TestRecording("app", "room", 2).with(guest("2", MediaCodec.VP8, 0)).with(guest("10", MediaCodec.VP8,
        1500))
        .finalized());

    Conversion conversion = transmux(false);

    String json = Files.readString(out("summary.json"));
    assertThat(json).startsWith("{\"metadata_json\":\"\",\"peers\":{\"2\":{\"sessions\":{\"6000000000\":{\"track\":{");
    Summary.Entry entry = conversion.summary().peers().get("10").sessions().get("6000000001").track().get("video")
        .timeline().getFirst();
    assertThat(entry.start()).isCloseTo(TestRecording.STARTED_MILLIS + 1520, within(15L));
    assertThat(entry.end() - entry.start()).isCloseTo(SECONDS * 1000L, within(70L));
    assertThat(out(entry.path())).exists();
    assertThat(SummaryJson.read(json)).isEqualTo(conversion.summary());
  }

  /** S4-19: every track of every session, with its beginning and its end. */
  @Test
  void tellsEveryTrackOfTwoPeersWithTwoSessionsEach() throws Exception {
    store(new TestRecording("app", "room", 6).with(guest("ann", MediaCodec.VP8, 0)).with(guest("bob", MediaCodec.VP8, 0))
        .with(guest("ann", MediaCodec.VP8, 3000)).with(guest("bob", MediaCodec.VP8, 3500)).finalized());

    RecordJobCompleted completed = completed(transmux(false));

    assertThat(completed.getTransmux().getPeersMap()).containsOnlyKeys("ann", "bob");
    completed.getTransmux().getPeersMap().forEach((peer, sessions) -> {
      assertThat(sessions.getSessionsMap()).hasSize(2);
      sessions.getSessionsMap().values().forEach(session -> {
        assertThat(session.getTrackMap()).containsOnlyKeys("audio", "video");
        assertThat(session.getTrackOrThrow("audio").getKind()).isEqualTo(Kind.AUDIO);
        assertThat(session.getTrackOrThrow("video").getKind()).isEqualTo(Kind.VIDEO);
        session.getTrackMap().values().forEach(track -> {
          assertThat(track.getTimelineCount()).isEqualTo(1);
          assertThat(out(track.getTimeline(0).getPath())).exists();
          assertThat(track.getTimeline(0).getEnd() - track.getTimeline(0).getStart())
              .isCloseTo(SECONDS * 1000L, within(70L));
        });
      });
    });
  }

  /** S4-19: a track that was published again has one entry for each time. */
  @Test
  void tellsEachTimeATrackWasPublished() throws Exception {
    Summary.Track track = new Summary.Track("Video",
        List.of(new Summary.Entry("a.webm", 1000, 2000), new Summary.Entry("b.webm", 3000, 4000)));
    Summary summary = new Summary("", Map.of("ann", new Summary.Peer(Map.of("7", new Summary.Session(Map.of("cam", track))))),
        "complete", List.of(), Optional.of(1L), 1000, 3000, List.of(), List.of());

    RecordJobCompleted completed =
        completed(new Conversion(summary, Optional.of("s3://b/summary.json"), Optional.empty(), 0));

    assertThat(completed.getTransmux().getPeersOrThrow("ann").getSessionsOrThrow(7).getTrackOrThrow("cam")
        .getTimelineList()).extracting(entry -> entry.getPath() + " " + entry.getStart() + "-" + entry.getEnd())
        .containsExactly("a.webm 1000-2000", "b.webm 3000-4000");
  }

  private static RecordJobCompleted completed(Conversion conversion) throws Exception {
    return HookEvent.parseFrom(ComposeEvents.completed("app", "job_1", conversion, 1)).getCompose().getCompleted();
  }

  @Test
  void keepsSoundAndPictureTogether() throws IOException {
    store(new TestRecording("app", "room", 3).with(guest("ann", MediaCodec.VP8, 700)).finalized());

    Summary summary = transmux(false).summary();

    Summary.Session session = summary.peers().get("ann").sessions().get("6000000000");
    long video = session.track().get("video").timeline().getFirst().start();
    long audio = session.track().get("audio").timeline().getFirst().start();
    assertThat(Math.abs(video - audio)).isLessThan(15);
  }

  @Test
  void givesEachParticipantAVoiceThatBeginsAtTheCommonZero() throws IOException {
    store(new TestRecording("app", "room", 4).with(guest("ann", MediaCodec.VP8, 0)).with(guest("bob", MediaCodec.VP8,
        2000))
        .finalized());

    Summary summary = transmux(true).summary();

    OutputFile bob = summary.files().stream().filter(file -> file.path().equals("bob.ogg")).findFirst().orElseThrow();
    assertThat(bob.durationMs()).isCloseTo(2000 + SECONDS * 1000L, within(80L));
    assertThat(framesIn(bob)).isCloseTo(OPUS_FRAMES + 100L, within(4L));
    assertThat(out("ann.ogg")).exists();
  }

  @Test
  void composesEverybodyIntoOneFile() throws IOException {
    store(new TestRecording("app", "room", 5).with(guest("ann", MediaCodec.VP8, 0)).with(guest("bob", MediaCodec.H264,
        1000))
        .finalized());

    ConvertRequest request =
        new ConvertRequest(Optional.empty(), Optional.of(new ConvertRequest.Compose(true, true)));
    Conversion conversion = new Converter(request, Optional.empty(), Optional.of(target()), "all.webm",
        JobProgress.NONE)
        .convert(source("room"), folder.resolve("tmp"));

    assertThat(conversion.composeUri()).contains(out("all.webm").toString());
    assertThat(conversion.composeDurationMs()).isCloseTo(1000 + SECONDS * 1000L, within(100L));
    try (Demuxer demuxer = Demuxer.open(out("all.webm"))) {
      assertThat(demuxer.streams()).hasSize(2);
      assertThat(demuxer.durationNanos() / 1_000_000).isCloseTo(1000 + SECONDS * 1000L, within(100L));
    }
  }

  /** Fault e, p: a torn chunk costs what was torn, and the result names it. */
  @Test
  void namesATruncatedChunkAndGoesOn() throws IOException {
    TestRecording recording = new TestRecording("app", "room", 6).with(guest("ann", MediaCodec.VP8, 0)).finalized();
    String torn = recording.chunkKeys().get(1);
    recording.objects().compute(torn, (key, chunk) -> Arrays.copyOf(chunk, chunk.length / 2));
    store(recording);

    Summary summary = transmux(false).summary();

    assertThat(summary.verdict()).isEqualTo("partial");
    assertThat(summary.partial()).hasSize(1).first().asString().contains(relative(recording,
        torn)).contains("truncated");
    assertThat(framesIn(file(summary, "OPUS"))).isBetween(OPUS_FRAMES * 7L / 10, OPUS_FRAMES * 9L / 10);
    assertThat(framesIn(file(summary, "VP8"))).isGreaterThan(SECONDS * FRAMES_PER_SECOND / 3);
  }

  @Test
  void namesAMissingChunkAndGoesOn() throws IOException {
    TestRecording recording = new TestRecording("app", "room", 7).with(guest("ann", MediaCodec.VP8, 0)).finalized();
    String missing = recording.chunkKeys().get(1);
    recording.objects().remove(missing);
    store(recording);

    Summary summary = transmux(false).summary();

    assertThat(summary.partial()).hasSize(1).first().asString().contains(relative(recording,
        missing)).contains("missing");
    // The hole stays a hole: what comes after keeps its time.
    assertThat(file(summary, "OPUS").durationMs()).isCloseTo(SECONDS * 1000L, within(70L));
  }

  @Test
  void namesAFlippedBit() throws IOException {
    TestRecording recording = new TestRecording("app", "room", 8).with(guest("ann", MediaCodec.VP8, 0)).finalized();
    String flipped = recording.chunkKeys().getFirst();
    recording.objects().get(flipped)[5000] ^= 1;
    store(recording);

    assertThat(transmux(false).summary().partial()).hasSize(1).first().asString()
        .contains(relative(recording, flipped)).contains("corrupt");
  }

  @Test
  void namesAChunkThatIsNotTheOnePromised() throws IOException {
    TestRecording recording = new TestRecording("app", "room", 9).with(guest("ann", MediaCodec.VP8, 0)).finalized();
    TestRecording other = new TestRecording("app", "room", 10).with(guest("ann", MediaCodec.VP8, 0));
    recording.objects().put(recording.chunkKeys().getFirst(), other.objects().get(other.chunkKeys().getFirst()));
    store(recording);

    assertThat(transmux(false).summary().partial()).hasSize(1).first().asString().contains("wrong hash");
  }

  /** Fault g: without a manifest the headers tell the order, whatever the names are. */
  @Test
  void ordersByTheHeadersWhenThereIsNoManifest() throws IOException {
    TestRecording recording = new TestRecording("app", "room", 11).with(guest("ann", MediaCodec.VP8, 0));
    List<String> keys = recording.chunkKeys();
    int name = keys.size();
    for (String key : keys) {
      String folderOfKey = key.substring(0, key.lastIndexOf('/') + 1);
      recording.objects().put(folderOfKey + "a" + name-- + ".tdc", recording.objects().remove(key));
    }
    store(recording);

    Summary summary = transmux(false).summary();

    assertThat(summary.partial()).containsExactly("not finalized");
    assertThat(framesIn(file(summary, "VP8"))).isEqualTo(SECONDS * FRAMES_PER_SECOND);
  }

  @Test
  void keepsHostileNamesInsideTheFolder() throws IOException {
    String peer = "../../é/\"<x>" + "y".repeat(100);
    store(new TestRecording("app", "room", 12).with(guest(peer, MediaCodec.VP8, 0)).finalized());

    Summary summary = transmux(true).summary();

    assertThat(summary.files()).hasSize(3).allSatisfy(file -> {
      assertThat(file.path()).matches("[A-Za-z0-9._~%-]{1,200}");
      assertThat(out(file.path())).exists();
    });
    assertThat(summary.peers()).containsKey(peer);
  }

  @Test
  void saysThatThereIsNoRecording() throws IOException {
    Files.createDirectories(folder.resolve("bucket/app/nobody/5000000001"));

    assertThatThrownBy(() -> new Converter(transmuxRequest(false), Optional.of(target()), Optional.empty(), "x",
        JobProgress.NONE).convert(source("nobody"), folder.resolve("tmp")))
        .isInstanceOf(RecordingNotFoundException.class).hasMessageContaining("neither a manifest nor a chunk");
  }

  @Test
  void leavesNoTemporaryFileWhenItIsCanceled() throws IOException {
    store(new TestRecording("app", "room", 13).with(guest("ann", MediaCodec.VP8, 0)).finalized());
    JobProgress canceling = (step, done) -> {
      if (step.equals("transmux")) {
        throw new JobCanceledException("enough");
      }
    };

    assertThatThrownBy(() -> new Converter(transmuxRequest(false), Optional.of(target()), Optional.empty(), "x",
        canceling)
        .convert(source("room"), folder.resolve("tmp"))).isInstanceOf(JobCanceledException.class);

    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private static Guest guest(String peer, MediaCodec codec, long joinedMillis) {
    return new Guest(peer, new SynthSpec(0, SECONDS, codec, WIDTH, HEIGHT, FRAMES_PER_SECOND), joinedMillis);
  }

  private void store(TestRecording recording) throws IOException {
    recording.writeTo(folder.resolve("bucket"));
  }

  private FolderStore source(String room) {
    return new FolderStore(folder.resolve("bucket/app/" + room + "/" + TestRecording.RECORDING));
  }

  private OutputTarget target() {
    return new StoreTarget(new FolderStore(folder.resolve("out")), "");
  }

  private static ConvertRequest transmuxRequest(boolean ogg) {
    return new ConvertRequest(Optional.of(new ConvertRequest.Transmux(ogg)), Optional.empty());
  }

  private Conversion transmux(boolean ogg) throws IOException {
    Conversion conversion = new Converter(transmuxRequest(ogg), Optional.of(target()), Optional.empty(), "",
        JobProgress.NONE).convert(source("room"), folder.resolve("tmp"));
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
    return conversion;
  }

  private Path out(String name) {
    return folder.resolve("out").resolve(name);
  }

  private static OutputFile file(Summary summary, String codec) {
    return summary.files().stream().filter(file -> file.codecs().contains(codec)).findFirst().orElseThrow();
  }

  private long framesIn(OutputFile file) throws IOException {
    long frames = 0;
    try (Demuxer demuxer = Demuxer.open(out(file.path()))) {
      while (demuxer.next().isPresent()) {
        frames++;
      }
    }
    return frames;
  }

  private static String relative(TestRecording recording, String key) {
    return key.substring(recording.path().length());
  }
}
