package dev.tapedeck.standalone.browser;

import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.protocol.token.TokenKind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A performer in a room: one browser that publishes itself, watches others, or both. */
public final class Participant {
  private final BrowserRoom room;
  private final Performer performer;
  private final ChromiumPage page;

  Participant(BrowserRoom room, Performer performer, ChromiumPage page) {
    this.room = room;
    this.performer = performer;
    this.page = page;
  }

  /** How a performer publishes. Null means the browser's own choice, or nothing in between. */
  public record Publishing(String codec, boolean simulcast, boolean renumber, String relay) {
    public static final Publishing USUAL = new Publishing("video/VP8", false, false, null);

    public static Publishing of(String codec) {
      return new Publishing(codec, false, false, null);
    }

    /** Three layers q, h, f; only q is active at first. */
    public static Publishing inThreeLayers() {
      return new Publishing("video/VP8", true, false, null);
    }

    /** With payload types and extension ids no browser would choose. */
    public static Publishing renumbered() {
      return new Publishing("video/VP8", false, true, null);
    }

    /** All media to this address instead of the server's own. */
    public static Publishing through(ThrottledRelay relay) {
      return new Publishing("video/VP8", false, false, relay.address());
    }
  }

  public Performer performer() {
    return performer;
  }

  public ChromiumPage page() {
    return page;
  }

  public ConnectionDescription publish(Publishing how) {
    Map<String, Object> options = new LinkedHashMap<>(Map.of(
        "server", room.server(),
        "token", room.token(TokenKind.WHIP, performer.peer()),
        "width", performer.width,
        "height", performer.height,
        "simulcast", how.simulcast(),
        "renumber", how.renumber()));
    options.put("codec", how.codec());
    options.put("relay", how.relay());
    return page.call(ConnectionDescription.class, "publish", options);
  }

  public void awaitPublished() {
    Await.until(performer + " to connect as publisher",
        () -> publisherConnection().connectionState(), "connected"::equals);
  }

  public ConnectionDescription publisherConnection() {
    return page.call(ConnectionDescription.class, "publisherDescription");
  }

  public PublisherStats publisherStats() {
    return page.call(PublisherStats.class, "publisherStats");
  }

  /** Starts or stops one simulcast layer at its encoder. */
  public void setActive(String rid, boolean active) {
    page.call(Void.class, "setActive", rid, active);
  }

  /** Sends this browser's candidates; returns the HTTP status. @param match If-Match, null for the current tag */
  public int trickle(String match) {
    return page.call(Integer.class, "trickle", match);
  }

  public int restartPublisherIce() {
    return page.call(Integer.class, "restartIce");
  }

  /** Ends publishing; returns the HTTP status. */
  public int unpublish() {
    return page.call(Integer.class, "unpublish");
  }

  /** Watches with so many slots of each kind: mids count from 0, audio first. */
  public List<SlotView> watch(int audio, int video) {
    return watch(audio, video, null);
  }

  /** @param peer whom the first slots show, null for whoever is there */
  public List<SlotView> watch(int audio, int video, String peer) {
    Map<String, Object> options = new LinkedHashMap<>(Map.of(
        "server", room.server(),
        "token", room.token(TokenKind.WHEP, performer.peer()),
        "audio", audio,
        "video", video));
    options.put("peer", peer);
    return List.of(page.call(SlotView[].class, "watch", options));
  }

  public void awaitWatching() {
    Await.until(performer + " to connect as watcher",
        () -> watcherConnection().connectionState(), "connected"::equals);
  }

  public ConnectionDescription watcherConnection() {
    return page.call(ConnectionDescription.class, "watcherDescription");
  }

  /** One slot and whom it should show. */
  public record Wanted(String mid, String peer, String track) {
    public static Wanted of(int mid, Performer performer) {
      return new Wanted(Integer.toString(mid), performer.peer(), null);
    }
  }

  public List<SlotView> assign(Wanted... slots) {
    return List.of(page.call(SlotView[].class, "assign", Arrays.asList(slots)));
  }

  public List<SlotView> slots() {
    return List.of(page.call(SlotView[].class, "slots"));
  }

  public int restartWatcherIce() {
    return page.call(Integer.class, "restartWatcherIce");
  }

  public int unwatch() {
    return page.call(Integer.class, "unwatch");
  }

  public SlotStats slot(int mid) {
    return page.call(SlotStats.class, "slotStats", Integer.toString(mid));
  }

  public Timeline timeline(int mid) {
    return page.call(Timeline.class, "timeline", Integer.toString(mid));
  }

  /** Waits until the slot's picture has the performer's colour. */
  public void awaitColour(int mid, Performer expected) {
    Await.until(performer + " to see " + expected + " in slot " + mid,
        () -> page.call(Integer[].class, "colour", Integer.toString(mid)),
        rgb -> expected.isSeenIn(rgb == null ? null : Arrays.asList(rgb)));
  }

  /** Waits until the performer's tone is the loudest in the slot. */
  public void awaitTone(int mid, Performer expected) {
    Await.until(performer + " to hear " + expected + " in slot " + mid,
        () -> page.call(Double.class, "tone", Integer.toString(mid)), expected::isHeardIn);
  }

  /** Waits until so many more frames of the slot are decoded than now. */
  public void awaitMoreFrames(int mid, int frames) {
    long enough = slot(mid).framesDecoded() + frames;
    Await.until(performer + " to decode " + frames + " more frames in slot " + mid,
        () -> slot(mid).framesDecoded(), decoded -> decoded >= enough);
  }
}
