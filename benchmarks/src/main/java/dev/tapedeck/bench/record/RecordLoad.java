package dev.tapedeck.bench.record;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.media.VoiceSource;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Publishers and who watches them. A token decides at the join whether a session is taped, so a measurement has two of
 * these and lets one or the other send. Watchers count packets on one shared thread and decrypt only a sample.
 */
final class RecordLoad implements AutoCloseable {
  /** Opus payload; browsers send about this for one voice. */
  static final int VOICE_BITS_PER_SECOND = 32_000;

  private static final int PACKETS_PER_FRAME = 8;
  private static final long VOICE_FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final int DECRYPT_ONE_IN = 64;
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String PUBLISHER = "publisher";
  private static final String MID = "0";

  private final LoadTarget target;
  private final RecordOptions options;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop publisherLoop = new ClientLoop("bench-publisher");
  private final ClientLoop watcherLoop = new ClientLoop("bench-watchers");
  private final List<SyntheticWatcher> watchers = new ArrayList<>();
  private List<SyntheticPublisher> publishers = List.of();
  private List<BurstSource> pictures = List.of();
  private boolean isHeld;

  RecordLoad(LoadTarget target, RecordOptions options) {
    this.target = target;
    this.options = options;
  }

  /** Joins the subscribers of rooms {@code prefix-0} and so on. */
  void watch(String prefix) throws IOException {
    int perRoom = options.subscribers();
    watchers.addAll(Together.each(options.publishers() * perRoom,
        i -> watch(prefix + "-" + i / perRoom, i % perRoom)));
  }

  private SyntheticWatcher watch(String room, int number) throws IOException {
    String peer = "subscriber" + number;
    RtpSessionSettings counting = new RtpSessionSettings(peer, false, true, DECRYPT_ONE_IN);
    RtcSettings settings = settings(peer, 100 + number).withRtp(counting);
    SyntheticWatcher watcher = new SyntheticWatcher(watcherLoop, http, target.address(),
        target.tokens().whep(room, peer), settings,
        List.of(OfferedMedia.receiving(MID, MediaKind.VIDEO, List.of(Codec.vp8(96, 97)))), mid -> FrameSink.NONE);
    watcher.join(Optional.of(PUBLISHER));
    return watcher;
  }

  /** Joins one publisher of video in each room; they send until {@link #unpublish}, unless held. */
  void publishVideo(String prefix, boolean isRecorded) throws IOException {
    OfferedMedia media = OfferedMedia.sending(MID, MediaKind.VIDEO, Codec.vp8(96, 97), 1001, 1002);
    pictures = Stream.generate(() -> new BurstSource(PACKETS_PER_FRAME, RecordOptions.PACKET_BYTES - HEADER_BYTES,
        options.packetsPerSecond(), Long.MAX_VALUE)).limit(options.publishers()).toList();
    pictures.forEach(picture -> picture.setHeld(isHeld));
    long frameNanos = TimeUnit.SECONDS.toNanos(PACKETS_PER_FRAME) / options.packetsPerSecond();
    publish(prefix, isRecorded, frameNanos, i -> PublishedTrack.of(media, pictures.get(i)));
  }

  /** The same with voices alone. */
  void publishAudio(String prefix, boolean isRecorded) throws IOException {
    OfferedMedia media = OfferedMedia.sending(MID, MediaKind.AUDIO, Codec.opus(111), 1001, 0);
    publish(prefix, isRecorded, VOICE_FRAME_NANOS,
        i -> PublishedTrack.of(media, new VoiceSource(VOICE_BITS_PER_SECOND)));
  }

  private void publish(String prefix, boolean isRecorded, long frameNanos, IntFunction<PublishedTrack> track)
      throws IOException {
    publishers = Together.each(options.publishers(), i -> {
      String room = prefix + "-" + i;
      SyntheticPublisher publisher = new SyntheticPublisher(publisherLoop, http, target.address(),
          target.tokens().whip(room, PUBLISHER, isRecorded), settings(PUBLISHER, i), List.of(track.apply(i)));
      publisher.join();
      publisher.play(startNanos(i, frameNanos));
      return publisher;
    });
  }

  /**
   * Frames of different publishers are spread evenly over a frame's time, and by the clock of the machine: how they
   * fall together decides how often the server wakes, so it must be the same for every load.
   */
  private long startNanos(int publisher, long frameNanos) {
    long earliestNanos = publisherLoop.nowNanos() + START_DELAY_NANOS;
    long phaseNanos = frameNanos * publisher / options.publishers();
    return earliestNanos + Math.floorMod(phaseNanos - earliestNanos, frameNanos);
  }

  /** Lets the video publishers go silent, those to come as well. */
  void hold() {
    setHeld(true);
  }

  /** Lets them send again. */
  void resume() {
    setHeld(false);
  }

  private void setHeld(boolean held) {
    isHeld = held;
    pictures.forEach(picture -> picture.setHeld(held));
  }

  void unpublish() throws IOException {
    List<SyntheticPublisher> leaving = publishers;
    publishers = List.of();
    Together.each(leaving.size(), i -> {
      leaving.get(i).leave(Duration.ZERO);
      return true;
    });
  }

  private RtcSettings settings(String cname, long seed) {
    return RtcSettings.usual(cname, seed).withProtections(ServerOptions.protections(options.profile()))
        .withLocalAddresses(List.of(InetAddress.getLoopbackAddress()));
  }

  long sentPackets() {
    return publishers.stream().mapToLong(publisher -> publisher.sentLog().packetsSent()).sum();
  }

  long watchedPackets() {
    return watchers.stream().mapToLong(watcher -> watcher.stats().packetsReceived()).sum();
  }

  long lostPackets() {
    return watchers.stream().mapToLong(watcher -> watcher.stats().lostPackets()).sum();
  }

  /** UDP ports of the watchers. */
  Set<Integer> watcherPorts() {
    return watchers.stream().map(watcher -> watcher.client().path().port().localAddress().getPort())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    publishers.forEach(SyntheticPublisher::close);
    watchers.forEach(SyntheticWatcher::close);
    publisherLoop.close();
    watcherLoop.close();
    http.close();
  }
}
