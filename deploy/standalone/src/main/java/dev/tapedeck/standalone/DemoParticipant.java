package dev.tapedeck.standalone;

import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.WhepClient.Slot;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.SentPacket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One synthetic participant of a room: publishes its clip by WHIP and watches the others by one WHEP connection. A real
 * client over UDP; it shares no code with the media server. Its methods block; one thread at a time.
 */
final class DemoParticipant implements AutoCloseable {
  /** Name of no track: the server takes the first one of the slot's kind. */
  private static final String FIRST_OF_ITS_KIND = "";
  private static final Duration TOKEN_VALIDITY = Duration.ofMinutes(5);
  /** A machine that is busy plays late, but it plays. */
  private static final Duration LATE = Duration.ofSeconds(60);

  private final DemoClips.Clip clip;
  private final List<String> others;
  private final Duration length;
  private final PublishedTrack audio;
  private final PublishedTrack video;
  private final SyntheticPublisher publisher;
  private final Optional<SyntheticWatcher> watcher;

  /**
   * What all participants of a room share.
   *
   * @param api    issues their tokens
   * @param clips  folder of the clips
   * @param record whether they are taped
   */
  record Setting(ClientLoop loop, HttpClient http, URI origin, ApiClient api, Path clips, String room,
      boolean record) {}

  /** @param others whom it watches, may be none */
  DemoParticipant(Setting setting, DemoClips.Clip clip, Duration length, List<String> others) throws IOException {
    this.clip = clip;
    this.others = List.copyOf(others);
    this.length = length;
    SplittableRandom random = new SplittableRandom(clip.participant());
    audio = PublishedTrack.audio(setting.clips().resolve(clip.audio()), length, random);
    video = PublishedTrack.video(setting.clips().resolve(clip.video()), length, random);
    publisher = new SyntheticPublisher(setting.loop(), setting.http(), setting.origin(), token(setting, "whip"),
        RtcSettings.usual(clip.peer(), clip.participant()), List.of(audio, video));
    watcher = others.isEmpty() ? Optional.empty() : Optional.of(new SyntheticWatcher(setting.loop(), setting.http(),
        setting.origin(), token(setting, "whep"), RtcSettings.usual(clip.peer(), 1000 + clip.participant()),
        SyntheticWatcher.pairs(others.size()), mid -> FrameSink.NONE));
  }

  DemoClips.Clip clip() {
    return clip;
  }

  void join() throws IOException {
    publisher.join();
  }

  /** Shows the others, who must have joined. */
  void watch() throws IOException {
    if (watcher.isEmpty()) {
      return;
    }
    watcher.get().join(Optional.empty());
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      slots.add(Slot.of(Integer.toString(2 * i), others.get(i), FIRST_OF_ITS_KIND));
      slots.add(Slot.of(Integer.toString(2 * i + 1), others.get(i), FIRST_OF_ITS_KIND));
    }
    watcher.get().show(slots);
  }

  void play() {
    publisher.play();
  }

  /** Waits until the clip has been played. */
  void awaitEnd() throws IOException {
    publisher.awaitEnd(length.plus(LATE));
  }

  /** Stays a moment so that what was lost is repaired, and is gone. */
  void stopPublishing() throws IOException {
    publisher.leave(SyntheticPublisher.USUAL_LINGER);
  }

  void stopWatching() throws IOException {
    if (watcher.isPresent()) {
      watcher.get().leave();
    }
  }

  /** What it did, by its own count. */
  DemoTally tally() {
    List<SentPacket> sent = publisher.sentLog().packets();
    return new DemoTally(clip, sent.size(), frames(sent, video), frames(sent, audio),
        watcher.map(client -> client.stats().packetsReceived()).orElse(0L),
        watcher.map(client -> client.stats().lostPackets()).orElse(0L));
  }

  @Override
  public void close() {
    publisher.close();
    watcher.ifPresent(SyntheticWatcher::close);
  }

  private static long frames(List<SentPacket> sent, PublishedTrack track) {
    return sent.stream().filter(packet -> packet.ssrc() == track.media().ssrc())
        .mapToLong(SentPacket::frameNumber).distinct().count();
  }

  private String token(Setting setting, String kind) throws IOException {
    return setting.api().token(kind, Map.of("room", setting.room(), "peer", clip.peer(), "record", setting.record(),
        "ttl", TOKEN_VALIDITY.toSeconds()));
  }
}
