package dev.tapedeck.standalone.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.lab.Await;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A performer who uses our client module in a browser of its own; see {@code browser/module.js}. */
public final class ModulePeer {
  private final Performer performer;
  private final ChromiumPage page;

  ModulePeer(Performer performer, ChromiumPage page) {
    this.performer = performer;
    this.page = page;
  }

  public String name() {
    return performer.peer();
  }

  public Performer performer() {
    return performer;
  }

  public ChromiumPage page() {
    return page;
  }

  /** This performer's track of that name, as others subscribe to it. */
  public Map<String, String> track(String track) {
    return Map.of("peer", name(), "name", track);
  }

  /**
   * Connects and joins.
   *
   * @param more options besides url, token, room and peer
   * @return the state, or code, message and finality of the error
   */
  public JsonNode connect(String url, String token, String room, Map<String, Object> more) {
    Map<String, Object> options = new LinkedHashMap<>(Map.of("url", url, "token", token, "room", room, "peer", name()));
    options.putAll(more);
    return page.call(JsonNode.class, "connect", options);
  }

  /** Calls a function of the page that returns nothing of interest. */
  public void run(String function, Object... arguments) {
    page.call(JsonNode.class, function, arguments);
  }

  public JsonNode ask(String function, Object... arguments) {
    return page.call(JsonNode.class, function, arguments);
  }

  /** What the meeting looks like now: state, peers, publications, speakers, recording, quality, slots. */
  public JsonNode view() {
    return ask("view");
  }

  public JsonNode awaitView(String what, Predicate<JsonNode> fits) {
    return Await.until(performer + " to see " + what, this::view, fits);
  }

  /** Names of all events the meeting told, in their order. */
  public List<String> eventNames() {
    return StreamSupport.stream(ask("events").spliterator(), false).map(event -> event.get(0).asText()).toList();
  }

  /** Waits for an event of this name whose first part fits. */
  public void awaitEvent(String name, Predicate<JsonNode> fits) {
    Await.until(performer + " to be told " + name, () -> ask("events"), all -> StreamSupport.stream(
        all.spliterator(), false).anyMatch(event -> event.get(0).asText().equals(name) && fits.test(event.path(1))));
  }

  /** Text of the last message, once there is one. */
  public String awaitMessage() {
    JsonNode messages = Await.until(performer + " to get a message", () -> ask("messages"), all -> !all.isEmpty());
    return messages.get(messages.size() - 1).path("text").asText();
  }

  public void awaitColour(String subscription, Performer expected) {
    Await.until(performer + " to see " + expected + " on " + subscription,
        () -> page.call(Integer[].class, "colour", subscription),
        rgb -> expected.isSeenIn(rgb == null ? null : Arrays.asList(rgb)));
  }

  public void awaitTone(String subscription, Performer expected) {
    Await.until(performer + " to hear " + expected + " on " + subscription,
        () -> page.call(Double.class, "tone", subscription), expected::isHeardIn);
  }

  public void awaitSlotTone(int slot, Performer expected) {
    Await.until(performer + " to hear " + expected + " on slot " + slot,
        () -> page.call(Double.class, "slotTone", slot), expected::isHeardIn);
  }

  /** Waits until the picture of a subscription is as wide as wanted. */
  public void awaitWidth(String subscription, Predicate<Integer> fits) {
    Await.until(performer + "'s picture on " + subscription + " to change its size",
        () -> page.call(Integer.class, "width", subscription), fits);
  }

  public void awaitStatus(String subscription, String status) {
    Await.until(performer + "'s " + subscription + " to be " + status,
        () -> ask("subscription", subscription).path("status").asText(), status::equals);
  }
}
