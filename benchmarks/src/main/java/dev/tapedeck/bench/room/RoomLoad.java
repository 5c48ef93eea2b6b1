package dev.tapedeck.bench.room;

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
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.forward.ForwardRun;
import dev.tapedeck.bench.forward.ForwardSnapshot;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everybody in the room. Subscribers share one thread, count all packets and decrypt a sample. */
final class RoomLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 4;

  private static final int PACKET_BYTES = 1200;
  /** 12 of RTP, and 16 of extensions: mid, transport-cc, abs-send-time in one-byte form. */
  private static final int HEADER_BYTES = 28;
  private static final int VOICE_BITS_PER_SECOND = 32_000;
  private static final int DECRYPT_ONE_IN = 64;
  private static final String ROOM = "bench";
  private static final Duration FIRST_MEDIA_POLL = Duration.ofMillis(1);
  private static final Duration FIRST_MEDIA_DEADLINE = Duration.ofSeconds(60);

  /** They join and leave before anything is measured: what is loaded once is no subscriber's. */
  private static final int REHEARSAL = 20;

  private final LoadTarget target;
  private final List<SrtpProtection> protections;
  private final int packetsPerSecond;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClientLoop publisherLoop = new ClientLoop("bench-publishers");
  private final ClientLoop subscriberLoop = new ClientLoop("bench-subscribers");
  private final List<SyntheticPublisher> publishers = new ArrayList<>();

  /** @param packetsPerSecond of each video */
  RoomLoad(LoadTarget target, List<SrtpProtection> protections, int packetsPerSecond) {
    this.target = target;
    this.protections = protections;
    this.packetsPerSecond = packetsPerSecond;
  }

  /** Joins so many publishers, who send until {@link #close}. */
  void publish(int count) throws IOException {
    publishers.addAll(Together.each(count, this::publishOne));
  }

  private SyntheticPublisher publishOne(int number) throws IOException {
    PublishedTrack voice = PublishedTrack.of(
        OfferedMedia.sending("0", MediaKind.AUDIO, Codec.opus(111), 1001, 0), new VoiceSource(VOICE_BITS_PER_SECOND));
    PublishedTrack video = PublishedTrack.of(
        OfferedMedia.sending("1", MediaKind.VIDEO, Codec.vp8(96, 97), 1002, 1003),
        new BurstSource(PACKETS_PER_FRAME, PACKET_BYTES - HEADER_BYTES, packetsPerSecond, Long.MAX_VALUE));
    SyntheticPublisher publisher = new SyntheticPublisher(publisherLoop, http, target.address(),
        target.tokens().whip(ROOM, name(number), false), settings(name(number), number), List.of(voice, video));
    publisher.join();
    publisher.play();
    return publisher;
  }

  /** Lets so many subscribers join, a few at a time, and measures once all of them see something. */
  RoomReport measure(int subscribers, Duration warmUp, Duration window) throws IOException {
    leave(Together.each(Math.min(REHEARSAL, subscribers), this::join));
    JvmFacts empty = JvmFacts.of(target.pid());
    List<Joined> joined = Together.each(subscribers, this::join);
    List<SyntheticWatcher> watchers = joined.stream().map(Joined::watcher).toList();
    Pause.of(warmUp);
    ForwardSnapshot before = ForwardSnapshot.take(target.pid(), watchers);
    Pause.of(window);
    ForwardRun run = ForwardSnapshot.take(target.pid(), watchers).since(before);
    JvmFacts full = JvmFacts.of(target.pid());
    leave(joined);
    return new RoomReport(publishers.size(), packetsPerSecond, run, empty, full,
        joined.stream().map(Joined::took).toList());
  }

  /** @param took from the request to the first packet */
  private record Joined(SyntheticWatcher watcher, Duration took) {}

  private Joined join(int number) throws IOException {
    String peer = "subscriber" + number;
    RtpSessionSettings counting = new RtpSessionSettings(peer, false, true, DECRYPT_ONE_IN);
    SyntheticWatcher watcher = new SyntheticWatcher(subscriberLoop, http, target.address(),
        target.tokens().whep(ROOM, peer), settings(peer, 1000 + number).withRtp(counting), SyntheticWatcher.pairs(1),
        mid -> FrameSink.NONE);
    long startNanos = System.nanoTime();
    watcher.join(Optional.of(name(number % publishers.size())));
    while (watcher.stats().packetsReceived() == 0) {
      if (System.nanoTime() - startNanos > FIRST_MEDIA_DEADLINE.toNanos()) {
        throw new IOException(peer + " received nothing within " + FIRST_MEDIA_DEADLINE);
      }
      Pause.of(FIRST_MEDIA_POLL);
    }
    return new Joined(watcher, Duration.ofNanos(System.nanoTime() - startNanos));
  }

  private static void leave(List<Joined> joined) throws IOException {
    Together.each(joined.size(), i -> {
      joined.get(i).watcher().leave();
      return true;
    });
  }

  private RtcSettings settings(String cname, long seed) {
    return RtcSettings.usual(cname, seed).withProtections(protections)
        .withLocalAddresses(List.of(InetAddress.getLoopbackAddress()));
  }

  private static String name(int publisher) {
    return "publisher" + publisher;
  }

  @Override
  public void close() {
    publishers.forEach(SyntheticPublisher::close);
    publisherLoop.close();
    subscriberLoop.close();
    http.close();
  }
}
