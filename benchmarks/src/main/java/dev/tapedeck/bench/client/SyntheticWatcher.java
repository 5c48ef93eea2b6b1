package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A participant that watches: joins by WHEP with any number of slots, receives, repairs, and counts.
 *
 * <p>Its methods block and belong to one (virtual) thread.
 */
public final class SyntheticWatcher implements AutoCloseable {
  private static final long KEY_FRAME_REQUEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final ClientLoop loop;
  private final WhepClient signaling;
  private final RtcClient client;
  private final List<OfferedMedia> media;
  private final Map<String, WatchedSlot> slots = new LinkedHashMap<>();
  private final Map<String, Long> askedForKeyFrameNanos = new LinkedHashMap<>();
  private boolean joined;

  /**
   * @param media m-lines to receive
   * @param sinks who takes the frames of an m-line, by its mid; called on the loop thread
   */
  public SyntheticWatcher(ClientLoop loop, HttpClient http, URI server, String token, RtcSettings settings,
      List<OfferedMedia> media, Function<String, FrameSink> sinks) {
    this.loop = loop;
    this.signaling = new WhepClient(http, server, token);
    this.client = new RtcClient(loop, settings);
    this.media = List.copyOf(media);
    for (OfferedMedia section : media) {
      String mid = section.mid();
      slots.put(mid, new WatchedSlot(section, sinks.apply(mid), () -> askAfterLoss(mid)));
    }
  }

  /** {@code peers} pairs of one audio and one VP8 video slot: mids 0 (audio), 1 (video), 2 (audio) and so on. */
  public static List<OfferedMedia> pairs(int peers) {
    List<OfferedMedia> media = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      media.add(OfferedMedia.receiving(Integer.toString(2 * i), MediaKind.AUDIO, List.of(Codec.opus(111))));
      media.add(OfferedMedia.receiving(Integer.toString(2 * i + 1), MediaKind.VIDEO, List.of(Codec.vp8(96, 97))));
    }
    return media;
  }

  /** Offers, connects, and returns when media can flow.
   *  @param peer whom the first slots show, empty for the first peer of the room */
  public void join(Optional<String> peer) throws IOException {
    String answer = signaling.watch(client.createOffer(media), peer);
    joined = true;
    client.connect(answer, slots::get);
  }

  /** Chooses what slots show, also while running. */
  public void show(List<WhepClient.Slot> chosen) throws IOException {
    signaling.putSlots(chosen);
  }

  public void requestKeyFrame(String mid) {
    client.requestKeyFrame(mid);
  }

  /** On the loop thread: one request per half second is enough for any number of lost packets. */
  private void askAfterLoss(String mid) {
    long nowNanos = loop.nowNanos();
    Long last = askedForKeyFrameNanos.get(mid);
    if (last == null || nowNanos - last >= KEY_FRAME_REQUEST_NANOS) {
      askedForKeyFrameNanos.put(mid, nowNanos);
      client.requestKeyFrame(mid);
    }
  }

  /** Moves to new sockets and credentials without an end of media. */
  public void restartIce() throws IOException {
    client.finishIceRestart(signaling.restartIce(client.beginIceRestart()));
  }

  public SessionStats stats() {
    return client.stats();
  }

  /** What an m-line carries. */
  public MediaKind kind(String mid) {
    return media.stream().filter(section -> section.mid().equals(mid)).findFirst().orElseThrow().kind();
  }

  public FrameStats frames(String mid) {
    return loop.call(slots.get(mid)::stats);
  }

  public RtcClient client() {
    return client;
  }

  public WhepClient signaling() {
    return signaling;
  }

  /** Deletes the WHEP resource and closes the connection. */
  public void leave() throws IOException {
    if (joined) {
      joined = false;
      try {
        signaling.delete();
      } finally {
        client.close();
      }
    }
  }

  @Override
  public void close() {
    joined = false;
    client.close();
  }
}
