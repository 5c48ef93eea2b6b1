package dev.tapedeck.standalone.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Await;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A performer who uses the published SDK, unmodified, in a browser of its own. */
public final class SdkPeer {
  private final Performer performer;
  private final ChromiumPage page;

  SdkPeer(Performer performer, ChromiumPage page) {
    this.performer = performer;
    this.page = page;
  }

  /** What the SDK knows of its connection. */
  public record Connection(
      String state, String id, boolean isIceLite, String transport, String signaling, int lines) {}

  /** What a receiver shows. */
  public record Source(String peer, String track) {}

  /** A message as it came. */
  public record Message(String peer, String message) {}

  /** What one session begins with; names by kind. See {@code connect} in {@code browser/sdk.js}. */
  public record Plan(
      Map<String, String> senders,
      Map<String, String> silentSenders,
      List<String> receivers,
      Map<String, Source> sources) {
    private static final Map<String, String> USUAL_NAMES = Map.of("audio", "audio_main", "video", "video_main");

    /** Sends nothing, receives nothing. */
    public static final Plan IDLE = new Plan(Map.of(), Map.of(), List.of(), Map.of());

    /** Sends camera and microphone from the start, as {@code video_main} and {@code audio_main}. */
    public Plan sending() {
      return new Plan(USUAL_NAMES, silentSenders, receivers, sources);
    }

    /** Has m-lines for camera and microphone, and sends nothing on them yet. */
    public Plan ableToSend() {
      return new Plan(senders, USUAL_NAMES, receivers, sources);
    }

    /** Receivers are named {@code audio_0}, {@code video_1} and so on, by their place in this list. */
    public Plan receiving(String... kinds) {
      return new Plan(senders, silentSenders, List.of(kinds), sources);
    }

    /** Attaches a receiver before there is a connection. */
    public Plan attached(String receiver, Source source) {
      Map<String, Source> more = new LinkedHashMap<>(sources);
      more.put(receiver, source);
      return new Plan(senders, silentSenders, receivers, more);
    }
  }

  public Performer performer() {
    return performer;
  }

  public String name() {
    return performer.peer();
  }

  public ChromiumPage page() {
    return page;
  }

  /** This performer's camera, as others ask for it. */
  public Source camera() {
    return new Source(name(), "video_main");
  }

  public Source microphone() {
    return new Source(name(), "audio_main");
  }

  /** What this peer says of itself when it joins: it shows all and wants to know all. */
  public Map<String, Object> joining(String room) {
    return Map.of("room", room, "peer", name(), "metadata", "I am " + name(),
        "publish", Map.of("peer", true, "tracks", true), "subscribe", Map.of("peers", true, "tracks", true));
  }

  /** Connects and joins at once. */
  public Connection connect(String gateway, String token, String room, Plan plan) {
    return connect(gateway, token, joining(room), plan);
  }

  /** Connects and joins nothing. */
  public Connection connectOutside(String gateway, String token, Plan plan) {
    return connect(gateway, token, (Map<String, Object>) null, plan);
  }

  /** @param join as {@link #joining} makes it; null for none */
  public Connection connect(String gateway, String token, Map<String, Object> join, Plan plan) {
    Map<String, Object> options = new LinkedHashMap<>(Map.of("gateway", gateway, "token", token,
        "senders", plan.senders, "silentSenders", plan.silentSenders, "receivers", plan.receivers,
        "sources", plan.sources));
    options.put("join", join);
    return page.call(Connection.class, "connect", options);
  }

  /** How often the server told of the session itself: that it is connected, in a room, out of it, at its end. */
  public int sessionEvents() {
    return page.call(Integer.class, "sessionEvents");
  }

  public Connection connection() {
    return page.call(Connection.class, "connection");
  }

  public void join(String room, String token) {
    page.call(Void.class, "join", joining(room), token);
  }

  public void leave() {
    page.call(Void.class, "leave");
  }

  public void disconnect() {
    page.call(Void.class, "disconnect");
  }

  public Connection restartIce() {
    return page.call(Connection.class, "restartIce");
  }

  /** User fragment of the selected candidate pair. */
  public String iceUfrag() {
    return page.call(String.class, "iceUfrag");
  }

  /** Waits until media flow under other ICE credentials than these. */
  public void awaitOtherIceSession(String ufrag) {
    Await.until(performer + " to use new ICE credentials", this::iceUfrag,
        now -> !now.isEmpty() && !now.equals(ufrag));
  }

  /** Adds an m-line after the connection was made; returns its name. */
  public String addReceiver(String kind) {
    return page.call(String.class, "addReceiver", kind);
  }

  public void attach(String receiver, Source source) {
    page.call(Void.class, "attachReceiver", receiver, source);
  }

  public void configureReceiver(String receiver, Map<String, Integer> config) {
    page.call(Void.class, "configureReceiver", receiver, config);
  }

  public void detach(String receiver) {
    page.call(Void.class, "detachReceiver", receiver);
  }

  /** Adds an m-line after the connection was made, and sends on it. */
  public void addSender(String kind, String name) {
    page.call(Void.class, "addSender", kind, name);
  }

  public void attachSender(String kind, String name, String metadata) {
    page.call(Void.class, "attachSender", kind, name, metadata);
  }

  public void configureSender(String name, Map<String, Integer> config) {
    page.call(Void.class, "configureSender", name, config);
  }

  public void detachSender(String name) {
    page.call(Void.class, "detachSender", name);
  }

  public long packetsSent(String sender) {
    return page.call(Long.class, "packetsSent", sender);
  }

  /** Waits until so many more packets have left than now; returns how many have left in all. */
  public long awaitMorePackets(String sender, int packets) {
    long enough = packetsSent(sender) + packets;
    return Await.until(performer + " to send " + packets + " more packets on " + sender,
        () -> packetsSent(sender), sent -> sent >= enough);
  }

  public void openChannel(String label) {
    page.call(Void.class, "openChannel", label);
  }

  public void publish(String text) {
    page.call(Void.class, "publish", text);
  }

  public void closeChannel() {
    page.call(Void.class, "closeChannel");
  }

  public List<Message> awaitMessages(int count) {
    return Await.until(performer + " to get " + count + " messages",
        () -> List.of(page.call(Message[].class, "messages")), messages -> messages.size() >= count);
  }

  /** Sends a request of the session protocol; returns the error's name, or the branch of the response. */
  public String request(Map<String, Object> request) {
    return page.call(String.class, "request", request);
  }

  /** Waits for an event of the SDK, with these fields among its own. */
  public JsonNode awaitEvent(String name, Map<String, String> fields) {
    Predicate<JsonNode> fits = event -> event.path("name").asText().equals(name)
        && fields.entrySet().stream().allMatch(field ->
            event.path(field.getKey()).asText().equals(field.getValue()));
    return Await.until(performer + " to be told " + name + " " + fields, this::events,
        all -> all.stream().anyMatch(fits)).stream().filter(fits).findFirst().orElseThrow();
  }

  /** All events of the SDK so far, in their order. */
  public List<JsonNode> events() {
    return StreamSupport.stream(page.call(JsonNode.class, "events").spliterator(), false).toList();
  }

  /** Waits until the receiver's last status is this one. */
  public void awaitStatus(String receiver, Status status) {
    Await.until(performer + "'s " + receiver + " to be " + status,
        () -> Arrays.asList(page.call(Integer[].class, "statuses", receiver)),
        all -> !all.isEmpty() && all.getLast() != null && all.getLast() == status.ordinal());
  }

  /** Of a receiver, in the order of their numbers on the wire. */
  public enum Status { WAITING, ACTIVE, INACTIVE }

  public void awaitColour(String receiver, Performer expected) {
    Await.until(performer + " to see " + expected + " on " + receiver,
        () -> page.call(Integer[].class, "colour", receiver),
        rgb -> expected.isSeenIn(rgb == null ? null : Arrays.asList(rgb)));
  }

  public void awaitTone(String receiver, Performer expected) {
    Await.until(performer + " to hear " + expected + " on " + receiver,
        () -> page.call(Double.class, "tone", receiver), expected::isHeardIn);
  }

  public void awaitMoreFrames(String receiver, int frames) {
    long enough = framesDecoded(receiver) + frames;
    Await.until(performer + " to decode " + frames + " more frames on " + receiver,
        () -> framesDecoded(receiver), decoded -> decoded >= enough);
  }

  private long framesDecoded(String receiver) {
    return page.call(Long.class, "framesDecoded", receiver);
  }
}
