package dev.tapedeck.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.bench.client.ice.LocalAddresses;
import dev.tapedeck.bench.client.media.IvfFrame;
import dev.tapedeck.bench.client.media.IvfWriter;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.SeededImpairment;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.HeaderExtension;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publisher and watcher of the kit with everything real between them but the server. */
class SyntheticCallTest {
  private static final long SEED = 31;

  /** The seed picks datagrams, not which of them are video, so enough are lost that some always are. */
  private static final double LOSS = 0.1;

  private static final int VIDEO_FRAMES = 60;
  private static final int AUDIO_FRAMES = 100;
  private static final Duration CLIP = Duration.ofSeconds(2);

  @TempDir
  Path folder;

  private final ClientLoop loop = new ClientLoop("call-test");
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<byte[]> videoClip = new ArrayList<>();
  private final List<byte[]> audioClip = new ArrayList<>();
  private final List<byte[]> seenVideo = new CopyOnWriteArrayList<>();
  private final List<byte[]> seenAudio = new CopyOnWriteArrayList<>();
  private TestSfu sfu;

  @BeforeEach
  void start() throws IOException {
    sfu = new TestSfu(LocalAddresses.loopbackAndInterface());
    writeClip("video.ivf", "VP80", 30, VIDEO_FRAMES, 4000, videoClip);
    writeClip("audio.ivf", "OPUS", 50, AUDIO_FRAMES, 90, audioClip);
  }

  private void writeClip(String name, String fourcc, int rate, int frames, int maxBytes, List<byte[]> kept)
      throws IOException {
    Random random = new Random(SEED);
    try (IvfWriter writer = new IvfWriter(folder.resolve(name), fourcc, 64, 64, rate, 1)) {
      for (int i = 0; i < frames; i++) {
        byte[] frame = new byte[1 + random.nextInt(maxBytes)];
        random.nextBytes(frame);
        kept.add(frame);
        writer.write(new IvfFrame(i, frame));
      }
    }
  }

  @AfterEach
  void stop() {
    sfu.close();
    loop.close();
    http.close();
  }

  @ParameterizedTest
  @EnumSource(SrtpProtection.class)
  void everyFrameOfTheClipsArrivesUnchanged(SrtpProtection protection) throws Exception {
    RtcSettings settings = RtcSettings.usual("p", SEED).withProtections(List.of(protection));
    try (SyntheticPublisher publisher = publisher(settings); SyntheticWatcher watcher = watcher(settings)) {
      call(publisher, watcher, () -> {});

      assertThat(publisher.sentLog().framesSent()).isEqualTo(VIDEO_FRAMES + AUDIO_FRAMES);
      assertThat(publisher.stats().packetsSent()).isEqualTo(publisher.sentLog().packetsSent());
      assertThat(watcher.stats().lostPackets()).isZero();
      assertThat(watcher.stats().packetsReceived()).isEqualTo(publisher.sentLog().packetsSent());
      assertThat(watcher.frames("v").backwardTimestamps()).isZero();
    }
  }

  @Test
  void videoSurvivesLossInBothDirections() throws Exception {
    System.out.println("impairment seed " + SEED);
    RtcSettings lossy = RtcSettings.usual("p", SEED).withNetwork(
        new SeededImpairment(SEED, SeededImpairment.Rates.loss(LOSS)),
        new SeededImpairment(SEED + 1, SeededImpairment.Rates.loss(LOSS)));
    try (SyntheticPublisher publisher = publisher(lossy); SyntheticWatcher watcher = watcher(lossy)) {
      publisher.join();
      watcher.join(Optional.empty());
      publisher.play();
      publisher.awaitEnd(CLIP.plusSeconds(20));
      // The very last packets may be lost with nothing behind them to show it; all others are repaired.
      await(() -> seenVideo.size() >= VIDEO_FRAMES - 2);

      SessionStats watched = watcher.stats();
      assertThat(watched.repairedPackets()).isPositive();
      assertThat(publisher.stats().retransmitted()).isPositive();
      for (int i = 0; i < VIDEO_FRAMES - 2; i++) {
        assertThat(seenVideo.get(i)).as("frame " + i).isEqualTo(videoClip.get(i));
      }
    }
  }

  @Test
  void mediaGoesOnThroughAnIceRestart() throws Exception {
    RtcSettings settings = RtcSettings.usual("p", SEED);
    try (SyntheticPublisher publisher = publisher(settings); SyntheticWatcher watcher = watcher(settings)) {
      call(publisher, watcher, () -> {
        int before = publisher.client().path().port().localAddress().getPort();
        publisher.restartIce();
        assertThat(publisher.client().path().port().localAddress().getPort()).isNotEqualTo(before);
      });
    }
  }

  @Test
  void slotsAreWrittenAsTheServerReadsThem() throws Exception {
    RtcSettings settings = RtcSettings.usual("p", SEED);
    try (SyntheticWatcher watcher = watcher(settings)) {
      watcher.join(Optional.of("p1"));
      watcher.show(List.of(WhepClient.Slot.of("a", "p1", "audio"), WhepClient.Slot.empty("v", "video")));

      assertThat(sfu.slotBodies).containsExactly("{\"slots\":[{\"mid\":\"a\",\"peer\":\"p1\",\"track\":\"audio\"},"
          + "{\"mid\":\"v\",\"peer\":null,\"track\":\"video\"}]}");
      watcher.leave();
      assertThat(sfu.connections).isEmpty();
    }
  }

  @Test
  void aRefusedTokenIsToldWithItsStatus() throws Exception {
    try (SyntheticPublisher publisher = new SyntheticPublisher(
        loop, http, sfu.address(), "wrong", RtcSettings.usual("p", SEED), tracks())) {
      assertThatThrownBy(publisher::join).isInstanceOfSatisfying(SignalingException.class,
          refused -> assertThat(refused.status()).isEqualTo(401));
    }
  }

  /** What a test does while the clips play. */
  private interface Meanwhile {
    void run() throws IOException;
  }

  private void call(SyntheticPublisher publisher, SyntheticWatcher watcher, Meanwhile meanwhile) throws IOException {
    publisher.join();
    watcher.join(Optional.empty());
    publisher.play();
    meanwhile.run();
    publisher.awaitEnd(CLIP.plusSeconds(20));
    await(() -> seenVideo.size() == VIDEO_FRAMES && seenAudio.size() == AUDIO_FRAMES);
    publisher.leave(Duration.ZERO);

    assertThat(seenVideo).containsExactlyElementsOf(videoClip);
    assertThat(seenAudio).containsExactlyElementsOf(audioClip);
    assertThat(sfu.connections).hasSize(1);
  }

  private SyntheticPublisher publisher(RtcSettings settings) throws IOException {
    return new SyntheticPublisher(loop, http, sfu.address(), TestSfu.TOKEN, settings, tracks());
  }

  private List<PublishedTrack> tracks() throws IOException {
    Random random = new Random(SEED);
    return List.of(PublishedTrack.audio(folder.resolve("audio.ivf"), CLIP.multipliedBy(2), random),
        PublishedTrack.video(folder.resolve("video.ivf"), CLIP.multipliedBy(2), random));
  }

  /** Other payload types and extension ids than the publisher's, video ids in two-byte form. */
  private SyntheticWatcher watcher(RtcSettings settings) {
    OfferedMedia audio = OfferedMedia.receiving("a", MediaKind.AUDIO, List.of(Codec.opus(109)))
        .withExtensionIds(Map.of(HeaderExtension.MID, 9));
    OfferedMedia video = OfferedMedia.receiving("v", MediaKind.VIDEO, List.of(Codec.vp8(120, 124)))
        .withExtensionIds(Map.of(HeaderExtension.MID, 20, HeaderExtension.TRANSPORT_CC, 21));
    return new SyntheticWatcher(loop, http, sfu.address(), TestSfu.TOKEN, settings, List.of(audio, video),
        mid -> (data, timestamp, isKeyFrame) -> (mid.equals("a") ? seenAudio : seenVideo).add(data));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
