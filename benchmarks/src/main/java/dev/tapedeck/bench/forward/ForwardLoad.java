package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The clients of a measurement: one publisher, and subscribers that count packets on one shared thread and decrypt only
 * a sample, so that two cores hold fifty of them beside the server.
 */
final class ForwardLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 8;
  private static final int PACKET_BYTES = 1200;
  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final int DECRYPT_ONE_IN = 64;
  private static final String ROOM = "bench";
  private static final String PUBLISHER = "publisher";
  private static final String MID = "0";

  private final LoadTarget target;
  private final List<SrtpProtection> protections;
  private final int packetsPerSecond;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop publisherLoop = new ClientLoop("bench-publisher");
  private final ClientLoop subscriberLoop = new ClientLoop("bench-subscribers");
  private SyntheticPublisher publisher;

  ForwardLoad(LoadTarget target, List<SrtpProtection> protections, int packetsPerSecond) {
    this.target = target;
    this.protections = protections;
    this.packetsPerSecond = packetsPerSecond;
  }

  /** Joins the publisher and lets it send until {@link #close}. */
  void publish() throws IOException {
    OfferedMedia media = OfferedMedia.sending(MID, MediaKind.VIDEO, Codec.vp8(96, 97), 1001, 1002);
    BurstSource source = new BurstSource(
        PACKETS_PER_FRAME, PACKET_BYTES - HEADER_BYTES, packetsPerSecond, Long.MAX_VALUE);
    RtcSettings settings = RtcSettings.usual(PUBLISHER, 1).withProtections(protections);
    String token = target.tokens().whip(ROOM, PUBLISHER, false);
    publisher = new SyntheticPublisher(
        publisherLoop, http, target.address(), token, settings, List.of(PublishedTrack.of(media, source)));
    publisher.join();
    publisher.play();
  }

  ForwardRun measure(int subscribers, Duration warmUp, Duration window) throws IOException {
    List<SyntheticWatcher> watchers = Together.each(subscribers, this::joinOne);
    try {
      for (SyntheticWatcher watcher : watchers) {
        Await.until("media at every subscriber", () -> watcher.stats().packetsReceived(), received -> received > 0);
      }
      Pause.of(warmUp);
      ForwardSnapshot before = ForwardSnapshot.take(target.pid(), watchers);
      Pause.of(window);
      return ForwardSnapshot.take(target.pid(), watchers).since(before);
    } finally {
      for (SyntheticWatcher watcher : watchers) {
        watcher.leave();
      }
    }
  }

  private SyntheticWatcher joinOne(int number) throws IOException {
    RtpSessionSettings counting = new RtpSessionSettings("subscriber" + number, false, true, DECRYPT_ONE_IN);
    RtcSettings settings =
        RtcSettings.usual("subscriber" + number, 100 + number).withProtections(protections).withRtp(counting);
    List<OfferedMedia> media =
        List.of(OfferedMedia.receiving(MID, MediaKind.VIDEO, List.of(Codec.vp8(96, 97))));
    SyntheticWatcher watcher = new SyntheticWatcher(subscriberLoop, http, target.address(),
        target.tokens().whep(ROOM, "subscriber" + number), settings, media, mid -> FrameSink.NONE);
    watcher.join(Optional.of(PUBLISHER));
    return watcher;
  }

  @Override
  public void close() {
    if (publisher != null) {
      publisher.close();
    }
    publisherLoop.close();
    subscriberLoop.close();
    http.close();
  }
}
